"""Which days of a calendar are looked at. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from app.locations.opening import DAY

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


def parse_day(text: str, today: date) -> date:
    """The date that is meant, within ten years of today; today for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs(day - today) < timedelta(days=3660) else today
