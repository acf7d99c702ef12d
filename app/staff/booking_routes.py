"""Staff book for a caller, in one form: each button but Book only shows it again with what follows from it."""

from dataclasses import dataclass, field
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app import booking
from app.accounts import audit, require_action, staff_or_401
from app.booking import BookingRefused, Slot, work_of
from app.booking.bays import bays_of
from app.db import db
from app.lib import clock
from app.staff.calendar_access import chosen_store_or_404
from app.staff.frame import blueprint
from app.staff.visit_form import VisitForm, read_form
from app.staff.visit_times import by_day, free_days, refusal_words
from app.staff.visit_wish import VisitRefused, quoted, some_bay_does, wish_of


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing was booked: in words, by field, and what is free instead."""

    words: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    instead: tuple[Slot, ...] = ()


NONE = Problem()


@blueprint.get("/calendar/appointments/new")
@require_action("appointments.edit")
def new_appointment() -> ResponseReturnValue:
    """An empty form, for a day (`day`), and for a lead where one is named (`lead`)."""
    given = MultiDict(request.args)
    if given.get("lead"):
        given["choose_lead"] = given["lead"]
    return _page(_form(given))


@blueprint.post("/calendar/appointments")
@require_action("appointments.edit")
def book_appointment() -> ResponseReturnValue:
    """Book it, once however often it is sent; without `book` show the form again. 422 or 409 with the reason."""
    form, staff, now = _form(request.form), staff_or_401(), clock.now()
    if not request.form.get("book"):
        return _page(form)
    try:
        wish = wish_of(form, quoted(form.store, form.service_ids, form.lead), staff)
        booking.freshen(wish.location_id, wish.starts_at, now)
        visit = booking.book(wish, now)
    except VisitRefused as refusal:
        return _page(form, Problem("Not booked yet: something is missing below.", refusal.fields)), 422
    except BookingRefused as refusal:
        db.session.rollback()
        return _page(_form(request.form), Problem(refusal_words(refusal), {}, refusal.slots)), 409
    public_id = visit.public_id
    audit.record(staff, "booked a visit", f"appointment:{public_id}", now)
    db.session.commit()
    address = url_for("staff.appointment", public_id=public_id)
    # htmx takes the form's own page whole, and would follow a redirect without the browser's address changing.
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)


def _form(given: MultiDict[str, str]) -> VisitForm:
    return read_form(staff_or_401(), chosen_store_or_404(), given, clock.now())


def _page(form: VisitForm, problem: Problem = NONE) -> str:
    now = clock.now()
    services = quoted(form.store, form.service_ids, form.lead)
    when: dict[str, Any] = {"days": [], "possible": True}
    if services:
        possible = some_bay_does(form.store, services)
        when = {"days": free_days(form.store, work_of(services), now, form.since) if possible else []}
        when["possible"] = possible
    return render_template(
        "staff/appointment_new.html",
        form=form,
        store=form.store,
        services=services,
        total=booking.total(services) if services else None,
        minutes=sum(service.minutes for service in services),
        bays=bays_of(form.store.id),
        ahead=booking.visit_ahead(form.lead.id, now) if form.lead else None,
        problem=problem,
        instead=by_day(problem.instead),
        **when,
    )
