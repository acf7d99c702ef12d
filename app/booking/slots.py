"""Free times: opening hours, minus what the bays hold, for work of a given length. Pure.

Times are UTC throughout; a slot knows its store's zone. Wall times that the clock skips are offered to nobody, and
those it shows twice are two slots.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from app.booking.occupancy import Bay
from app.booking.rules import Rules, Work
from app.locations.opening import DAY, Opening, StoreHours, openings

Refusal = Literal["past", "too_soon", "too_far", "closed", "no_bay", "taken"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which the work can begin, when it would be done, and the bay it would have until `busy_until`."""

    starts_at: datetime
    ends_at: datetime
    busy_until: datetime
    bay_id: int
    timezone: str

    @property
    def local_start(self) -> datetime:
        """The start by the store's clock."""
        return self.starts_at.astimezone(ZoneInfo(self.timezone))

    @property
    def local_end(self) -> datetime:
        """The end by the store's clock."""
        return self.ends_at.astimezone(ZoneInfo(self.timezone))

    @property
    def day(self) -> date:
        """The store's date."""
        return self.local_start.date()


@dataclass(frozen=True, slots=True)
class Times:
    """A store's hours and rules over some days, with its bays as `occupancy.occupy` returns them."""

    hours: StoreHours
    rules: Rules
    bays: Sequence[Bay]

    def free(self, work: Work, first: date, last: date, now: datetime) -> list[Slot]:
        """Every slot of those days, in order."""
        last = min(last, self._furthest(now))
        first = max(first, now.astimezone(self.hours.zone).date())
        found = self._openings(first, last) if first <= last else []
        suited, nights = self._suited(work), self._nights(work)
        slots = (
            self._slot(found, at, work, nights, suited) for at in self._starts(found, last, now + self.rules.lead_time)
        )
        return [slot for slot in slots if slot is not None]

    def at(self, work: Work, start: datetime, now: datetime, *, by_staff: bool = False) -> Slot | Refusal:
        """The slot that begins at `start`, or why there is none.

        Staff are not bound to grid, lead time, last start and horizon, but to opening hours and bays like everybody.
        """
        day = start.astimezone(self.hours.zone).date()
        if start < now:
            return "past"
        if not by_staff and start < now + self.rules.lead_time:
            return "too_soon"
        if not by_staff and day > self._furthest(now):
            return "too_far"
        found = self._openings(day, day)
        offered = (at for at, opening in enumerate(found) if opening.opens <= start < opening.closes)
        position = next(offered, None)
        if position is None or not (by_staff or (position, start) in set(self._starts(found, day, start))):
            return "closed"
        if not (suited := self._suited(work)):
            return "no_bay"
        nights = self._nights(work)
        if _end(found, position, start, work, nights) is None:
            return "closed"
        return self._slot(found, (position, start), work, nights, suited) or "taken"

    def _openings(self, first: date, last: date) -> list[Opening]:
        return list(openings(self.hours, first, last + self.rules.nights * DAY))

    def _furthest(self, now: datetime) -> date:
        return now.astimezone(self.hours.zone).date() + self.rules.horizon_days * DAY

    def _suited(self, work: Work) -> list[Bay]:
        return [bay for bay in self.bays if work.abilities <= bay.abilities]

    def _starts(self, found: Sequence[Opening], last: date, earliest: datetime) -> Iterator[tuple[int, datetime]]:
        """The grid's starts with the position of their opening."""
        for position, opening in enumerate(found):
            if opening.day > last:
                return
            start = opening.opens
            while start < opening.closes:
                if start >= earliest and self._not_too_late(start):
                    yield position, start
                start += self.rules.step

    def _not_too_late(self, start: datetime) -> bool:
        latest = self.rules.last_start
        return latest is None or start.astimezone(self.hours.zone).time() <= latest

    def _nights(self, work: Work) -> int:
        """How many nights the car may stay: none, for work that some day of the week is long enough for."""
        return self.rules.nights if work.duration > self.hours.longest_day else 0

    def _slot(
        self, found: Sequence[Opening], at: tuple[int, datetime], work: Work, nights: int, suited: Sequence[Bay]
    ) -> Slot | None:
        position, start = at
        end = _end(found, position, start, work, nights)
        if end is None:
            return None
        until = end + self.rules.buffer
        bay = next((bay for bay in suited if bay.is_free(start, until)), None)
        return Slot(start, end, until, bay.bay_id, self.hours.timezone) if bay else None


def _end(found: Sequence[Opening], position: int, start: datetime, work: Work, nights: int) -> datetime | None:
    """When the work is done: it rests while the store is closed, with the car in its bay."""
    left, day = work.duration, found[position].day
    for opening in found[position:]:
        if (opening.day - day).days > nights:
            return None
        begins = max(start, opening.opens)
        if opening.closes - begins >= left:
            return begins + left
        left -= opening.closes - begins
    return None


def spread(slots: Iterable[Slot], count: int) -> list[Slot]:
    """`count` slots over as many days as there are, mornings and afternoons in turn; in order of time."""
    days: dict[date, list[Slot]] = {}
    for slot in sorted(slots, key=lambda slot: slot.starts_at):
        days.setdefault(slot.day, []).append(slot)
    chosen: list[Slot] = []
    while len(chosen) < count and any(days.values()):
        for turn, left in enumerate(days.values()):
            if left and len(chosen) < count:
                wanted = in_part(left, ("morning", "afternoon")[turn % 2]) or left
                chosen.append(wanted[0])
                left.remove(wanted[0])
    return sorted(chosen, key=lambda slot: slot.starts_at)


def in_part(slots: Iterable[Slot], part: str) -> list[Slot]:
    """The slots that begin in the `morning` (before noon by the store's clock) or in the `afternoon`."""
    return [slot for slot in slots if (slot.local_start.hour < 12) == (part == "morning")]


def on_day(slots: Iterable[Slot], day: date) -> list[Slot]:
    """The slots of that date of the store."""
    return [slot for slot in slots if slot.day == day]


def around(slots: Iterable[Slot], wanted: datetime, count: int = 6) -> list[Slot]:
    """`count` slots for somebody who wanted another time, in order: half of them the nearest of that day, the others at
    about that time of the days next to it, as far as there are such; then whatever is nearest.
    """
    nearest = sorted(slots, key=lambda slot: (abs(slot.starts_at - wanted), slot.starts_at))
    if not nearest:
        return []
    local = wanted.astimezone(ZoneInfo(nearest[0].timezone))
    chosen = on_day(nearest, local.date())[: count // 2]
    days: dict[date, list[Slot]] = {}
    for slot in nearest:
        if slot.day != local.date():
            days.setdefault(slot.day, []).append(slot)
    for day in sorted(days, key=lambda day: (abs(day - local.date()), day))[: count - len(chosen)]:
        chosen.append(min(days[day], key=lambda slot: abs(_clock(slot.local_start) - _clock(local))))
    chosen += [slot for slot in nearest if slot not in chosen][: count - len(chosen)]
    return sorted(chosen, key=lambda slot: slot.starts_at)


def _clock(local: datetime) -> timedelta:
    return timedelta(hours=local.hour, minutes=local.minute)
