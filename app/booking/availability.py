"""A store's free times, from its rows: what is read here depends on the days asked for, not on the store's history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from app.booking.bays import bays_of
from app.booking.models import BookingRules
from app.booking.occupancy import Bay, BusyTime, OpenBay, Span, place
from app.booking.rules import Rules, Work
from app.booking.slots import Slot, Times, around
from app.db import db
from app.locations.days import hours_of
from app.locations.models import Location
from app.locations.opening import DAY, midnight

TWO_WEEKS = timedelta(days=13)
OFFERED_INSTEAD = 6

# A hold that has run out takes nothing, although its row is there until somebody needs the bay.
TAKEN = text("""
    SELECT 'appointment' AS kind, id, bay_id, starts_at, busy_until AS ends_at, abilities
    FROM appointments
    WHERE location_id = :location_id AND status IN ('held', 'booked') AND busy_until > :start AND starts_at < :end
        AND (status = 'booked' OR hold_until > :now) AND id IS DISTINCT FROM :ignoring
    UNION ALL
    SELECT 'block', id, bay_id, starts_at, ends_at, NULL FROM blocks
    WHERE location_id = :location_id AND ends_at > :start AND starts_at < :end
    UNION ALL
    SELECT 'busy', id, NULL, starts_at, ends_at, abilities FROM busy_times
    WHERE location_id = :location_id AND ends_at > :start AND starts_at < :end
""")


@dataclass(frozen=True, slots=True)
class Capacity:
    """A store's bays over some time. `conflicts` maps `busy:<id>` of a busy time that found no free bay to the bay that
    it shares, or to None where the store has none; `appointment:<id>` is one whose bay is no longer there.

    `placed` is the bay of each such time, conflict or not.
    """

    bays: list[Bay]
    conflicts: Mapping[str, int | None]
    placed: Mapping[str, int | None]


def rules_of(location_id: int) -> Rules:
    """The store's rules for bookings, or the usual ones."""
    own = db.session.get(BookingRules, location_id)
    return own.rules if own else Rules()


def capacity(location_id: int, start: datetime, end: datetime, now: datetime, ignoring: int | None = None) -> Capacity:
    """The store's bays with all that takes them between these moments, but for the appointment `ignoring`."""
    given = {"location_id": location_id, "start": start, "end": end, "now": now, "ignoring": ignoring}
    return _capacity(location_id, [dict(row) for row in db.session.execute(TAKEN, given).mappings()])


def times_of(
    store: Location, first: date, last: date, now: datetime, ignoring: int | None = None, rules: Rules | None = None
) -> Times:
    """Hours, rules and bays for starts from `first` through `last`, the store's dates; `rules` in place of its own."""
    rules = rules or rules_of(store.id)
    end = last + (rules.nights + 1) * DAY
    hours = hours_of(store, first, end)
    # From a day before: a car that stays into the first day takes its bay from the night on.
    start, until = midnight(first - DAY, hours.zone), midnight(end + DAY, hours.zone)
    return Times(hours, rules, capacity(store.id, start, until, now, ignoring).bays)


def free_slots(
    location_id: int,
    work: Work,
    now: datetime,
    first: date | None = None,
    last: date | None = None,
    ignoring: int | None = None,
) -> list[Slot]:
    """The store's free times for the work in order, from `first` (today) through `last` (two weeks), both inclusive.

    Empty where hours or bays are missing. `ignoring` is an appointment that is to be moved.
    """
    store = db.session.get_one(Location, location_id)
    first = first or today_of(store, now)
    last = last or first + TWO_WEEKS
    return times_of(store, first, last, now, ignoring).free(work, first, last, now)


def next_best(store: Location, work: Work, wanted: datetime, now: datetime, ignoring: int | None = None) -> list[Slot]:
    """Free times nearest to `wanted`: in the two weeks around it, else from today on as far as the store books."""
    today = today_of(store, now)
    day = max(today, wanted.astimezone(ZoneInfo(store.timezone)).date() - timedelta(days=3))
    found = free_slots(store.id, work, now, day, day + TWO_WEEKS, ignoring)
    if not found:
        found = free_slots(store.id, work, now, today, today + rules_of(store.id).horizon_days * DAY, ignoring)
    return around(found, wanted, OFFERED_INSTEAD)


def today_of(store: Location, now: datetime) -> date:
    """The store's date."""
    return now.astimezone(ZoneInfo(store.timezone)).date()


def _capacity(location_id: int, taken: list[dict[str, Any]]) -> Capacity:
    by_bay: dict[int | None, list[Span]] = {}
    floating = []
    for row in taken:
        if row["bay_id"] is None and row["kind"] != "block":
            key, needs = f"{row['kind']}:{row['id']}", frozenset(row["abilities"])
            floating.append(BusyTime(key, row["starts_at"], row["ends_at"], needs))
        else:
            by_bay.setdefault(row["bay_id"], []).append((row["starts_at"], row["ends_at"]))
    everywhere = by_bay.get(None, [])
    bays = [
        OpenBay(bay.id, frozenset(bay.abilities), [*by_bay.get(bay.id, []), *everywhere])
        for bay in bays_of(location_id)
    ]
    found, placed, surplus = place(bays, floating)
    return Capacity(found, {key: placed[key] for key in surplus}, placed)
