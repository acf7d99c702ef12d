"""Writing what a store's people decide: hours, look, and senders. An emptied setting is NULL, and inherits again."""

import re
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from typing import Any

from app.db import db
from app.lib.phone import normalise
from app.lib.refusals import FieldsRefused
from app.locations.hours import Stretch
from app.locations.models import Location, LocationSettings, OpeningHours
from app.locations.week import check_week
from app.web.colour import parse

LONGEST = {"tagline": 120, "assistant_name": 40, "assistant_tone": 300}
LOOK = ("tagline", "brand_color", "assistant_name", "assistant_tone")
SENDERS = ("sms_number", "twilio_messaging_service_sid", "mail_from")


class SettingsRefused(FieldsRefused):
    """These values cannot be settings."""


def write_hours(store: Location, hours: Sequence[Stretch]) -> None:
    """Make the week exactly this; none at all means that the hours are not known. Raises HoursRefused."""
    checked = check_week(hours)
    store.hours = [OpeningHours(weekday=day, opens=opens, closes=closes) for day, opens, closes in checked]
    db.session.flush()


def write_settings(store: Location, given: Mapping[str, str]) -> dict[str, Any]:
    """Set the given fields of LOOK and SENDERS; what changed, by name. Raises SettingsRefused, having set none."""
    values: dict[str, str | None] = {}
    odd: dict[str, str] = {}
    for name in (*LOOK, *SENDERS):
        if name in given:
            try:
                values[name] = _checked(name, given[name].strip())
            except ValueError as error:
                odd[name] = str(error)
    if odd:
        raise SettingsRefused(odd)
    return {name: value for name, value in values.items() if _set(store, name, value)}


def _set(store: Location, name: str, value: str | None) -> bool:
    target: Location | LocationSettings = store
    if not hasattr(store, name):
        if store.settings is None:
            store.settings = LocationSettings(location_id=store.id)
        target = store.settings
    if getattr(target, name) == value:
        return False
    setattr(target, name, value)
    db.session.flush()
    return True


def _checked(name: str, value: str) -> str | None:
    """The value as it is kept. Raises ValueError with words for whoever typed it."""
    if "\x00" in value or len(value) > LONGEST.get(name, 200):
        raise ValueError(f"At most {LONGEST.get(name, 200)} characters.")
    if name == "brand_color":
        return _colour(value)
    if not value:
        return None
    if name == "sms_number":
        return normalise(value) or _refuse("Write a number that can send texts, like (954) 555-0100.")
    if name == "twilio_messaging_service_sid" and not re.fullmatch(r"MG[0-9a-fA-F]{32}", value):
        return _refuse("A Messaging Service id is MG and 32 letters and digits.")
    if name == "mail_from" and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", parseaddr(value)[1]):
        return _refuse("Write an email address, like hello@example.com.")
    return value


def _colour(value: str) -> str:
    try:
        return parse(value).hex
    except ValueError:
        return _refuse("Choose a color, like #1f2937.")


def _refuse(why: str) -> str:
    raise ValueError(why)
