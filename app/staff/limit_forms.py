"""The form of spending limits, and what it writes."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select

from app.assistant.course import forget_courses
from app.assistant.limits import Limits, inherited
from app.assistant.models import SpendingLimit
from app.db import db
from app.lib.refusals import FieldsRefused
from app.lib.text import whole_number

DOLLARS = ("conversation_dollars", "lead_day_dollars", "store_day_dollars", "company_day_dollars")
MOST_DOLLARS, MOST_TURNS = Decimal(100_000), 1000


class LimitsRefused(FieldsRefused):
    """These cannot be limits."""


def own_limits(company_id: int, location_id: int | None) -> SpendingLimit | None:
    """What that level itself says; None where it says nothing."""
    here = SpendingLimit.location_id.is_(None) if location_id is None else SpendingLimit.location_id == location_id
    return db.session.scalar(select(SpendingLimit).where(SpendingLimit.company_id == company_id, here))


def limits_above(company_id: int, location_id: int | None) -> Limits:
    """What would hold if that level said nothing."""
    company = own_limits(company_id, None) if location_id is not None else None
    return inherited([company] if company else [])


def write_limits(company_id: int, location_id: int | None, form: Mapping[str, str]) -> dict[str, Any]:
    """Keep the level's limits; an emptied one inherits. What holds now, as text. Raises LimitsRefused. Flushes."""
    fields = [name for name in (*DOLLARS, "day_turns") if name in form]
    values, odd = {}, {}
    for name in fields:
        try:
            values[name] = _checked(name, form[name].replace("$", "").replace(",", "").strip())
        except ValueError as error:
            odd[name] = str(error)
    if odd:
        raise LimitsRefused(odd)
    row = own_limits(company_id, location_id)
    if row is None:
        row = SpendingLimit(company_id=company_id, location_id=location_id)
        db.session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    forget_courses()
    return {name: None if value is None else str(value) for name, value in values.items()}


def _checked(name: str, text: str) -> Decimal | int | None:
    if not text:
        return None
    if name == "day_turns":
        turns = whole_number(text, MOST_TURNS)
        if not turns:
            raise ValueError(f"A whole number from 1 to {MOST_TURNS}.")
        return turns
    try:
        dollars = Decimal(text)
    except InvalidOperation:
        raise ValueError("Write dollars as a number, such as 25 or 1.50.") from None
    if not dollars.is_finite() or not 0 < dollars <= MOST_DOLLARS:
        raise ValueError(f"More than 0 and at most {MOST_DOLLARS:,} dollars.")
    return dollars.quantize(Decimal("0.01"))
