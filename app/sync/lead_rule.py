"""Which orders are leads. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from app.shopmonkey import Order


@dataclass(frozen=True)
class Rule:
    """A company's rule. Empty `columns` and `name_patterns` narrow nothing; a `*` in a pattern stands for anything.

    The usual rule takes every fresh estimate: what a website quote becomes is only observed, at one franchise.
    """

    columns: tuple[str, ...] = ()
    name_patterns: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("Estimate",)
    max_age: timedelta = timedelta(hours=72)


@dataclass(frozen=True)
class Check:
    """One question of the rule, answered in words that staff can read."""

    passed: bool
    words: str


@dataclass(frozen=True)
class Verdict:
    """Whether an order is a lead, and why (not), in words that staff can read."""

    is_lead: bool
    why: str


AGAINST = (
    ("deleted", "it is deleted", "it is not deleted"),
    ("archived", "it is archived", "it is not archived"),
    ("paid", "it is paid", "it is not paid"),
    ("invoiced", "it is invoiced", "it is not invoiced"),
    ("authorized", "the customer has already authorized it", "the customer has not authorized it yet"),
    ("imported", "it was imported from another system", "it was not imported from another system"),
)


def is_lead(order: Order, rule: Rule, column: str | None, now: datetime) -> Verdict:
    """Whether the order becomes a lead; `column` is the name of its workflow column, where the rule asks for one.

    An order that already is a lead stays one whatever this says.
    """
    for check in checks(order, rule, column, now):
        if not check.passed:
            return Verdict(False, check.words)
    return Verdict(True, "an estimate that nobody has acted on yet")


def may_be_lead(order: Order, rule: Rule, now: datetime) -> bool:
    """Whether all but the column speaks for it: only then is the column worth a call."""
    return all(check.passed for check in _without_column(order, rule, now))


def checks(order: Order, rule: Rule, column: str | None, now: datetime) -> Iterator[Check]:
    """Every question of the rule in turn; an order is a lead when all are passed."""
    yield from _without_column(order, rule, now)
    if rule.columns:
        passed = _plain(column) in {_plain(name) for name in rule.columns}
        yield Check(passed, f"its column is {column or 'unknown'}, {'one' if passed else 'none'} of the rule's columns")


def _without_column(order: Order, rule: Rule, now: datetime) -> Iterator[Check]:
    yield _status(order, rule)
    for flag, against, in_favour in AGAINST:
        passed = not getattr(order, flag)
        yield Check(passed, in_favour if passed else against)
    yield _age(order, rule, now)
    if rule.name_patterns:
        yield _name(order, rule)


def _status(order: Order, rule: Rule) -> Check:
    status = order.status or "unknown"
    passed = order.status in rule.statuses
    wanted = " or ".join(rule.statuses)
    return Check(passed, f"its status is {status}" if passed else f"its status is {status}, not {wanted}")


def _age(order: Order, rule: Rule, now: datetime) -> Check:
    if order.created_at is None:
        return Check(False, "it does not say when it was created")
    passed = now - order.created_at <= rule.max_age
    limit = _duration(rule.max_age)
    return Check(passed, f"it was created within {limit}" if passed else f"it was created more than {limit} ago")


def _name(order: Order, rule: Rule) -> Check:
    name = order.name or order.coalesced_name or ""
    passed = any(fnmatchcase(_plain(name), _whole_words(pattern)) for pattern in rule.name_patterns)
    told = f"its name is “{name}”" if name else "it has no name"
    return Check(passed, f"{told}, which {'fits' if passed else 'fits none of'} the rule's names")


def _whole_words(pattern: str) -> str:
    # Only the star is special: a name may hold brackets and question marks.
    return _plain(pattern).replace("[", "[[]").replace("?", "[?]")


def _plain(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()


def _duration(span: timedelta) -> str:
    hours = int(span.total_seconds() // 3600)
    return f"{hours // 24} days" if hours % 24 == 0 and hours > 24 else f"{hours} hours"
