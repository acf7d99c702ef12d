"""When an unasked SMS may go out: by the law at every place where the recipient may be, and the store's narrower hours.

The laws are rows of `law.py`. Pure: the places, the time and the store's limits come in as arguments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.messaging.law import window_at
from app.messaging.places import Place

# Twilio may hold a message back for a while: what has less than this left would leave in the quiet hours.
MARGIN = timedelta(minutes=1)
HORIZON_DAYS = 8


@dataclass(frozen=True, slots=True)
class Limits:
    """What a store allows less than the law does: texts from and until a local time, and the most in 24 hours. None
    adds nothing. It can only take away."""

    opens: time | None = None
    closes: time | None = None
    most_in_24_hours: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class _Clock:
    """A place with its clock found."""

    zone: ZoneInfo
    place: Place


def next_allowed(now: datetime, places: Sequence[Place], limits: Limits = NO_LIMITS) -> datetime | None:
    """The first moment from `now` on that is allowed at every place: `now` itself when it is.

    None where nobody knows what time it is for the recipient (`zone_known`), or where no moment suits all places.
    """
    clocks = _clocks(places)
    if not clocks:
        return None
    moment, latest = now, now + timedelta(days=HORIZON_DAYS)
    while moment <= latest:
        later = max(_next_at(moment, clock, limits) for clock in clocks)
        if later == moment:
            return moment
        moment = later
    return None


def time_left(now: datetime, places: Sequence[Place], limits: Limits = NO_LIMITS) -> timedelta:
    """How long it stays allowed at every place, at a moment when it is."""
    return min(_window(now, clock, limits)[1] - now for clock in _clocks(places))


def zone_known(places: Sequence[Place]) -> bool:
    """Whether there is a place, and the clock of each is known."""
    return bool(_clocks(places))


def local_words(moment: datetime, places: Sequence[Place]) -> str:
    """`9:00 AM on Wednesday, November 25 (EST)` on the recipient's clock: the earliest one, where they may differ."""
    local = min(
        (moment.astimezone(clock.zone) for clock in _clocks(list(places))), key=lambda one: one.utcoffset() or 0
    )
    hour = f"{local:%I:%M %p}".lstrip("0")
    return f"{hour} on {local:%A, %B} {local.day} ({local.tzname()})"


def _clocks(places: Sequence[Place]) -> list[_Clock]:
    """The places' clocks, or none at all when one of them is unknown: it could show any hour."""
    try:
        return [_Clock(ZoneInfo(place.zone), place) for place in places]
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return []


def _next_at(moment: datetime, clock: _Clock, limits: Limits) -> datetime:
    for days in range(HORIZON_DAYS + 1):
        opens, closes = _window(moment, clock, limits, days)
        if moment < closes - MARGIN:
            return max(moment, opens)
    return moment + timedelta(days=HORIZON_DAYS + 1)


def _window(moment: datetime, clock: _Clock, limits: Limits, days: int = 0) -> tuple[datetime, datetime]:
    """The window of the local day `days` after the moment's, in UTC. A day without hours has an empty one."""
    day = moment.astimezone(clock.zone).date() + timedelta(days=days)
    opens, closes = window_at(clock.place.zone, clock.place.region, day.weekday())
    opens, closes = max(opens, limits.opens or opens), min(closes, limits.closes or closes)
    # Each end is set on its own day's wall clock: an offset carried over from `moment` is wrong across a clock change.
    begin, end = (datetime.combine(day, wall, clock.zone).astimezone(UTC) for wall in (opens, closes))
    return (begin, end) if begin < end else (begin, begin)
