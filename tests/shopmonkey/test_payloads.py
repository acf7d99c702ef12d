from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.shopmonkey import (
    AppointmentPayload,
    CannedService,
    CustomerPayload,
    LocationPayload,
    Order,
    OrderService,
    VehiclePayload,
    WebhookPayload,
    WorkflowStatus,
)
from app.shopmonkey.lists import Page

WORDS = st.text("a1é-:T. ", max_size=8)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
KINDS = [
    AppointmentPayload,
    CannedService,
    CustomerPayload,
    LocationPayload,
    Order,
    OrderService,
    VehiclePayload,
    WebhookPayload,
    WorkflowStatus,
]
NAMES = ["id", "meta", "createdDate", "number", "phoneNumbers", "emails", "labors", "labels", "totalCents", "year"]
NAMES += ["startDate", "metadata", "triggers", "position", "deleted"]


def test_an_order_keeps_what_we_use() -> None:
    order = Order.from_json(
        {
            "id": "o1",
            "number": 1042,
            "locationId": "64f0",
            "status": "Estimate",
            "authorized": True,
            "createdDate": "2026-11-02T15:00:00.000Z",
            "updatedDate": None,
            "meta": {"version": 7},
            "aFieldOfNextYear": {"x": 1},
        }
    )
    assert (order.id, order.number, order.location_id, order.version, order.authorized) == (
        "o1",
        "1042",
        "64f0",
        7,
        True,
    )
    assert order.created_at == datetime(2026, 11, 2, 15, tzinfo=UTC)
    assert (order.updated_at, order.paid, order.customer_id) == (None, False, None)


def test_consent_is_read_per_number_and_address() -> None:
    customer = CustomerPayload.from_json(
        {
            "id": "c1",
            "phoneNumbers": [{"id": "p1", "number": "+19545550101", "primary": True, "optIn": True}, "odd"],
            "emails": [{"id": "e1", "email": "maria@example.com", "subscribed": False}],
        }
    )
    assert [(phone.number, phone.primary, phone.opt_in) for phone in customer.phone_numbers] == [
        ("+19545550101", True, True)
    ]
    assert [(email.email, email.subscribed) for email in customer.emails] == [("maria@example.com", False)]


def test_costs_are_not_kept() -> None:
    secret = {"wholesaleCostCents": 4242, "costCents": 4242, "costRateCents": 4242, "totalCostCents": 4242}
    nested = {name: [{"hours": 2, **secret}] for name in ("labors", "parts", "fees", "tires", "subcontracts", "labels")}
    row = {"id": "s1", "name": "Tint", "calculatedLaborCents": 100, **nested, **secret}
    for kind in KINDS:
        # Of an order "cost" is what the customer is to pay.
        told = row if kind is not Order else {**row, "totalCostCents": 1}
        assert "4242" not in str(asdict(kind.from_json(told)))
    assert CannedService.from_json(row).labor_cents == 100


def test_a_webhooks_secret_is_not_kept() -> None:
    hook = WebhookPayload.from_json({"id": "w1", "url": "https://x.test", "enabled": True, "secret": "s3cret"})
    assert hook.works
    assert "s3cret" not in repr(hook)


@pytest.mark.parametrize("odd", [{"enabled": False}, {"error": True}, {"deleted": True}])
def test_a_webhook_that_is_off_or_in_error_does_not_work(odd) -> None:
    assert not WebhookPayload.from_json({"id": "w1", "enabled": True, **odd}).works


def test_an_appointment_is_read_in_utc_with_our_own_key() -> None:
    row = {"id": "a1", "startDate": "2026-11-10T13:00:00.000-05:00", "endDate": "later", "metadata": {"visit": "v1"}}
    seen = AppointmentPayload.from_json(row)
    assert seen.starts_at == datetime(2026, 11, 10, 18, tzinfo=UTC)
    assert (seen.ends_at, seen.metadata) == (None, {"visit": "v1"})
    assert AppointmentPayload.from_json({"id": "a1", "metadata": None}).metadata == {}


def test_a_service_has_hours_from_its_labour_and_its_labels() -> None:
    row = {"id": "s1", "labors": [{"hours": 1.5}, {"hours": "1"}], "labels": [{"name": "Ceramic Tint"}, {}]}
    service = CannedService.from_json(row)
    assert (service.labor_hours, service.labels) == (2.5, ("Ceramic Tint",))


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(data=st.dictionaries(st.sampled_from(NAMES), ANYTHING))
def test_no_odd_value_breaks_a_payload(kind, data) -> None:
    assert isinstance(kind.from_json(data).id, str)


@pytest.mark.parametrize(("seen", "total", "complete"), [(2, 2, True), (2, 3, False), (0, 0, True), (3, 2, False)])
def test_a_page_is_complete_only_when_it_adds_up(seen: int, total: int, complete: bool) -> None:
    assert Page(tuple(Order(id=str(n)) for n in range(seen)), total).complete is complete


def test_what_no_column_can_hold_is_made_to_fit_or_left_out() -> None:
    line = OrderService.from_json({"id": "s\x001", "name": "Ti\x00nt\ud800", "totalCents": 1e30, "ordinal": 10**400})
    assert (line.id, line.name, line.total_cents, line.ordinal) == ("s1", "Tint", 2**63 - 1, 2**63 - 1)
    assert Order.from_json({"createdDate": "0001-01-01T00:00:00+14:00"}).created_at is None
    assert CannedService.from_json({"labors": [{"hours": "nan"}, {"hours": 10**400}, {"hours": 2}]}).labor_hours == 2
