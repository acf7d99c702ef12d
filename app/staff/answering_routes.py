"""Who answers, on which terms of business, and how much it may cost: for the company, or for one store."""

from collections.abc import Mapping
from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401, visible_locations
from app.assistant.brief import forget_stores
from app.db import db
from app.lib import clock
from app.lib.text import whole_number
from app.locations.answering import ANSWERING, write_answering
from app.locations.models import Company, Location
from app.locations.settings import inherited_by
from app.locations.writing import SettingsRefused
from app.staff.frame import blueprint
from app.staff.limit_forms import LimitsRefused, limits_above, own_limits, write_limits
from app.staff.stores import store_or_404


@blueprint.get("/answering")
@require_action("assistant.edit")
def answering() -> ResponseReturnValue:
    """Models and limits of the company; with `store`, of that store."""
    return _page(_store())


@blueprint.post("/answering/models")
@require_action("assistant.edit")
def save_models() -> ResponseReturnValue:
    """Keep them; what is emptied inherits. 422 for values that cannot be."""
    return _save_answering("changed who answers")


@blueprint.post("/answering/terms")
@require_action("assistant.edit")
def save_terms() -> ResponseReturnValue:
    """Keep what the assistant may say of terms of business; emptied, they inherit. 422 for too long ones."""
    return _save_answering("changed the terms of business")


@blueprint.post("/answering/limits")
@require_action("assistant.edit")
def save_limits() -> ResponseReturnValue:
    """Keep them; what is emptied inherits. 422 for values that cannot be."""
    store = _store()
    try:
        kept = write_limits(staff_or_401().company_id, store.id if store else None, request.form)
    except LimitsRefused as refusal:
        db.session.rollback()
        return _page(_store(), refusal.fields, request.form), 422
    return _saved(store, "changed spending limits", kept)


def _save_answering(what: str) -> ResponseReturnValue:
    store = _store()
    try:
        changed = write_answering(store or _company(), request.form)
    except SettingsRefused as refusal:
        db.session.rollback()
        return _page(_store(), refusal.fields, request.form), 422
    forget_stores()
    return _saved(store, what, changed)


def _saved(store: Location | None, what: str, detail: dict[str, Any]) -> ResponseReturnValue:
    staff = staff_or_401()
    store_id = store.id if store else None
    subject = f"store:{store_id}" if store_id else f"company:{staff.company_id}"
    audit.record(staff, what, subject, clock.now(), detail)
    db.session.commit()
    return redirect(url_for("staff.answering", store=store_id), 303)


def _page(
    store: Location | None, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> str:
    staff = staff_or_401()
    stores = visible_locations(staff)
    level: Any = (store or _company()).settings
    models = {name: getattr(level, name, None) for name in ANSWERING}
    limits: Any = own_limits(staff.company_id, store.id if store else None)
    return render_template(
        "staff/answering.html",
        store=store,
        store_options=[("", "The whole company"), *((str(one.id), one.name) for one in stores)],
        models={**models, **(typed or {})},
        limits=typed if typed and "day_turns" in typed else limits,
        inherited=inherited_by(store) if store else current_app.config["SETTINGS"],
        above=limits_above(staff.company_id, store.id if store else None),
        errors=errors or {},
    )


def _store() -> Location | None:
    asked = request.values.get("store", "")
    if not asked:
        return None
    location_id = whole_number(asked)
    return abort(404) if location_id is None else store_or_404(location_id)


def _company() -> Company:
    return db.session.get_one(Company, staff_or_401().company_id)
