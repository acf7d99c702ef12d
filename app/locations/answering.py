"""Writing how a store's customers are answered: by which provider and model, how long it may be silent, and on which
terms of business."""

from collections.abc import Mapping
from typing import Any

from app.db import db
from app.locations.models import Company, CompanySettings, Location, LocationSettings
from app.locations.writing import SettingsRefused

MODELS = ("anthropic_model", "openai_model")
# Seconds: less fails over from providers that are well, more leaves the customer before a silent page.
PATIENCE = {"first_token_seconds": (2, 30), "stall_seconds": (3, 60)}
ANSWERING = ("ai_primary", *MODELS, *PATIENCE, "assistant_terms")
PRIMARIES = ("anthropic", "openai")
LONGEST_MODEL = 60
LONGEST_TERMS = 2000


def write_answering(level: Company | Location, given: Mapping[str, str]) -> dict[str, Any]:
    """Set the fields of ANSWERING that are given, of a company or a store; an empty one inherits.

    Returns what changed, by name. Raises SettingsRefused, having set none.
    """
    typed = {name: given[name].replace("\x00", "").strip() for name in ANSWERING if name in given}
    odd = {name: why for name, value in typed.items() if value and (why := _odd(name, value))}
    if odd:
        raise SettingsRefused(odd)
    settings = _settings_of(level)
    values = {name: (int(value) if name in PATIENCE else value) if value else None for name, value in typed.items()}
    changed = {name: value for name, value in values.items() if getattr(settings, name) != value}
    for name, value in changed.items():
        setattr(settings, name, value)
    db.session.flush()
    return changed


def _odd(name: str, value: str) -> str:
    """What is wrong with the value, in words for whoever typed it; empty when nothing is."""
    if name == "ai_primary":
        return "" if value in PRIMARIES else "Choose Anthropic or OpenAI."
    if name in PATIENCE:
        least, most = PATIENCE[name]
        whole = value.isascii() and value.isdigit() and len(value) < 4
        return "" if whole and least <= int(value) <= most else f"Whole seconds, from {least} to {most}."
    if name == "assistant_terms":
        return f"At most {LONGEST_TERMS} characters." if len(value) > LONGEST_TERMS else ""
    if len(value) > LONGEST_MODEL:
        return f"At most {LONGEST_MODEL} letters."
    return "As its provider writes it, without spaces." if " " in value else ""


def _settings_of(level: Company | Location) -> CompanySettings | LocationSettings:
    if level.settings is None and isinstance(level, Company):
        level.settings = CompanySettings(company_id=level.id)
    elif level.settings is None:
        level.settings = LocationSettings(location_id=level.id)
    assert level.settings is not None
    return level.settings
