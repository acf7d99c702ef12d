"""What only a store's people know: its hours, bays, look and senders."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401
from app.booking import Change
from app.booking.bays import BaysRefused, bays_of, save_bays
from app.booking.models import ABILITIES
from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.locations.settings import inherited_by
from app.locations.week import HoursRefused, check_week
from app.locations.writing import SettingsRefused, write_hours, write_settings
from app.staff import stores_forms as forms
from app.staff.frame import blueprint
from app.staff.free_preview import Preview, preview_html, preview_of, refused_preview, service_groups
from app.staff.stores import store_or_404

SCREENS = {
    "look": ("tagline", "brand_color", "assistant_name", "assistant_tone"),
    "senders": ("sms_number", "twilio_messaging_service_sid", "mail_from"),
}


@blueprint.get("/stores/<int:location_id>/hours")
@require_action("stores.edit")
def store_hours(location_id: int) -> ResponseReturnValue:
    """The week, with breaks."""
    found = store_or_404(location_id)
    return _hours_page(found, forms.week_of(found.hours))


@blueprint.post("/stores/<int:location_id>/hours")
@require_action("stores.edit")
def save_store_hours(location_id: int) -> ResponseReturnValue:
    """Keep the week; or only fill the form with Monday's hours. 422 for hours that cannot be."""
    found, typed = store_or_404(location_id), forms.typed_week(request.form)
    if request.form.get("preview"):
        return _hours_page(found, typed)
    if request.form.get("copy"):
        return _hours_page(found, forms.copied_to_weekdays(typed), note="Copied. Not saved yet.")
    try:
        write_hours(found, forms.stretches(typed))
    except HoursRefused as refusal:
        db.session.rollback()
        return _hours_page(store_or_404(location_id), typed, refusal.days), 422
    return _saved(found, "hours", {"stretches": len(found.hours)})


@blueprint.post("/stores/<int:location_id>/hours/preview")
@require_action("stores.edit")
def preview_store_hours(location_id: int) -> ResponseReturnValue:
    """What the hours of the form would leave free."""
    found = store_or_404(location_id)
    return preview_html(found, _hours_preview(found, forms.typed_week(request.form)))


@blueprint.get("/stores/<int:location_id>/bays")
@require_action("stores.edit")
def store_bays(location_id: int) -> ResponseReturnValue:
    """The bays, and room for more."""
    found = store_or_404(location_id)
    return _bays_page(found, forms.bay_rows(bays_of(found.id)))


@blueprint.post("/stores/<int:location_id>/bays")
@require_action("stores.edit")
def save_store_bays(location_id: int) -> ResponseReturnValue:
    """Keep the bays; one whose name was emptied goes. 422 for bays that cannot be."""
    found, plans = store_or_404(location_id), forms.bay_plans(request.form)
    try:
        save_bays(found.id, plans)
    except BaysRefused as refusal:
        db.session.rollback()
        return _bays_page(store_or_404(location_id), forms.with_blanks(plans), str(refusal)), 422
    return _saved(found, "bays", {"bays": [plan.name for plan in plans]})


@blueprint.get("/stores/<int:location_id>/look")
@require_action("stores.edit")
def store_look(location_id: int) -> ResponseReturnValue:
    """How the store shows itself, and its assistant."""
    return _settings(location_id, "look")


@blueprint.post("/stores/<int:location_id>/look")
@require_action("stores.edit")
def save_store_look(location_id: int) -> ResponseReturnValue:
    """Keep it; what is emptied inherits again. 422 for values that cannot be."""
    return _save_settings(location_id, "look")


@blueprint.get("/stores/<int:location_id>/senders")
@require_action("stores.edit")
def store_senders(location_id: int) -> ResponseReturnValue:
    """From where its texts and mail come."""
    return _settings(location_id, "senders")


@blueprint.post("/stores/<int:location_id>/senders")
@require_action("stores.edit")
def save_store_senders(location_id: int) -> ResponseReturnValue:
    """Keep them; what is emptied inherits again. 422 for values that cannot be."""
    return _save_settings(location_id, "senders")


def _settings(location_id: int, screen: str) -> ResponseReturnValue:
    found = store_or_404(location_id)
    own = {name: getattr(found, name, None) or getattr(found.settings, name, None) for name in SCREENS[screen]}
    return _settings_page(found, screen, own)


def _save_settings(location_id: int, screen: str) -> ResponseReturnValue:
    found = store_or_404(location_id)
    given = {name: request.form.get(name, "") for name in SCREENS[screen] if name in request.form}
    try:
        changed = write_settings(found, given)
    except SettingsRefused as refusal:
        db.session.rollback()
        return _settings_page(store_or_404(location_id), screen, given, refusal.fields), 422
    return _saved(found, screen, changed)


def _saved(found: Location, what: str, detail: dict[str, object]) -> ResponseReturnValue:
    location_id = found.id
    audit.record(staff_or_401(), f"changed {what}", f"store:{location_id}", clock.now(), detail)
    db.session.commit()
    return redirect(url_for("staff.store", location_id=location_id), 303)


def _hours_page(found: Location, typed: forms.Typed, errors: dict[int, str] | None = None, note: str = "") -> str:
    return render_template(
        "staff/stores_hours.html",
        store=found,
        days=forms.day_rows(typed, errors),
        note=note,
        groups=service_groups(found),
        preview=_hours_preview(found, typed),
    )


def _hours_preview(found: Location, typed: forms.Typed) -> Preview:
    try:
        weekly = check_week(forms.stretches(typed))
    except HoursRefused:
        return refused_preview("These hours cannot be yet.")
    return preview_of(found, Change(weekly=weekly), request.form, clock.now())


def _bays_page(found: Location, rows: list[forms.BayPlan], problem: str = "") -> str:
    return render_template("staff/stores_bays.html", store=found, rows=rows, abilities=ABILITIES, problem=problem)


def _settings_page(
    found: Location, screen: str, values: Mapping[str, str | None], errors: dict[str, str] | None = None
) -> str:
    return render_template(
        f"staff/stores_{screen}.html",
        store=found,
        values=values,
        errors=errors or {},
        inherited=inherited_by(found),
    )
