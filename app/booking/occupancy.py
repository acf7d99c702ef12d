"""Which bay is taken when. Pure.

What ShopMonkey's calendar holds names no bay: each such time takes one suitable bay, and one for which none is free is
a conflict. It takes a bay all the same, so that nothing more is offered on top of it.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class BusyTime:
    """A visit that somebody made in ShopMonkey. `abilities` is what its bay needs, as far as that is known."""

    key: str
    starts_at: datetime
    ends_at: datetime
    abilities: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OpenBay:
    """A bay and when it is taken: `taken` are spans from start to before end, UTC, in any order."""

    bay_id: int
    abilities: frozenset[str]
    taken: Sequence[Span] = ()


@dataclass(slots=True)
class Bay:
    """A bay with its taken spans in order, none of which overlap."""

    bay_id: int
    abilities: frozenset[str]
    starts: list[datetime] = field(default_factory=list)
    ends: list[datetime] = field(default_factory=list)

    def is_free(self, start: datetime, end: datetime) -> bool:
        """Whether nothing is there from `start` to before `end`."""
        after = bisect_right(self.ends, start)
        return after == len(self.starts) or self.starts[after] >= end

    def overlap(self, start: datetime, end: datetime) -> timedelta:
        """How much of that time is taken."""
        parts = (min(end, ends) - max(start, starts) for starts, ends in zip(self.starts, self.ends, strict=True))
        return sum((part for part in parts if part > timedelta()), timedelta())

    def take(self, start: datetime, end: datetime) -> None:
        """Take that time; what it touches becomes one span with it."""
        if start >= end:
            return
        first, last = bisect_right(self.ends, start), bisect_right(self.starts, end)
        if first and self.ends[first - 1] == start:
            first -= 1
        if first < last:
            start, end = min(start, self.starts[first]), max(end, self.ends[last - 1])
            del self.starts[first:last], self.ends[first:last]
        insort(self.starts, start)
        insort(self.ends, end)


def occupy(bays: Iterable[OpenBay], busy: Iterable[BusyTime] = ()) -> tuple[list[Bay], dict[str, int | None]]:
    """The bays, best fit first, with everything in them; and for each busy time's key the bay that it shares, if any.

    The second maps only conflicts: to the bay they were put on top of, or to None where the store has no such bay.
    """
    found, placed, surplus = place(bays, busy)
    return found, {key: placed[key] for key in surplus}


def place(bays: Iterable[OpenBay], busy: Iterable[BusyTime]) -> tuple[list[Bay], dict[str, int | None], frozenset[str]]:
    """The bays as `occupy` returns them, the bay of every busy time by its key, and the keys that found none free."""
    found = []
    for one in sorted(bays, key=lambda bay: (len(bay.abilities), bay.bay_id)):
        bay = Bay(one.bay_id, one.abilities)
        for span in sorted(one.taken):
            bay.take(*span)
        found.append(bay)
    placed: dict[str, int | None] = {}
    surplus = set()
    for time in sorted(busy, key=lambda time: (time.starts_at, time.ends_at, time.key)):
        suited = [bay for bay in found if time.abilities <= bay.abilities] or found
        free = next((bay for bay in suited if bay.is_free(time.starts_at, time.ends_at)), None)
        chosen = free or min(suited, key=lambda bay: bay.overlap(time.starts_at, time.ends_at), default=None)
        placed[time.key] = chosen.bay_id if chosen else None
        if free is None:
            surplus.add(time.key)
        if chosen:
            chosen.take(time.starts_at, time.ends_at)
    return found, placed, frozenset(surplus)
