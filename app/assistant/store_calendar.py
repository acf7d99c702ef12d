"""Now at a store, and when it is open by its own clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from app.locations.hours import Hours


@dataclass(frozen=True, slots=True)
class Calendar:
    """Now at the store, its weekly hours as (weekday, opens, closes), and `special` days, which win."""

    now: datetime
    hours: tuple[tuple[int, time, time], ...] = ()
    special: Mapping[date, Sequence[Hours]] = field(default_factory=dict)

    def on(self, day: date) -> list[Hours]:
        """The open stretches of a date."""
        if day in self.special:
            return list(self.special[day])
        return self.of_weekday(day.weekday())

    def of_weekday(self, weekday: int) -> list[Hours]:
        """The open stretches of a weekday, as weeks usually are."""
        return [stretch[1:] for stretch in self.hours if stretch[0] == weekday]

    def open_now(self) -> bool:
        """Whether it is open at this moment."""
        wall, today = self.now.time(), self.on(self.now.date())
        return any(opens <= wall and (wall < closes or closes == time(0)) for opens, closes in today)
