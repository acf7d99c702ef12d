"""Bays, services and wishes. The store of these tests opens 9 to 6, Monday to Saturday, in Florida."""

from datetime import UTC, datetime, timedelta
from itertools import count

from app.booking import CUSTOMER, Actor, QuotedService, Wish
from app.booking.models import Bay, BookingRules
from app.catalog.pricing import Price
from app.db import db
from app.leads.models import Lead
from app.locations.models import Location

_numbers = count(1)

# A Monday, eight in the morning in Florida.
NOW = datetime(2026, 11, 30, 13, tzinfo=UTC)
# Tuesday at ten.
TEN = datetime(2026, 12, 1, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make_bay(location: Location, *abilities: str, name: str | None = None) -> Bay:
    """A tint bay unless told otherwise."""
    bay = Bay(location_id=location.id, name=name or f"Bay {next(_numbers)}", abilities=list(abilities or ("tint",)))
    db.session.add(bay)
    db.session.flush()
    return bay


def make_rules(location: Location, **given: object) -> BookingRules:
    rules = BookingRules(location_id=location.id, **given)
    db.session.add(rules)
    db.session.flush()
    return rules


def tint(minutes: int = 120, cents: int = 29900) -> QuotedService:
    return QuotedService(None, "Ceramic Tint", minutes, Price("exact", cents, None), frozenset({"tint"}))


def make_wish(lead: Lead, start: datetime = TEN, *, actor: Actor = CUSTOMER, **given: object) -> Wish:
    """The lead wishes a two-hour tint."""
    return Wish(
        **{
            "location_id": lead.location_id,
            "starts_at": start,
            "services": [tint()],
            "client_id": f"wish-{next(_numbers)}",
            "actor": actor,
            "lead_id": lead.id,
            **given,
        }
    )
