"""On which days other hours hold than the week's, with what they would leave free."""

from datetime import date, timedelta

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401
from app.booking import Change
from app.booking.availability import today_of
from app.db import db
from app.lib import clock
from app.locations.days import SpecialDaysRefused, add_special_days, remove_special_days, special_days_of
from app.locations.models import Location, SpecialDays
from app.staff import rules_form as forms
from app.staff.frame import blueprint
from app.staff.free_preview import Preview, preview_html, preview_of, refused_preview, service_groups
from app.staff.stores import store_or_404

LONGEST_PREVIEW = timedelta(days=31)


@blueprint.get("/stores/<int:location_id>/special-days")
@require_action("stores.edit")
def store_special_days(location_id: int) -> ResponseReturnValue:
    """The days to come on which other hours hold, and room for more."""
    return _days_page(store_or_404(location_id), forms.TypedDays("", "", "", True, [("", "")] * 2))


@blueprint.post("/stores/<int:location_id>/special-days")
@require_action("stores.edit")
def add_store_special_days(location_id: int) -> ResponseReturnValue:
    """Keep them; with `preview` only show what they would leave free. 422 for days that cannot be."""
    found, typed = store_or_404(location_id), forms.typed_days(request.form)
    if request.form.get("preview"):
        return _days_page(found, typed)
    try:
        first, last, hours = forms.read_days(typed)
        if first <= last < today_of(found, clock.now()):
            raise SpecialDaysRefused("That day is past.")
        add_special_days(found.id, typed.name, first, last, hours)
    except SpecialDaysRefused as refusal:
        db.session.rollback()
        return _days_page(store_or_404(location_id), typed, str(refusal)), 422
    return _days_saved(found, "added special days", {"name": typed.name, "first": typed.first, "last": typed.last})


@blueprint.post("/stores/<int:location_id>/special-days/preview")
@require_action("stores.edit")
def preview_store_special_days(location_id: int) -> ResponseReturnValue:
    """What the days of the form would leave free."""
    found = store_or_404(location_id)
    return preview_html(found, _days_preview(found, forms.typed_days(request.form)))


@blueprint.post("/stores/<int:location_id>/special-days/<int:days_id>/removal")
@require_action("stores.edit")
def remove_store_special_days(location_id: int, days_id: int) -> ResponseReturnValue:
    """Let the week hold again on these days."""
    found = store_or_404(location_id)
    days = db.session.get(SpecialDays, days_id) if days_id < 2**63 else None
    if days is None or days.location_id != found.id:
        abort(404)
    detail = {"name": days.name, "first": str(days.first_day), "last": str(days.last_day)}
    remove_special_days(days)
    return _days_saved(found, "removed special days", detail)


def _days_saved(found: Location, what: str, detail: dict[str, str]) -> ResponseReturnValue:
    location_id = found.id
    audit.record(staff_or_401(), what, f"store:{location_id}", clock.now(), {**detail})
    db.session.commit()
    return redirect(url_for("staff.store_special_days", location_id=location_id), 303)


def _days_preview(found: Location, typed: forms.TypedDays) -> Preview:
    today = today_of(found, clock.now())
    if not typed.first:
        return preview_of(found, Change(), request.form, clock.now())
    try:
        first, last, hours = forms.read_days(typed)
    except SpecialDaysRefused as refusal:
        return refused_preview(str(refusal))
    span = min(last - first, LONGEST_PREVIEW)
    special: dict[date, list[forms.Hours]] = {first + timedelta(n): hours for n in range(span.days + 1)}
    return preview_of(found, Change(special=special), request.form, clock.now(), max(today, first - timedelta(days=1)))


def _days_page(found: Location, typed: forms.TypedDays, problem: str = "") -> str:
    return render_template(
        "staff/stores_special_days.html",
        store=found,
        typed=typed,
        hours_words=forms.hours_words,
        coming=special_days_of(found.id, today_of(found, clock.now())),
        problem=problem,
        groups=service_groups(found),
        preview=_days_preview(found, typed),
    )
