"""The forms of a store's booking rules and special days, as booking takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from app.booking import RulesPlan, RulesRefused
from app.locations.days import SpecialDaysRefused
from app.locations.hours import Hours

MINUTES = {"buffer": "buffer_minutes", "step": "step_minutes", "usual": "usual_minutes"}
COUNTS = {"horizon": "horizon_days", "nights": "nights"}
HOURS = {"lead": "lead_minutes", "change": "change_minutes"}
FIELDS = (*MINUTES, *COUNTS, *HOURS, "last_start")
MOST_STRETCHES = 2
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class TypedDays:
    """Special days as they stand in the form."""

    name: str
    first: str
    last: str
    closed: bool
    stretches: list[tuple[str, str]]


def typed_rules(plan: RulesPlan) -> dict[str, str]:
    """The rules as the form shows them: hours with a fraction where they are not whole."""
    typed = {name: str(getattr(plan, column)) for name, column in (MINUTES | COUNTS).items()}
    typed |= {name: f"{getattr(plan, column) / 60:g}" for name, column in HOURS.items()}
    return typed | {"last_start": f"{plan.last_start:%H:%M}" if plan.last_start else ""}


def read_rules(form: Mapping[str, str]) -> RulesPlan:
    """The rules of the form. Raises RulesRefused, by the names of booking's fields, for what is no number."""
    values: dict[str, int] = {}
    odd: dict[str, str] = {}
    for factor, fields in ((1, MINUTES | COUNTS), (60, HOURS)):
        for name, column in fields.items():
            try:
                values[column] = round(float(form.get(name, "")) * factor)
                if abs(values[column]) > MOST:
                    raise ValueError
            except (ValueError, OverflowError):
                odd[column] = "Write a number."
    last_start = None
    if form.get("last_start", "").strip():
        try:
            last_start = time.fromisoformat(form["last_start"].strip())
        except ValueError:
            odd["last_start"] = "Write a time, like 15:30."
    if odd:
        raise RulesRefused(odd)
    return RulesPlan(last_start=last_start, **values)


def by_field(odd: Mapping[str, str]) -> dict[str, str]:
    """Booking's reasons under the names of the form's fields."""
    names = {column: name for name, column in (MINUTES | COUNTS | HOURS).items()}
    return {names.get(column, column): words for column, words in odd.items()}


def typed_days(form: Mapping[str, str]) -> TypedDays:
    """The special days as they were sent."""
    pairs = [(form.get(f"opens-{n}", "").strip(), form.get(f"closes-{n}", "").strip()) for n in range(MOST_STRETCHES)]
    first = form.get("first", "").strip()
    closed = form.get("open") != "yes"
    return TypedDays(form.get("name", "").strip(), first, form.get("last", "").strip() or first, closed, pairs)


def read_days(typed: TypedDays) -> tuple[date, date, list[Hours]]:
    """First day, last day and hours (none: closed). Raises SpecialDaysRefused for what cannot be read."""
    try:
        first, last = date.fromisoformat(typed.first), date.fromisoformat(typed.last)
    except ValueError:
        raise SpecialDaysRefused("Give the day, or the first and the last.") from None
    if typed.closed:
        return first, last, []
    try:
        found = [(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in typed.stretches if opens]
    except ValueError:
        raise SpecialDaysRefused("Give both times: when it opens, and when it closes.") from None
    if not found:
        raise SpecialDaysRefused("Give the hours, or choose closed.")
    return first, last, found


def hours_words(stretches: Sequence[Sequence[str]]) -> str:
    """Kept hours as people read them: `10:00 AM – 2:00 PM`, `closed`."""
    told = [[f"{time.fromisoformat(wall):%I:%M %p}".lstrip("0") for wall in pair] for pair in stretches]
    return ", ".join(" – ".join(pair) for pair in told) or "closed"
