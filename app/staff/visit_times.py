"""Choosing a time for a visit: what is free, what was chosen, and in which bay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from app.booking import BookingRefused, Slot, Work, free_slots
from app.lib.text import whole_number
from app.locations.models import Location
from app.locations.opening import moment

DAYS_SHOWN = 4
OTHER = "other"


class TimeRefused(ValueError):
    """No time was chosen, or one that cannot be read; the message says so."""


@dataclass(frozen=True, slots=True)
class ChosenTime:
    """When, and in which bay: None is the best fitting one."""

    starts_at: datetime
    bay_id: int | None


@dataclass(frozen=True, slots=True)
class TimeForm:
    """The fields as they stand in the form: a free time (`slot`, the start in UTC), or `other` with day, time, bay."""

    slot: str
    day: str
    at: str
    bay: str

    @classmethod
    def of(cls, form: Mapping[str, str], day: date) -> "TimeForm":
        """From the form, else empty on that day."""
        return cls(form.get("slot", ""), form.get("on") or day.isoformat(), form.get("at", ""), form.get("bay", ""))

    def chosen(self, zone: str) -> ChosenTime:
        """What was chosen. Raises TimeRefused."""
        if self.slot != OTHER:
            return ChosenTime(_instant(self.slot), None)
        return ChosenTime(read_moment(self.day, self.at, zone), whole_number(self.bay))


def refusal_words(refused: BookingRefused) -> str:
    """Why, as staff read it: for them a time is taken, whoever was there first."""
    if refused.code == "taken":
        return "That time is taken, in this bay or in every bay that can do the work."
    return str(refused)


def read_moment(day: str, at: str, zone: str) -> datetime:
    """The moment at which the store's clock shows that. Raises TimeRefused."""
    try:
        on, wall = date.fromisoformat(day), time.fromisoformat(at)
    except ValueError:
        raise TimeRefused("Give a day and a time.") from None
    if not 2000 <= on.year <= 2200:
        raise TimeRefused("That day is too far away.")
    return moment(on, wall.replace(tzinfo=None), ZoneInfo(zone))


def free_days(
    store: Location, work: Work, now: datetime, first: date, ignoring: int | None = None
) -> list[tuple[date, list[Slot]]]:
    """The first days with free times in the two weeks from `first`, each with all of them, as customers get them."""
    return by_day(free_slots(store.id, work, now, first, ignoring=ignoring))[:DAYS_SHOWN]


def by_day(slots: Sequence[Slot]) -> list[tuple[date, list[Slot]]]:
    """The slots under their days, in order."""
    days: dict[date, list[Slot]] = {}
    for slot in slots:
        days.setdefault(slot.day, []).append(slot)
    return sorted(days.items())


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise TimeRefused("Choose a time.") from None
    if found.tzinfo is None:
        raise TimeRefused("Choose a time.")
    return found.astimezone(UTC)
