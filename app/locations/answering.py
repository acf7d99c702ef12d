"""Writing who answers a store's customers: the provider asked first, and each provider's model."""

from collections.abc import Mapping
from typing import Any

from app.db import db
from app.locations.models import Company, CompanySettings, Location, LocationSettings
from app.locations.writing import SettingsRefused

ANSWERING = ("ai_primary", "anthropic_model", "openai_model")
PRIMARIES = ("anthropic", "openai")
LONGEST_MODEL = 60


def write_answering(level: Company | Location, given: Mapping[str, str]) -> dict[str, Any]:
    """Set the fields of ANSWERING that are given, of a company or a store; an empty one inherits.

    Returns what changed, by name. Raises SettingsRefused, having set none.
    """
    values = {name: given[name].replace("\x00", "").strip() or None for name in ANSWERING if name in given}
    odd = {name: "At most 60 letters." for name, value in values.items() if value and len(value) > LONGEST_MODEL}
    odd |= {
        name: "As its provider writes it, without spaces." for name, value in values.items() if value and " " in value
    }
    if (values.get("ai_primary") or PRIMARIES[0]) not in PRIMARIES:
        odd["ai_primary"] = "Choose Anthropic or OpenAI."
    if odd:
        raise SettingsRefused(odd)
    settings = _settings_of(level)
    changed = {name: value for name, value in values.items() if getattr(settings, name) != value}
    for name, value in changed.items():
        setattr(settings, name, value)
    db.session.flush()
    return changed


def _settings_of(level: Company | Location) -> CompanySettings | LocationSettings:
    if level.settings is None and isinstance(level, Company):
        level.settings = CompanySettings(company_id=level.id)
    elif level.settings is None:
        level.settings = LocationSettings(location_id=level.id)
    assert level.settings is not None
    return level.settings
