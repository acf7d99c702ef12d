"""By which rules a store takes bookings, with what they would leave free."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import booking
from app.accounts import audit, require_action, staff_or_401
from app.booking import Change, RulesRefused
from app.booking.rule_writing import check_rules
from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.staff import rules_form as forms
from app.staff.frame import blueprint
from app.staff.free_preview import Preview, preview_html, preview_of, refused_preview, service_groups
from app.staff.stores import store_or_404


@blueprint.get("/stores/<int:location_id>/booking-rules")
@require_action("stores.edit")
def store_rules(location_id: int) -> ResponseReturnValue:
    """The rules as they are."""
    found = store_or_404(location_id)
    return _rules_page(found, forms.typed_rules(booking.plan_of(booking.rules_of(found.id))))


@blueprint.post("/stores/<int:location_id>/booking-rules")
@require_action("stores.edit")
def save_store_rules(location_id: int) -> ResponseReturnValue:
    """Keep them; with `preview` only show what they would leave free. 422 for rules that cannot be."""
    found, typed = store_or_404(location_id), {name: request.form.get(name, "") for name in forms.FIELDS}
    if request.form.get("preview"):
        return _rules_page(found, typed)
    try:
        plan = forms.read_rules(request.form)
        changed = booking.write_rules(found, plan)
    except RulesRefused as refusal:
        db.session.rollback()
        return _rules_page(store_or_404(location_id), typed, forms.by_field(refusal.fields)), 422
    if changed:
        audit.record(staff_or_401(), "changed booking rules", f"store:{found.id}", clock.now(), typed)
    db.session.commit()
    return redirect(url_for("staff.store", location_id=location_id), 303)


@blueprint.post("/stores/<int:location_id>/booking-rules/preview")
@require_action("stores.edit")
def preview_store_rules(location_id: int) -> ResponseReturnValue:
    """What the rules of the form would leave free."""
    found = store_or_404(location_id)
    return preview_html(found, _rules_preview(found, request.form))


def _rules_preview(found: Location, form: Mapping[str, str]) -> Preview:
    try:
        plan = forms.read_rules(form)
        check_rules(plan, [(row.weekday, row.opens, row.closes) for row in found.hours])
    except RulesRefused:
        return refused_preview("These rules cannot be yet.")
    return preview_of(found, Change(rules=plan.rules), request.form, clock.now())


def _rules_page(found: Location, typed: dict[str, str], errors: dict[str, str] | None = None) -> str:
    return render_template(
        "staff/stores_rules.html",
        store=found,
        typed=typed,
        errors=errors or {},
        problem="Not saved: some rules below cannot be." if errors else "",
        groups=service_groups(found),
        preview=_rules_preview(found, typed),
    )
