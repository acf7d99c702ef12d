"""When a store is open in real time: its week, its special days, and what daylight saving makes of them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.locations.hours import Hours, Stretch

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """One open stretch of `day` (the store's date), from `opens` to before `closes`, both UTC."""

    day: date
    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class StoreHours:
    """A store's hours by its own clock: `weekly` by weekday, and `special` days, which win; () is closed all day."""

    timezone: str
    weekly: Sequence[Stretch]
    special: Mapping[date, Sequence[Hours]] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        """The store's zone."""
        return ZoneInfo(self.timezone)

    @property
    def longest_day(self) -> timedelta:
        """Open time of the longest day of the week, breaks taken out."""
        days = [[stretch[1:] for stretch in self.weekly if stretch[0] == weekday] for weekday in range(7)]
        return max((sum((_length(one) for one in _joined(day)), timedelta()) for day in days), default=timedelta())

    def on(self, day: date) -> list[Hours]:
        """The open stretches of that date in order, touching ones joined."""
        if day in self.special:
            return _joined(self.special[day])
        return _joined([stretch[1:] for stretch in self.weekly if stretch[0] == day.weekday()])


def openings(hours: StoreHours, first: date, last: date) -> Iterator[Opening]:
    """The open stretches from `first` through `last`, in order.

    A wall time that the clock skips is the moment of the jump. One that it shows twice opens the store the first time
    and closes it the second.
    """
    zone = hours.zone
    for ahead in range((last - first).days + 1):
        day = first + ahead * DAY
        found = [(moment(day, opens, zone), moment(day, closes, zone, second=True)) for opens, closes in hours.on(day)]
        for position, (opens, closes) in enumerate(found):
            # Around a repeated hour the second stretch may begin before the first has ended.
            start = max(opens, found[position - 1][1]) if position else opens
            if start < closes:
                yield Opening(day, start, closes)


def moment(day: date, wall: time, zone: ZoneInfo, *, second: bool = False) -> datetime:
    """The moment, in UTC, at which that zone's clocks show `wall`; of two the first, or the second if asked for."""
    before = datetime.combine(day, wall, zone).astimezone(UTC)
    after = datetime.combine(day, wall.replace(fold=1), zone).astimezone(UTC)
    if after >= before:
        return after if second else before
    offset = after.astimezone(zone).utcoffset()
    while after.astimezone(zone).utcoffset() == offset:
        after += MINUTE
    return after


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The day's first moment, in UTC."""
    return moment(day, time(0), zone)


def _joined(stretches: Sequence[Hours]) -> list[Hours]:
    joined: list[Hours] = []
    for opens, closes in sorted(stretches):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return joined


def _length(stretch: Hours) -> timedelta:
    opens, closes = (timedelta(hours=wall.hour, minutes=wall.minute) for wall in stretch)
    return closes - opens
