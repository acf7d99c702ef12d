"""When and how often people are texted: what the law allows, and what a store or the company narrows."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, may, require_action, staff_or_401
from app.db import db
from app.lib import clock
from app.lib.regions import REGIONS
from app.locations.models import Company, CompanySettings, Location, LocationSettings
from app.locations.settings import inherited_by
from app.locations.texting import FIELDS, MOST, texting_from, write_texting
from app.locations.writing import SettingsRefused
from app.messaging import law
from app.staff.frame import blueprint
from app.staff.stores import store_or_404


@blueprint.get("/stores/<int:location_id>/texting")
@require_action("stores.edit")
def store_texting(location_id: int) -> ResponseReturnValue:
    """What a store narrows."""
    found = store_or_404(location_id)
    return _store_page(found, _typed(found.settings))


@blueprint.post("/stores/<int:location_id>/texting")
@require_action("stores.edit")
def save_store_texting(location_id: int) -> ResponseReturnValue:
    """Keep it; what is emptied inherits again. 422 for what is wider than the law."""
    found = store_or_404(location_id)
    try:
        values = texting_from(request.form)
    except SettingsRefused as refusal:
        return _store_page(found, request.form, refusal.fields), 422
    write_texting(found, values)
    audit.record(staff_or_401(), "changed texting hours", f"store:{location_id}", clock.now(), _words(values))
    db.session.commit()
    return redirect(url_for("staff.store", location_id=location_id), 303)


@blueprint.get("/texting")
@require_action("stores.edit")
def texting() -> ResponseReturnValue:
    """The law as it is applied, and what the company narrows."""
    return _company_page(_typed(_company().settings))


@blueprint.post("/texting")
@require_action("stores.add")
def save_texting() -> ResponseReturnValue:
    """Keep what the company narrows for all its stores. 422 for what is wider than the law."""
    try:
        values = texting_from(request.form)
    except SettingsRefused as refusal:
        return _company_page(request.form, refusal.fields), 422
    company = _company()
    write_texting(company, values)
    audit.record(staff_or_401(), "changed texting hours", f"company:{company.id}", clock.now(), _words(values))
    db.session.commit()
    return redirect(url_for("staff.texting"), 303)


def _company() -> Company:
    return db.session.get_one(Company, staff_or_401().company_id)


def _typed(settings: LocationSettings | CompanySettings | None) -> dict[str, str]:
    return _words({name: getattr(settings, name, None) for name in FIELDS})


def _words(values: Mapping[str, time | int | None]) -> dict[str, str]:
    """The values as the form writes them."""
    return {
        name: f"{value:%H:%M}" if isinstance(value, time) else str(value) if value else ""
        for name, value in values.items()
    }


def _store_page(found: Location, values: Mapping[str, Any], errors: Mapping[str, str] | None = None) -> str:
    inherited = inherited_by(found)
    return render_template(
        "staff/stores_texting.html",
        store=found,
        values=values,
        errors=errors or {},
        inherited=_words({name: getattr(inherited, name) for name in FIELDS}),
        most=MOST,
    )


def _company_page(values: Mapping[str, Any], errors: Mapping[str, str] | None = None) -> str:
    laws = [("Everywhere", law.HOUSE), ("United States", law.UNITED_STATES), ("Canada", law.CANADA)]
    laws += [(REGIONS[code][0], row) for code, row in law.STATES.items()]
    return render_template(
        "staff/texting.html",
        values=values,
        errors=errors or {},
        laws=laws,
        may_edit=may(staff_or_401(), "stores.add"),
        most=MOST,
        never=law.NEVER,
    )
