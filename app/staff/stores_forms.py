"""The forms of a store's screens, as the domain takes them, and as they are shown again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from werkzeug.datastructures import MultiDict

from app.booking.bays import BayPlan
from app.booking.models import Bay
from app.lib.text import whole_number
from app.locations.hours import DAYS, Stretch
from app.locations.models import OpeningHours
from app.locations.week import MOST_A_DAY, HoursRefused

BLANK_BAYS = 2
MOST_BAY_ROWS = 60

Form = MultiDict[str, str]
Typed = list[list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class DayRow:
    """One weekday of the form: its stretches as typed, and what is wrong with them."""

    number: int
    name: str
    stretches: list[tuple[str, str]]
    error: str = ""

    @property
    def breaks(self) -> bool:
        return any(opens or closes for opens, closes in self.stretches[1:])


def typed_week(form: Form) -> Typed:
    """What stands in the form, day by day."""
    return [
        [
            (form.get(f"opens-{day}-{n}", "").strip(), form.get(f"closes-{day}-{n}", "").strip())
            for n in range(MOST_A_DAY)
        ]
        for day in range(7)
    ]


def week_of(hours: Sequence[OpeningHours]) -> Typed:
    """A store's hours as the form shows them."""
    typed: Typed = [[] for _ in range(7)]
    for stretch in hours:
        typed[stretch.weekday].append((f"{stretch.opens:%H:%M}", f"{stretch.closes:%H:%M}"))
    return [day + [("", "")] * (MOST_A_DAY - len(day)) for day in typed]


def copied_to_weekdays(typed: Typed) -> Typed:
    """Monday's hours on every weekday."""
    return [typed[0]] * 5 + typed[5:]


def day_rows(typed: Typed, errors: dict[int, str] | None = None) -> list[DayRow]:
    """The form's days."""
    return [DayRow(day, DAYS[day], typed[day], (errors or {}).get(day, "")) for day in range(7)]


def stretches(typed: Typed) -> list[Stretch]:
    """The typed week as stretches. Raises HoursRefused for a stretch that is half there or no time."""
    found: list[Stretch] = []
    odd: dict[int, str] = {}
    for day, pairs in enumerate(typed):
        for opens, closes in pairs:
            if not (opens or closes):
                continue
            try:
                found.append((day, time.fromisoformat(opens), time.fromisoformat(closes)))
            except ValueError:
                odd[day] = "Give both times: when it opens, and when it closes."
    if odd:
        raise HoursRefused(odd)
    return found


def bay_plans(form: Form) -> list[BayPlan]:
    """The bays of the form. A row without a name is none, or one that goes."""
    plans = []
    for row in range(MOST_BAY_ROWS):
        name, given = " ".join(form.get(f"name-{row}", "").split()), form.get(f"id-{row}", "")
        if name:
            plans.append(BayPlan(name, tuple(form.getlist(f"abilities-{row}")), whole_number(given)))
    return plans


def bay_rows(bays: Sequence[Bay]) -> list[BayPlan]:
    """A store's bays as the form shows them, with room for new ones."""
    return with_blanks([BayPlan(bay.name, tuple(bay.abilities), bay.id) for bay in bays])


def with_blanks(plans: Sequence[BayPlan]) -> list[BayPlan]:
    """The rows, with empty ones below."""
    return [*plans, *[BayPlan("", ())] * BLANK_BAYS]
