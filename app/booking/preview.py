"""What a change of hours or rules would leave free, before it is made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.booking.availability import times_of, today_of
from app.booking.models import Appointment
from app.booking.rules import Rules, Work
from app.booking.slots import Slot, on_day
from app.db import db
from app.locations.days import hours_of
from app.locations.hours import Hours, Stretch
from app.locations.models import Location
from app.locations.opening import DAY, StoreHours, openings

DAYS_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Change:
    """What would be different; None stays. `special` are days that would win over the week."""

    rules: Rules | None = None
    weekly: Sequence[Stretch] | None = None
    special: Mapping[date, Sequence[Hours]] | None = None


@dataclass(frozen=True, slots=True)
class DayPreview:
    """One day's free times: `slots` after the change, and how many there are `now`."""

    day: date
    slots: list[Slot]
    now: int


def preview(store: Location, work: Work, change: Change, now: datetime, first: date | None = None) -> list[DayPreview]:
    """The free times for the work on seven days from `first` (today), as they would be. Nothing is written."""
    first = first or today_of(store, now)
    last = first + (DAYS_SHOWN - 1) * DAY
    before = times_of(store, first, last, now).free(work, first, last, now)
    there = times_of(store, first, last, now, rules=change.rules)
    then = replace(there, hours=_changed(there.hours, change)).free(work, first, last, now)
    shown = (first + ahead * DAY for ahead in range(DAYS_SHOWN))
    return [DayPreview(day, on_day(then, day), len(on_day(before, day))) for day in shown]


def visits_outside(store: Location, change: Change, now: datetime) -> list[Appointment]:
    """The booked visits ahead that would begin while the store is closed, the next first."""
    query = select(Appointment).where(
        Appointment.location_id == store.id, Appointment.status == "booked", Appointment.busy_until > now
    )
    ahead = list(db.session.scalars(query.order_by(Appointment.starts_at)))
    if not ahead:
        return []
    zone = ZoneInfo(store.timezone)
    first, last = (one.starts_at.astimezone(zone).date() for one in (ahead[0], ahead[-1]))
    spans = list(openings(_changed(hours_of(store, first, last), change), first, last))
    return [one for one in ahead if not any(span.opens <= one.starts_at < span.closes for span in spans)]


def _changed(hours: StoreHours, change: Change) -> StoreHours:
    weekly = hours.weekly if change.weekly is None else change.weekly
    return replace(hours, weekly=weekly, special={**hours.special, **(change.special or {})})
