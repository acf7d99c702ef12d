"""A store's hours over some days: the week and the special days that fall among them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.db import db
from app.locations.hours import Hours, OpenState, Stretch, open_state
from app.locations.models import Location, SpecialDays
from app.locations.opening import DAY, StoreHours
from app.locations.week import HoursRefused, check_week

LONGEST_NAME = 60
MOST_DAYS = 366
WEEK_AHEAD = 9 * DAY


class SpecialDaysRefused(ValueError):
    """These special days cannot be; the message says why."""


def hours_of(store: Location, first: date, last: date) -> StoreHours:
    """The store's hours with its special days from `first` through `last`. Of two for one day the newer holds."""
    weekly: list[Stretch] = [(row.weekday, row.opens, row.closes) for row in store.hours]
    special: dict[date, Sequence[Hours]] = {}
    query = select(SpecialDays.first_day, SpecialDays.last_day, SpecialDays.stretches).where(
        SpecialDays.location_id == store.id, SpecialDays.last_day >= first, SpecialDays.first_day <= last
    )
    for begins, ends, stretches in db.session.execute(query.order_by(SpecialDays.id)):
        day = max(first, begins)
        while day <= min(last, ends):
            special[day] = [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in stretches]
            day += DAY
    return StoreHours(store.timezone, weekly, special)


def open_now(store: Location, now: datetime) -> OpenState:
    """Whether the store is open at `now`, its special days counted; nothing is claimed where its hours are unknown."""
    today = now.astimezone(ZoneInfo(store.timezone)).date()
    hours = hours_of(store, today, today + WEEK_AHEAD)
    return open_state(hours.weekly, hours.timezone, now, hours.special)


def special_days_of(location_id: int, since: date) -> list[SpecialDays]:
    """The store's special days that end on `since` or later, in order."""
    query = select(SpecialDays).where(SpecialDays.location_id == location_id, SpecialDays.last_day >= since)
    return list(db.session.scalars(query.order_by(SpecialDays.first_day, SpecialDays.id)))


def add_special_days(
    location_id: int, name: str, first: date, last: date, stretches: Sequence[Hours] = ()
) -> SpecialDays:
    """Have other hours hold on these days, or none: closed. Raises SpecialDaysRefused."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise SpecialDaysRefused(f"Say in at most {LONGEST_NAME} characters what day it is.")
    if not first <= last <= first + MOST_DAYS * DAY:
        raise SpecialDaysRefused("The last day comes before the first, or a year after it.")
    try:
        checked = check_week([(0, opens, closes) for opens, closes in stretches])
    except HoursRefused as odd:
        raise SpecialDaysRefused(odd.days[0]) from None
    kept = [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for _, opens, closes in checked]
    days = SpecialDays(location_id=location_id, name=name, first_day=first, last_day=last, stretches=kept)
    db.session.add(days)
    db.session.flush()
    return days


def remove_special_days(days: SpecialDays) -> None:
    """Let the week hold again on these days."""
    db.session.delete(days)
    db.session.flush()
