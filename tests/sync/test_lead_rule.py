from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.shopmonkey import Order
from app.sync.lead_rule import Rule, checks, is_lead, may_be_lead

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


def order(**given) -> Order:
    return Order(**{"id": "o1", "status": "Estimate", "created_at": NOW - timedelta(minutes=1), **given})


def verdict(rule: Rule | None = None, column: str | None = None, **given):
    return is_lead(order(**given), rule or Rule(), column, NOW)


def test_an_open_estimate_is_a_lead_and_says_why() -> None:
    assert verdict().is_lead
    assert verdict().why == "an estimate that nobody has acted on yet"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"status": "Invoice"}, "its status is Invoice, not Estimate"),
        ({"status": None}, "its status is unknown, not Estimate"),
        ({"authorized": True}, "the customer has already authorized it"),
        ({"paid": True}, "it is paid"),
        ({"invoiced": True}, "it is invoiced"),
        ({"archived": True}, "it is archived"),
        ({"deleted": True}, "it is deleted"),
        ({"imported": True}, "it was imported from another system"),
        ({"created_at": NOW - timedelta(days=3, seconds=1)}, "it was created more than 3 days ago"),
        ({"created_at": None}, "it does not say when it was created"),
    ],
)
def test_anything_else_is_not_and_says_why(given, why) -> None:
    found = verdict(**given)
    assert (found.is_lead, found.why) == (False, why)


@pytest.mark.parametrize("column", ["Website Leads", " website  leads "])
def test_columns_are_known_by_their_names_however_they_are_written(column) -> None:
    rule = Rule(columns=("Website Leads", "Appointments"))
    assert verdict(rule, column).is_lead
    assert verdict(rule, "In Progress").why == "its column is In Progress, none of the rule's columns"
    assert verdict(rule, None).why == "its column is unknown, none of the rule's columns"


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("New Quote*", "New Quote Auto Window Tinting", True),
        ("new quote*", "NEW QUOTE Detailing", True),
        ("New Quote*", "Walk-in", False),
        ("*tint*", "Auto Window Tinting", True),
        ("Quote [web]", "Quote [web]", True),
        ("Quote?", "Quotes", False),
    ],
)
def test_names_fit_by_stars_alone(pattern, name, fits) -> None:
    assert verdict(Rule(name_patterns=(pattern,)), name=name).is_lead is fits


def test_an_order_without_a_name_fits_no_pattern() -> None:
    assert verdict(Rule(name_patterns=("New Quote*",))).why == "it has no name, which fits none of the rule's names"


def test_another_status_can_be_asked_for() -> None:
    assert verdict(Rule(statuses=("Estimate", "RepairOrder")), status="RepairOrder").is_lead


@given(
    status=st.sampled_from(["Estimate", "RepairOrder", None]),
    age=st.integers(0, 200),
    archived=st.booleans(),
    name=st.sampled_from([None, "New Quote Tint", "Walk-in"]),
    column=st.sampled_from([None, "Website Leads", "Done"]),
    columns=st.sampled_from([(), ("Website Leads",)]),
)
def test_a_lead_is_what_passes_every_check_and_never_what_may_not_be_one(
    status, age, archived, name, column, columns
) -> None:
    given_order = order(status=status, created_at=NOW - timedelta(hours=age), archived=archived, name=name)
    rule = Rule(columns=columns, name_patterns=("New Quote*",))
    found = is_lead(given_order, rule, column, NOW)
    assert found.is_lead == all(check.passed for check in checks(given_order, rule, column, NOW))
    assert may_be_lead(given_order, rule, NOW) or not found.is_lead
