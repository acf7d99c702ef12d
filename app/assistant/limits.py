"""What the assistant may cost and how often it may answer. Pure, but for `limits_for`."""

from dataclasses import dataclass, fields
from decimal import Decimal

from sqlalchemy import select

from app.assistant.models import SpendingLimit
from app.db import db


@dataclass(frozen=True, slots=True)
class Limits:
    """Dollars, and answers of one conversation; a day is the last 24 hours."""

    conversation_dollars: Decimal = Decimal("3.00")
    lead_day_dollars: Decimal = Decimal("1.50")
    store_day_dollars: Decimal = Decimal("40.00")
    company_day_dollars: Decimal = Decimal("400.00")
    day_turns: int = 60


@dataclass(frozen=True, slots=True)
class Spent:
    """What is used up so far, calls that were broken off by an estimate: nobody gets around a limit by leaving.

    Calls of a model without a known price count through `day_turns` only.
    """

    conversation: Decimal = Decimal(0)
    lead_day: Decimal = Decimal(0)
    store_day: Decimal = Decimal(0)
    company_day: Decimal = Decimal(0)
    day_turns: int = 0


def reached(limits: Limits, spent: Spent) -> str | None:
    """Which limit is reached, in words for staff; None while the assistant may answer."""
    if spent.day_turns >= limits.day_turns:
        return f"The assistant has answered {spent.day_turns} times here within a day: the limit."
    dollars = (
        ("this conversation", spent.conversation, limits.conversation_dollars),
        ("this customer today", spent.lead_day, limits.lead_day_dollars),
        ("this store today", spent.store_day, limits.store_day_dollars),
        ("the company today", spent.company_day, limits.company_day_dollars),
    )
    for what, used, most in dollars:
        if used >= most:
            return f"The assistant's spending limit for {what} (${most:.2f}) is reached."
    return None


def limits_for(company_id: int, location_id: int) -> Limits:
    """What holds at a store: its own word, else the company's, else the usual."""
    mine = (SpendingLimit.location_id == location_id) | SpendingLimit.location_id.is_(None)
    rows = db.session.scalars(select(SpendingLimit).where(SpendingLimit.company_id == company_id, mine)).all()
    levels = sorted(rows, key=lambda row: row.location_id is None)
    return inherited(levels)


def inherited(levels: list[SpendingLimit]) -> Limits:
    """The first level that says something wins, for each limit."""
    told = {
        field.name: next((value for level in levels if (value := getattr(level, field.name)) is not None), None)
        for field in fields(Limits)
    }
    return Limits(**{name: value for name, value in told.items() if value is not None})
