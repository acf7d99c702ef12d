"""What stands in a store's calendar: visits, blocks, and what ShopMonkey holds, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app import booking
from app.booking.bays import bays_of
from app.booking.models import Appointment, Bay, Block, BusyTime
from app.db import db
from app.leads.models import Customer, Lead, Vehicle
from app.locations.days import hours_of, special_days_of
from app.locations.models import Location
from app.locations.opening import DAY, MINUTE, Opening, midnight, openings
from app.staff.calendar_grid import Entry, Span

SHOWN = ("held", "booked", "done", "no_show")
TAKES = ("held", "booked")


@dataclass(frozen=True, slots=True)
class Reading:
    """A store's days from `first` through `last`: bays, openings, special days' names and all entries, by time."""

    store: Location
    first: date
    last: date
    span: Span
    bays: list[Bay]
    openings: list[Opening]
    special: dict[date, str]
    entries: list[Entry]


def read_days(store: Location, first: date, last: date, now: datetime) -> Reading:
    """Everything that the calendar shows of these days."""
    hours = hours_of(store, first, last)
    span = midnight(first, hours.zone), midnight(last + DAY, hours.zone)
    bays, opened = bays_of(store.id), list(openings(hours, first, last))
    # From a day before: what stands there may decide which bay a time from ShopMonkey has.
    taken = booking.capacity(store.id, midnight(first - DAY, hours.zone), midnight(last + 2 * DAY, hours.zone), now)
    blocks = booking.blocks_between(store.id, *span)
    visits = shown_visits(store.id, span, now)
    known = leads_of(visits)
    entries = [_busy(one, taken) for one in booking.busy_between(store.id, *span)]
    entries += [_block(one) for one in blocks]
    entries += [_visit(one, known, _warning(one, blocks, opened, span, now), taken, now) for one in visits]
    entries.sort(key=lambda one: (one.starts_at, one.bay_id or 0, one.key))
    return Reading(store, first, last, span, bays, opened, _special(store.id, first, last), entries)


def shown_visits(location_id: int, span: Span, now: datetime) -> list[Appointment]:
    """The visits that take or took a bay in that time."""
    found = booking.appointments_between(location_id, *span)
    return [one for one in found if one.status in SHOWN and (one.status != "held" or one.holds(now))]


def leads_of(visits: Sequence[Appointment]) -> dict[int, Any]:
    """(public_id, Customer, Vehicle) of the visits' leads, by lead id."""
    query = (
        select(Lead.id, Lead.public_id, Customer, Vehicle)
        .outerjoin(Customer, Customer.id == Lead.customer_id)
        .outerjoin(Vehicle, Vehicle.id == Lead.vehicle_id)
        .where(Lead.id.in_({one.lead_id for one in visits if one.lead_id}))
    )
    return {row.id: row for row in db.session.execute(query)}


def who(visit: Appointment, lead: Any) -> str:
    """Whose visit it is."""
    return visit.customer_name or (lead.Customer.name if lead and lead.Customer else "Customer")


def _visit(visit: Appointment, known: dict[int, Any], warning: str, taken: booking.Capacity, now: datetime) -> Entry:
    lead = known.get(visit.lead_id or 0)
    vehicle = lead.Vehicle.name if lead and lead.Vehicle else ""
    done = ", ".join(service.name for service in visit.services)
    bay_id = visit.bay_id or taken.placed.get(f"appointment:{visit.id}")
    return Entry(
        visit.status, visit.public_id, visit.starts_at, visit.ends_at, bay_id, who(visit, lead),
        " · ".join(filter(None, (vehicle, done))), warning, _note(visit, now),
    )  # fmt: skip


def _note(visit: Appointment, now: datetime) -> str:
    if visit.hold_until:
        return f"{-((now - visit.hold_until) // MINUTE)} min left"
    return "Confirmed" if visit.status == "booked" and visit.confirmed_at else ""


def _warning(visit: Appointment, blocks: list[Block], opened: list[Opening], span: Span, now: datetime) -> str:
    if visit.status not in TAKES or visit.ends_at <= now:
        return ""
    if visit.bay_id is None:
        return "Its bay is gone: move it to another"
    inside = (one for one in blocks if one.bay_id in (None, visit.bay_id))
    if any(one.starts_at < visit.busy_until and one.ends_at > visit.starts_at for one in inside):
        return "The bay is blocked then"
    begun_before = visit.starts_at < span[0]
    if not begun_before and not any(one.opens <= visit.starts_at < one.closes for one in opened):
        return "The store is closed then"
    return ""


def _block(block: Block) -> Entry:
    return Entry(
        "block", str(block.id), block.starts_at, block.ends_at, block.bay_id, block.why or "Blocked", f"by {block.by}"
    )


def _busy(time: BusyTime, taken: booking.Capacity) -> Entry:
    key = f"busy:{time.id}"
    warning = "No bay is free" if key in taken.conflicts else ""
    detail = "In ShopMonkey, one of a series" if time.recurring else "In ShopMonkey"
    return Entry(
        "busy", str(time.id), time.starts_at, time.ends_at, taken.placed.get(key), time.name or "Visit", detail, warning
    )


def _special(location_id: int, first: date, last: date) -> dict[date, str]:
    named = {}
    for days in sorted(special_days_of(location_id, first), key=lambda one: one.id):
        day = max(first, days.first_day)
        while day <= min(last, days.last_day):
            named[day] = days.name
            day += DAY
    return named
