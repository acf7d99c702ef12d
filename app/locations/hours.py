"""When a store is open: its weekly hours in its own zone, as customers read them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Stretch = tuple[int, time, time]
Hours = tuple[time, time]
NO_DAYS: Mapping[date, Sequence[Hours]] = {}


@dataclass(frozen=True, slots=True)
class OpenState:
    """Open or closed at a moment. `changes_at` is when that ends, in the store's zone; `wording` is English."""

    known: bool
    open: bool
    changes_at: datetime | None
    days_ahead: int
    wording: str


UNKNOWN = OpenState(known=False, open=False, changes_at=None, days_ahead=0, wording="")


def open_state(
    hours: Sequence[Stretch], timezone: str, now: datetime, special: Mapping[date, Sequence[Hours]] = NO_DAYS
) -> OpenState:
    """Whether the store is open at `now`, and until when. Without hours: not known, and nothing is claimed.

    `hours` are (weekday from Monday = 0, opens, closes) by the store's own clock; stretches that touch are one.
    `special` days have other hours, or none; they win.
    """
    if not hours:
        return UNKNOWN
    zone = ZoneInfo(timezone)
    here = now.astimezone(zone)
    for opens, closes in _stretches(hours, zone, here.date(), special):
        if closes <= now:
            continue
        days = ((opens if opens > now else closes).date() - here.date()).days
        if opens <= now:
            return OpenState(True, True, closes, days, f"Open until {clock_wording(closes)}")
        return OpenState(True, False, opens, days, f"Opens {_day(opens, days)}at {clock_wording(opens)}")
    return UNKNOWN


def clock_wording(moment: datetime) -> str:
    """`6 PM`, `9:30 AM`."""
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes} {'AM' if moment.hour < 12 else 'PM'}"


def _day(moment: datetime, days: int) -> str:
    if days == 0:
        return ""
    return "tomorrow " if days == 1 else f"{DAYS[moment.weekday()]} "


def _stretches(
    hours: Sequence[Stretch], zone: ZoneInfo, today: date, special: Mapping[date, Sequence[Hours]]
) -> Iterator[tuple[datetime, datetime]]:
    """The open stretches from today through this day next week, in order, touching ones joined."""
    joined: tuple[datetime, datetime] | None = None
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        usual = [stretch[1:] for stretch in hours if stretch[0] == day.weekday()]
        for opens, closes in sorted(special.get(day, usual)):
            start = datetime.combine(day, opens, zone)
            end = datetime.combine(day, closes, zone)
            if joined and start <= joined[1]:
                joined = (joined[0], max(end, joined[1]))
                continue
            if joined:
                yield joined
            joined = (start, end)
    if joined:
        yield joined
