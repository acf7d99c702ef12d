"""The lead rule's form, and what of ShopMonkey's orders a member of staff may see there."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from app.accounts import visible_locations
from app.accounts.models import StaffUser
from app.lib.text import whole_number
from app.sync.explaining import Explanation
from app.sync.lead_rule import Rule

STATUSES = ("Estimate", "RepairOrder", "Invoice")
LONGEST_DAYS = 30
MOST_LINES, LONGEST_LINE = 20, 100


class RuleRefused(ValueError):
    """The form makes no rule; the message says why, to whoever filled it."""


def rule_from(form: Mapping[str, str], statuses: Iterable[str]) -> Rule:
    """The rule that the form asks for. Raises RuleRefused."""
    days = whole_number(form.get("days", ""), LONGEST_DAYS)
    if not days:
        raise RuleRefused(f"The age must be a whole number of days from 1 to {LONGEST_DAYS}.")
    chosen = tuple(status for status in STATUSES if status in set(statuses))
    if not chosen:
        raise RuleRefused("Choose at least one status.")
    return Rule(
        columns=_lines(form.get("columns", "")),
        name_patterns=_lines(form.get("names", "")),
        statuses=chosen,
        max_age=timedelta(days=days),
    )


def values_of(rule: Rule) -> dict[str, Any]:
    """The form's fields as the rule has them."""
    return {
        "columns": "\n".join(rule.columns),
        "names": "\n".join(rule.name_patterns),
        "statuses": rule.statuses,
        "days": max(1, round(rule.max_age / timedelta(days=1))),
    }


def within_stores(staff: StaffUser, found: Iterable[Explanation]) -> list[tuple[Explanation, str]]:
    """Those at stores that `staff` may see, each with its store's name."""
    names = {store.shopmonkey_id: store.name for store in visible_locations(staff)}
    return [(one, names[one.order.location_id]) for one in found if one.order.location_id in names]


def _lines(text: str) -> tuple[str, ...]:
    lines = [" ".join(line.replace("\x00", "").split()) for line in text.splitlines()]
    kept = tuple(dict.fromkeys(line for line in lines if line))
    if len(kept) > MOST_LINES or any(len(line) > LONGEST_LINE for line in kept):
        raise RuleRefused(f"At most {MOST_LINES} lines of {LONGEST_LINE} characters each.")
    return kept
