"""Where things stand in a day's grid: hours down, bays across, in steps of five minutes. Pure.

The content policy allows no inline style, so a place is a handful of class names that the stylesheet knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.locations.hours import clock_wording
from app.locations.opening import Opening

HOUR = timedelta(hours=1)
STEP = timedelta(minutes=5)
STEPS = 12
MOST_LANES = 6
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in the calendar. `kind`: held, booked, done, no_show, block or busy. `bay_id` None: every bay for a
    block, no bay for the rest. `key` is its public id or id, `warning` why somebody has to look at it."""

    kind: str
    key: str
    starts_at: datetime
    ends_at: datetime
    bay_id: int | None
    title: str
    detail: str = ""
    warning: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """An hour of the axis, or the present moment: its words and its place."""

    words: str
    place: str


def shown_span(day: Span, zone: ZoneInfo, openings: Sequence[Opening], entries: Sequence[Entry]) -> Span:
    """The whole hours that a day's grid shows: what is open, and whatever stands before or after."""
    starts = [opening.opens for opening in openings] + [entry.starts_at for entry in entries if entry.kind != "block"]
    ends = [opening.closes for opening in openings] + [entry.ends_at for entry in entries if entry.kind != "block"]
    noon = day[0] + (day[1] - day[0]) / 2
    first = max(day[0], min(starts, default=noon - 4 * HOUR))
    last = min(day[1], max(ends, default=noon + 5 * HOUR))
    begins = first.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    over = (last - begins) % HOUR
    return begins, last + (HOUR - over if over else timedelta())


def vertical(start: datetime, end: datetime, span: Span) -> str:
    """The classes for a stretch of time, as far as the grid shows it."""
    first, last = max(start, span[0]), min(end, span[1])
    at = (first - span[0]) // STEP
    length = max(1, -((first - last) // STEP))
    return f"at-h{at // STEPS} at-m{at % STEPS} for-h{length // STEPS} for-m{length % STEPS}"


def places(entries: Sequence[Entry], columns: Sequence[int | None], span: Span) -> dict[str, str]:
    """Each entry's classes by `kind:key`. What shares a column at one time stands side by side there."""
    found = {}
    for number, bay_id in enumerate(columns):
        inside = [one for one in entries if one.bay_id == bay_id and not _everywhere(one)]
        for group in _groups(inside):
            lanes = _lanes(group)
            across = min(MOST_LANES, max(lanes.values()) + 1)
            for one in group:
                lane = min(lanes[one.kind + one.key], MOST_LANES - 1)
                where = f"col-{number} lane-{lane} of-{across}"
                found[f"{one.kind}:{one.key}"] = f"{vertical(one.starts_at, one.ends_at, span)} {where}"
    for one in filter(_everywhere, entries):
        found[f"{one.kind}:{one.key}"] = f"{vertical(one.starts_at, one.ends_at, span)} col-all"
    return found


def hour_marks(span: Span, zone: ZoneInfo) -> list[Mark]:
    """Every hour shown, by the store's clock: a day of 23 or 25 hours has as many."""
    hours = range((span[1] - span[0]) // HOUR)
    return [Mark(clock_wording((span[0] + at * HOUR).astimezone(zone)), f"at-h{at} at-m0") for at in hours]


def closed_bands(openings: Sequence[Opening], span: Span) -> list[str]:
    """The classes of each stretch in which the store is closed."""
    bands, since = [], span[0]
    for opening in openings:
        if since < opening.opens:
            bands.append(vertical(since, opening.opens, span))
        since = max(since, opening.closes)
    if since < span[1]:
        bands.append(vertical(since, span[1], span))
    return bands


def _everywhere(entry: Entry) -> bool:
    return entry.kind == "block" and entry.bay_id is None


def _groups(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries in clusters that touch each other in time."""
    groups: list[list[Entry]] = []
    until: datetime | None = None
    for entry in sorted(entries, key=lambda one: (one.starts_at, one.ends_at)):
        if until is None or entry.starts_at >= until:
            groups.append([])
            until = entry.ends_at
        groups[-1].append(entry)
        until = max(until, entry.ends_at)
    return groups


def _lanes(group: Sequence[Entry]) -> dict[str, int]:
    """The first lane that is free for each, from the left."""
    ends: list[datetime] = []
    lanes = {}
    for entry in group:
        lane = next((at for at, end in enumerate(ends) if end <= entry.starts_at), len(ends))
        ends[lane : lane + 1] = [entry.ends_at]
        lanes[entry.kind + entry.key] = lane
    return lanes
