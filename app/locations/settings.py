"""What holds at a store: its own word, else its company's, else the environment's."""

from dataclasses import dataclass, fields
from datetime import time
from typing import Any

from flask import current_app

from app.locations.models import Location


@dataclass(frozen=True)
class StoreSettings:
    """A store's settings after inheritance. None: no level says anything."""

    ai_primary: str
    anthropic_model: str
    openai_model: str
    twilio_messaging_service_sid: str | None
    sms_number: str | None
    mail_from: str | None
    assistant_name: str | None
    assistant_tone: str | None
    texts_from: time | None = None
    texts_until: time | None = None
    most_texts_in_24_hours: int | None = None
    assistant_terms: str | None = None
    first_token_seconds: int | None = None
    stall_seconds: int | None = None


def settings_for(location: Location) -> StoreSettings:
    """The one reader of per-store settings: location, then company, then environment. An empty text counts as unset."""
    levels = (location.settings, location.company.settings, current_app.config["SETTINGS"])
    return StoreSettings(**{field.name: _first(levels, field.name) for field in fields(StoreSettings)})


def inherited_by(location: Location) -> StoreSettings:
    """What would hold at the store if it said nothing itself."""
    levels = (location.company.settings, current_app.config["SETTINGS"])
    return StoreSettings(**{field.name: _first(levels, field.name) for field in fields(StoreSettings)})


def _first(levels: tuple[Any, ...], name: str) -> Any:
    return next((value for level in levels if (value := getattr(level, name, None))), None)
