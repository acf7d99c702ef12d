"""One visit: what it is, and moving, cancelling or closing it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import booking
from app.accounts import audit, require_action, staff_or_401
from app.booking import BookingRefused, Slot
from app.booking.models import Appointment
from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.staff.appointment_page import page_of
from app.staff.calendar import parse_day
from app.staff.calendar_access import appointment_or_404
from app.staff.frame import blueprint
from app.staff.visit_times import TimeForm, TimeRefused, refusal_words

LONGEST_WHY = 200
Deed = Callable[[Appointment, str, datetime], object]


@blueprint.get("/calendar/appointments/<public_id>")
@require_action("calendar.read")
def appointment(public_id: str) -> ResponseReturnValue:
    """The visit with its history, and what can be done."""
    return _page(appointment_or_404(public_id))


@blueprint.post("/calendar/appointments/<public_id>/moves")
@require_action("appointments.edit")
def move_appointment(public_id: str) -> ResponseReturnValue:
    """Another time or bay; or only show the free times from another day on. 422 for no time, 409 for one not free."""
    visit = appointment_or_404(public_id)
    if request.form.get("show"):
        return _page(visit, typed=True)

    def moved(visit: Appointment, why: str, now: datetime) -> object:
        store = db.session.get_one(Location, visit.location_id)
        times = TimeForm.of(request.form, visit.starts_at.date()).chosen(store.timezone)
        actor = booking.staff(staff_or_401().name)
        booking.freshen(store.id, times.starts_at, now)
        return booking.move(visit.id, times.starts_at, actor, now, why, times.bay_id)

    return _do(visit, "moved a visit", moved, why_needed="Say why it is moved.")


@blueprint.post("/calendar/appointments/<public_id>/cancellation")
@require_action("appointments.edit")
def cancel_appointment(public_id: str) -> ResponseReturnValue:
    """Cancel a visit, or let a hold go."""
    return _do(
        appointment_or_404(public_id),
        "cancelled a visit",
        lambda visit, why, now: booking.cancel(visit.id, booking.staff(staff_or_401().name), now, why),
        why_needed="Say why it is cancelled.",
    )


@blueprint.post("/calendar/appointments/<public_id>/no-show")
@require_action("appointments.edit")
def note_no_show(public_id: str) -> ResponseReturnValue:
    """Nobody came."""
    return _do(
        appointment_or_404(public_id),
        "noted a no-show",
        lambda visit, why, now: booking.no_show(visit.id, booking.staff(staff_or_401().name), now, why),
    )


@blueprint.post("/calendar/appointments/<public_id>/completion")
@require_action("appointments.edit")
def complete_appointment(public_id: str) -> ResponseReturnValue:
    """The work is done."""
    return _do(
        appointment_or_404(public_id),
        "noted a visit as done",
        lambda visit, why, now: booking.done(visit.id, booking.staff(staff_or_401().name), now, why),
    )


def _do(visit: Appointment, action: str, deed: Deed, why_needed: str = "") -> ResponseReturnValue:
    """Do it with its audit entry; else the page with the reason, what was typed, and the times that are free."""
    why, now, public_id = " ".join(request.form.get("why", "").split())[:LONGEST_WHY], clock.now(), visit.public_id
    if why_needed and not why:
        return _page(visit, why_needed, typed=True), 422
    try:
        deed(visit, why, now)
        audit.record(staff_or_401(), action, f"appointment:{public_id}", now, {"why": why} if why else None)
        db.session.commit()
    except TimeRefused as refusal:
        db.session.rollback()
        return _page(appointment_or_404(public_id), str(refusal), typed=True), 422
    except BookingRefused as refusal:
        db.session.rollback()
        words = refusal_words(refusal)
        return _page(appointment_or_404(public_id), words, typed=True, instead=refusal.slots), 409
    return redirect(url_for("staff.appointment", public_id=public_id), 303)


def _page(visit: Appointment, problem: str = "", typed: bool = False, instead: Sequence[Slot] = ()) -> str:
    now, form = clock.now(), request.form if typed else {}
    shown = form.get("since", "")
    since = parse_day(shown, now.date()) if shown else None
    moving = "on" in form
    page = page_of(visit, now, form if moving else {}, since, instead)
    return render_template("staff/appointment.html", page=page, problem=problem, moving=moving, why=form.get("why", ""))
