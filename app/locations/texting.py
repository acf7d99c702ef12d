"""How a store, or its whole company, narrows when and how often people are texted. The law itself cannot be widened."""

import re
from collections.abc import Mapping
from datetime import time

from app.db import db
from app.lib.text import whole_number
from app.locations.models import Company, CompanySettings, Location, LocationSettings
from app.locations.settings import settings_for
from app.locations.writing import SettingsRefused
from app.messaging.law import HOUSE
from app.messaging.quiet_hours import Limits

FIELDS = ("texts_from", "texts_until", "most_texts_in_24_hours")

EARLIEST, LATEST = HOUSE.week[0]
MOST = HOUSE.most_in_24_hours or 1


def limits_of(location_id: int) -> Limits:
    """What the store adds to the law, after inheritance."""
    settings = settings_for(db.session.get_one(Location, location_id))
    return Limits(settings.texts_from, settings.texts_until, settings.most_texts_in_24_hours)


def texting_from(form: Mapping[str, str]) -> dict[str, time | int | None]:
    """The typed limits; an empty field inherits. Raises SettingsRefused for what is no limit, or wider than the law."""
    values: dict[str, time | int | None] = {}
    odd: dict[str, str] = {}
    for name in FIELDS:
        try:
            values[name] = _checked(name, form.get(name, "").strip())
        except ValueError as error:
            odd[name] = str(error)
    begin, end = values.get("texts_from"), values.get("texts_until")
    if isinstance(begin, time) and isinstance(end, time) and begin >= end:
        odd["texts_until"] = "This is not after the first hour: no text would ever go out."
    if odd:
        raise SettingsRefused(odd)
    return values


def write_texting(whose: Location | Company, values: Mapping[str, time | int | None]) -> None:
    """Keep the limits of a store or of the whole company. Flushes."""
    if whose.settings is None:
        if isinstance(whose, Location):
            whose.settings = LocationSettings(location_id=whose.id)
        else:
            whose.settings = CompanySettings(company_id=whose.id)
    for name in FIELDS:
        setattr(whose.settings, name, values[name])
    db.session.flush()


def _checked(name: str, value: str) -> time | int | None:
    if not value:
        return None
    if name == "most_texts_in_24_hours":
        return _number(value)
    if not re.fullmatch(r"\d\d:\d\d", value, re.ASCII):
        raise ValueError("Write a time, like 10:00.")
    try:
        at = time.fromisoformat(value)
    except ValueError:
        raise ValueError("Write a time, like 10:00.") from None
    if not EARLIEST <= at <= LATEST:
        raise ValueError(f"Texts may go out from {_words(EARLIEST)} to {_words(LATEST)} at most.")
    return at


def _number(value: str) -> int:
    number = whole_number(value, MOST)
    if not number:
        raise ValueError(f"At most {MOST} texts in 24 hours are allowed: choose 1 to {MOST}.")
    return number


def _words(at: time) -> str:
    return f"{at:%I:%M %p}".lstrip("0")
