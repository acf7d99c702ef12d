"""A store's calendar as staff see it: a day by bay, or a week by day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.booking.availability import today_of
from app.booking.models import Bay
from app.locations.hours import clock_wording
from app.locations.models import Location
from app.locations.opening import DAY, Opening, midnight
from app.staff.calendar_entries import Reading, read_days
from app.staff.calendar_grid import Entry, Mark, closed_bands, hour_marks, places, shown_span, vertical
from app.staff.times import clock_words

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shown:
    """Which days are asked for. What is odd in a query string is today."""

    day: date
    week: bool
    today: date

    @classmethod
    def parse(cls, given: Mapping[str, str], today: date) -> "Shown":
        """From a query string."""
        return cls(parse_day(given.get("day", ""), today), given.get("view") == "week", today)

    @property
    def first(self) -> date:
        return self.day - timedelta(days=self.day.weekday()) if self.week else self.day

    @property
    def last(self) -> date:
        return self.first + WEEK - DAY if self.week else self.day

    @property
    def before(self) -> date:
        return self.day - (WEEK if self.week else DAY)

    @property
    def after(self) -> date:
        return self.day + (WEEK if self.week else DAY)

    @property
    def title(self) -> str:
        """`Tuesday, December 1`, `Nov 30 – Dec 6`."""
        year = "" if self.first.year == self.today.year else f" {self.first.year}"
        if not self.week:
            return f"{self.day:%A, %B} {self.day.day}{year}"
        return f"{self.first:%b} {self.first.day} – {self.last:%b} {self.last.day}{year}"


@dataclass(frozen=True, slots=True)
class DayGrid:
    """One day in hours by bays. `places` are the entries' classes, `now` the present moment, if it is shown."""

    open: str
    columns: list[Bay | None]
    hours: list[Mark]
    closed: list[str]
    entries: list[Entry]
    places: dict[str, str]
    now: Mark | None
    now_before: int


@dataclass(frozen=True, slots=True)
class DayColumn:
    """One day of a week: what is said of it, and its entries by bay; under None those of every bay or of none."""

    day: date
    today: bool
    open: str
    special: str
    cells: dict[int | None, list[Entry]]


def read_calendar(store: Location, shown: Shown, now: datetime) -> Reading:
    """Everything that is shown."""
    return read_days(store, shown.first, shown.last, now)


def day_grid(found: Reading, now: datetime) -> DayGrid:
    """The day of that reading as a grid."""
    zone = ZoneInfo(found.store.timezone)
    span = shown_span(found.span, zone, found.openings, found.entries)
    homeless = any(one.bay_id is None and one.kind != "block" for one in found.entries)
    columns: list[Bay | None] = [*found.bays, *([None] if homeless or not found.bays else [])]
    line = vertical(now, now, span).split(" for-")[0]
    return DayGrid(
        open=open_words(found.openings, zone),
        columns=columns,
        hours=hour_marks(span, zone),
        closed=closed_bands(found.openings, span),
        entries=found.entries,
        places=places(found.entries, [bay.id if bay else None for bay in columns], span),
        now=Mark(clock_words(now, found.store.timezone), line) if span[0] <= now < span[1] else None,
        now_before=sum(one.starts_at <= now for one in found.entries),
    )


def week_columns(found: Reading, now: datetime) -> list[DayColumn]:
    """The week of that reading, day by day. What lasts several days stands on each."""
    zone, today = ZoneInfo(found.store.timezone), today_of(found.store, now)
    columns = []
    day = found.first
    while day <= found.last:
        start, end = midnight(day, zone), midnight(day + DAY, zone)
        cells: dict[int | None, list[Entry]] = {bay.id: [] for bay in found.bays}
        for one in found.entries:
            if one.starts_at < end and one.ends_at > start:
                cells.setdefault(one.bay_id, []).append(one)
        opened = open_words([one for one in found.openings if one.day == day], zone)
        columns.append(DayColumn(day, day == today, opened, found.special.get(day, ""), cells))
        day += DAY
    return columns


def open_words(opened: list[Opening], zone: ZoneInfo) -> str:
    """`9 AM – 6 PM`, `Closed`."""
    pairs = ((one.opens.astimezone(zone), one.closes.astimezone(zone)) for one in opened)
    return ", ".join(f"{clock_wording(opens)} – {clock_wording(closes)}" for opens, closes in pairs) or "Closed"


def parse_day(text: str, today: date) -> date:
    """The date that is meant, within ten years of today; today for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs(day - today) < timedelta(days=3660) else today
