"""A store's own rules for bookings, as its manager writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import time, timedelta

from app.booking.models import BookingRules
from app.booking.rules import Rules
from app.db import db
from app.lib.refusals import FieldsRefused
from app.locations.hours import Stretch
from app.locations.models import Location


@dataclass(frozen=True, slots=True)
class RulesPlan:
    """Rules as they are typed: whole minutes, days and nights; `last_start` by the store's clock."""

    buffer_minutes: int
    lead_minutes: int
    last_start: time | None
    horizon_days: int
    step_minutes: int
    nights: int
    change_minutes: int
    usual_minutes: int

    @property
    def rules(self) -> Rules:
        """The rules as the pure functions take them."""
        return BookingRules(**asdict(self)).rules


# Least and most, as the table's own checks have them, and how that is said.
BOUNDS: Mapping[str, tuple[int, int, str]] = {
    "buffer_minutes": (0, 480, "Between 0 minutes and 8 hours."),
    "lead_minutes": (0, 43200, "Between 0 and 720 hours (30 days)."),
    "horizon_days": (1, 365, "Between 1 and 365 days."),
    "step_minutes": (5, 480, "Between 5 minutes and 8 hours."),
    "nights": (0, 14, "Between 0 and 14 nights."),
    "change_minutes": (0, 43200, "Between 0 and 720 hours (30 days)."),
    "usual_minutes": (15, 2400, "Between 15 minutes and 40 hours."),
}


class RulesRefused(FieldsRefused):
    """These rules cannot be."""


def plan_of(rules: Rules) -> RulesPlan:
    """The rules as they are typed."""

    def minutes(span: timedelta) -> int:
        return round(span / timedelta(minutes=1))

    return RulesPlan(
        buffer_minutes=minutes(rules.buffer),
        lead_minutes=minutes(rules.lead_time),
        last_start=rules.last_start,
        horizon_days=rules.horizon_days,
        step_minutes=minutes(rules.step),
        nights=rules.nights,
        change_minutes=minutes(rules.change_until),
        usual_minutes=minutes(rules.usual),
    )


def check_rules(plan: RulesPlan, weekly: Sequence[Stretch]) -> None:
    """Raises RulesRefused for numbers out of bounds, or rules by which nothing could ever be booked."""
    odd = {name: words for name, (least, most, words) in BOUNDS.items() if not least <= getattr(plan, name) <= most}
    if "horizon_days" not in odd and plan.lead_minutes > plan.horizon_days * 24 * 60:
        odd.setdefault("lead_minutes", "By then it is further ahead than the store takes bookings.")
    if plan.last_start and weekly and plan.last_start < min(opens for _, opens, _ in weekly):
        odd["last_start"] = "The store is not open by then on any day, so nothing could begin."
    if odd:
        raise RulesRefused(odd)


def write_rules(store: Location, plan: RulesPlan) -> bool:
    """Make these the store's rules; False when they are already. Flushes. Raises RulesRefused."""
    check_rules(plan, [(row.weekday, row.opens, row.closes) for row in store.hours])
    own = db.session.get(BookingRules, store.id)
    if plan_of(own.rules if own else Rules()) == plan:
        return False
    if own is None:
        own = BookingRules(location_id=store.id)
        db.session.add(own)
    for name, value in asdict(plan).items():
        setattr(own, name, value)
    db.session.flush()
    return True
