"""What staff say about themselves: their name, and how they want to hear of a customer who waits."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from app.accounts.models import ALERT_BY, StaffUser
from app.db import db
from app.lib.phone import normalise
from app.lib.refusals import FieldsRefused
from app.lib.text import printable

LONGEST_NAME = 60
FIELDS = ("name", "phone", "alert_by", "quiet_from", "quiet_until")


class AccountRefused(FieldsRefused):
    """These values cannot be."""


def write_account(staff: StaffUser, given: Mapping[str, str]) -> dict[str, Any]:
    """Set the fields of FIELDS; an empty phone or time is none. Returns the names of those that changed, with whether
    they are set. Raises AccountRefused, having set none. Flushes."""
    values, odd = _values(given)
    if values["alert_by"] == "sms" and not values["phone"] and "phone" not in odd:
        odd["phone"] = "Give the number that texts should go to."
    if (values["quiet_from"] is None) != (values["quiet_until"] is None) and not odd.keys() & {
        "quiet_from", "quiet_until",
    }:  # fmt: skip
        odd["quiet_until" if values["quiet_until"] is None else "quiet_from"] = "Give both times, or none."
    if odd:
        raise AccountRefused(odd)
    changed = {name: bool(value) for name, value in values.items() if getattr(staff, name) != value}
    for name, value in values.items():
        setattr(staff, name, value)
    db.session.flush()
    return changed


def _values(given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    odd: dict[str, str] = {}
    name = " ".join(printable(given.get("name", "")).split())
    if not name or len(name) > LONGEST_NAME:
        odd["name"] = f"Your name, in at most {LONGEST_NAME} letters."
    typed = given.get("phone", "").strip()
    phone = normalise(typed)
    if typed and phone is None:
        odd["phone"] = "This is no phone number that can receive texts."
    alert_by = given.get("alert_by", "")
    if alert_by not in ALERT_BY:
        odd["alert_by"] = "Choose one of these."
    values: dict[str, Any] = {"name": name, "phone": phone, "alert_by": alert_by}
    for field in ("quiet_from", "quiet_until"):
        values[field] = _time(given.get(field, "").strip())
        if given.get(field, "").strip() and values[field] is None:
            odd[field] = "Write a time, like 21:00."
    return values, odd


def _time(typed: str) -> time | None:
    if not re.fullmatch(r"\d\d:\d\d", typed, re.ASCII):
        return None
    try:
        return time.fromisoformat(typed)
    except ValueError:
        return None
