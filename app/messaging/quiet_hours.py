"""When an unasked SMS may go out, by the recipient's local time.

The default is the strictest sane policy for all states: 09:00-20:00 Monday to Saturday, 12:00-18:00 on Sunday.
Federal law says 8-21 (47 CFR 64.1200(c)(1)); FL, OK, MD, MS, NJ and WA end at 20, CT and TX begin at 9, TX at 12 on
Sunday.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Window = tuple[time, time]

WEEKDAY: Window = (time(9), time(20))
DEFAULT: Mapping[int, Window] = {**dict.fromkeys(range(6), WEEKDAY), 6: (time(12), time(18))}

# Twilio may hold a message back for a while: what has less than this left would leave in the quiet hours.
MARGIN = timedelta(minutes=1)
HORIZON_DAYS = 8


def next_allowed(now: datetime, zones: Sequence[str], hours: Mapping[int, Window] = DEFAULT) -> datetime | None:
    """The first moment from `now` on that is allowed in every zone: `now` itself when it is. None: no zone is known."""
    places = _places(zones)
    if not places:
        return None
    moment, latest = now, now + timedelta(days=HORIZON_DAYS)
    while moment <= latest:
        later = max(_next_in(moment, place, hours) for place in places)
        if later == moment:
            return moment
        moment = later
    return None


def time_left(now: datetime, zones: Sequence[str], hours: Mapping[int, Window] = DEFAULT) -> timedelta:
    """How long it stays allowed in every zone, at a moment when it is."""
    return min(_window(now, place, hours)[1] - now for place in _places(zones))


def _places(zones: Sequence[str]) -> list[ZoneInfo]:
    """The zones, or none at all when one of them is unknown: its clock could be any."""
    try:
        return [ZoneInfo(zone) for zone in zones]
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return []


def _next_in(moment: datetime, place: ZoneInfo, hours: Mapping[int, Window]) -> datetime:
    for days in range(HORIZON_DAYS + 1):
        opens, closes = _window(moment, place, hours, days)
        if moment < closes - MARGIN:
            return max(moment, opens)
    return moment + timedelta(days=HORIZON_DAYS + 1)


def _window(moment: datetime, place: ZoneInfo, hours: Mapping[int, Window], days: int = 0) -> tuple[datetime, datetime]:
    """The window of the local day `days` after the moment's, in UTC. A weekday without hours has an empty one."""
    day = moment.astimezone(place).date() + timedelta(days=days)
    opens, closes = hours.get(day.weekday(), (time(0), time(0)))
    # Each end is set on its own day's wall clock: an offset carried over from `moment` is wrong across a clock change.
    begin, end = (datetime.combine(day, wall, place).astimezone(UTC) for wall in (opens, closes))
    return begin, end
