"""One order, one lead, newest state."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, select

from app.db import db
from app.leads.models import Lead, LeadEvent
from app.locations import UnknownStore
from app.shopmonkey import ShopMonkeyError, WrongKey
from app.sync import take_order
from app.sync.models import SyncTurn
from app.sync.polling import poll
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


def leads() -> int:
    return db.session.scalar(select(func.count()).select_from(Lead))


def test_a_quote_becomes_a_lead_with_all_that_belongs_to_it(sync) -> None:
    sync.quote()
    lead = take_order(sync.company, "o1", NOW)
    assert (lead.location, lead.stage, lead.order_number) == (sync.store, "new", "1042")
    assert (lead.customer.name, lead.customer.phone, lead.customer.email) == (
        "Maria Alvarez",
        "+19542370101",
        "maria@example.com",
    )
    assert (lead.customer.sms_opt_in, lead.customer.email_subscribed) == (True, True)
    assert lead.vehicle.name == "2021 Toyota Camry"
    assert [(line.name, line.price_cents, line.canned_service_id) for line in lead.services] == [
        ("Ceramic Tint", 39900, "cs1")
    ]
    assert sync.told_kinds() == ["LeadCreated"]
    [event] = db.session.scalars(select(LeadEvent).where(LeadEvent.lead_id == lead.id))
    assert event.text == "Came in from ShopMonkey: New Quote Auto Window Tinting 1042"


def test_again_and_again_changes_nothing(sync) -> None:
    sync.quote()
    first = take_order(sync.company, "o1", NOW)
    for _ in range(3):
        assert take_order(sync.company, "o1", NOW) == first
    assert leads() == 1
    assert sync.told_kinds() == ["LeadCreated"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"messageCount": 0}, {"messageCount": 1}, True),
        ({"messagedDate": "2026-11-02T15:00:00Z"}, {"messagedDate": "2026-11-02T16:00:00Z"}, True),
        ({"messageCount": 0}, {"messageCount": 0, "name": "Another name"}, False),
        ({"messageCount": None}, {"messageCount": 3}, False),
    ],
)
def test_an_advisor_who_texts_from_shopmonkey_is_told_of_once(sync, before, after, told) -> None:
    sync.quote(**before)
    take_order(sync.company, "o1", NOW)
    sync.quote(**after)
    for _ in range(2):
        take_order(sync.company, "o1", NOW)
    assert sync.told_kinds() == ["LeadCreated", *["AdvisorTexted"] * told]


def test_an_order_that_comes_in_with_messages_is_somebodys_already(sync) -> None:
    sync.quote(messageCount=2)
    take_order(sync.company, "o1", NOW)
    assert sync.told_kinds() == ["LeadCreated", "AdvisorTexted"]


def test_an_older_state_changes_nothing(sync) -> None:
    old = dict(sync.quote())
    sync.quote(name="The newer name")
    take_order(sync.company, "o1", NOW)
    sync.fake.tables["order"]["o1"] = old
    assert take_order(sync.company, "o1", NOW).order_name == "The newer name"


def test_without_versions_the_date_of_change_decides(sync) -> None:
    sync.quote(meta=None, updatedDate="2026-11-02T15:10:00Z", name="newer")
    take_order(sync.company, "o1", NOW)
    sync.fake.tables["order"]["o1"] |= {"updatedDate": "2026-11-02T15:05:00Z", "name": "older"}
    assert take_order(sync.company, "o1", NOW).order_name == "newer"


@pytest.mark.parametrize(
    ("change", "stage", "reason"),
    [
        ({"authorized": True}, "booked", None),
        ({"authorized": True, "status": "RepairOrder"}, "booked", None),
        ({"invoiced": True, "status": "Invoice"}, "won", "invoiced in ShopMonkey"),
        ({"paid": True, "archived": True}, "won", "paid in ShopMonkey"),
        ({"archived": True}, "lost", "archived in ShopMonkey without payment"),
        ({"deleted": True, "authorized": True}, "lost", "deleted in ShopMonkey"),
    ],
)
def test_shopmonkeys_progress_moves_the_lead(sync, change, stage, reason) -> None:
    sync.quote()
    take_order(sync.company, "o1", NOW)
    sync.quote(**change)
    lead = take_order(sync.company, "o1", NOW)
    assert (lead.stage, lead.closed_reason) == (stage, reason)
    assert sync.told_kinds() == ["LeadCreated", "LeadMoved" if stage == "booked" else "LeadClosed"]


def test_an_order_that_is_gone_loses_its_lead_and_nothing_revives_it(sync) -> None:
    sync.quote()
    take_order(sync.company, "o1", NOW)
    sync.fake.remove("order", "o1")
    for _ in range(2):
        assert take_order(sync.company, "o1", NOW).stage == "lost"
    assert sync.told_kinds() == ["LeadCreated", "LeadClosed"]


@pytest.mark.parametrize(
    "change", [{"authorized": True}, {"status": "Invoice"}, {"deleted": True}, {"imported": True}, {"status": None}]
)
def test_an_order_that_is_no_lead_makes_nothing(sync, change) -> None:
    sync.quote(**change)
    assert take_order(sync.company, "o1", NOW) is None
    assert take_order(sync.company, "nobody", NOW) is None
    assert (leads(), sync.told) == (0, [])
    assert sync.fake.asked == ["order/o1", "order/nobody"]


def test_an_order_without_a_customer_is_a_lead_that_is_completed_later(sync) -> None:
    sync.quote(customerId=None)
    lead = take_order(sync.company, "o1", NOW)
    assert lead.customer is None
    sync.quote(customerId="c1")
    assert take_order(sync.company, "o1", NOW).customer.name == "Maria Alvarez"
    assert sync.told_kinds() == ["LeadCreated", "LeadCustomerKnown"]


def test_a_customer_that_is_gone_leaves_the_lead_standing(sync) -> None:
    sync.quote(customerId="deleted", vehicleId="deleted")
    lead = take_order(sync.company, "o1", NOW)
    assert (lead.customer, lead.vehicle) == (None, None)


def test_an_order_at_a_store_nobody_added_is_said_so_and_can_come_later(sync) -> None:
    sync.quote(locationId="new-store")
    with pytest.raises(UnknownStore, match="new-store"):
        take_order(sync.company, "o1", NOW)
    assert (leads(), sync.told) == (0, [])
    make_location(sync.company, shopmonkey_id="new-store")
    assert take_order(sync.company, "o1", NOW).location.shopmonkey_id == "new-store"


def test_another_companys_store_is_no_store_of_ours(sync) -> None:
    sync.quote(locationId=make_location().shopmonkey_id)
    with pytest.raises(UnknownStore):
        take_order(sync.company, "o1", NOW)


def test_an_order_moved_to_another_store_takes_its_lead_along(sync) -> None:
    sync.quote()
    take_order(sync.company, "o1", NOW)
    other = make_location(sync.company, name="Tint World Boulder")
    sync.quote(locationId=other.shopmonkey_id)
    assert take_order(sync.company, "o1", NOW).location == other
    assert sync.told_kinds() == ["LeadCreated", "LeadChangedStore"]


def test_lines_are_replaced_in_their_order(sync) -> None:
    sync.quote()
    take_order(sync.company, "o1", NOW)
    sync.fake.lines["o1"] = [
        {"id": "s3", "name": "Detail", "totalCents": 0, "ordinal": 2},
        {"id": "s1", "name": "Ceramic Tint", "totalCents": 42900, "ordinal": 1},
        {"id": "gone", "name": "Old line", "deleted": True},
    ]
    sync.quote()
    lead = take_order(sync.company, "o1", NOW)
    assert [(line.name, line.price_cents) for line in lead.services] == [("Ceramic Tint", 42900), ("Detail", None)]


def test_the_same_customer_of_two_orders_is_one_row(sync) -> None:
    sync.quote("o1")
    sync.quote("o2")
    one, two = (take_order(sync.company, order_id, NOW) for order_id in ("o1", "o2"))
    assert one.customer == two.customer
    assert one.id != two.id


def test_a_failure_of_shopmonkey_writes_nothing(sync) -> None:
    sync.quote()
    sync.fake.failing = ShopMonkeyError("down", permanent=False, status=503)
    with pytest.raises(ShopMonkeyError):
        take_order(sync.company, "o1", NOW)
    assert leads() == 0


def test_a_lead_just_made_is_looked_at_once_more(sync) -> None:
    """Another worker may have read the authorized order, found no lead yet, and gone on."""
    sync.quote()
    sync.fake.before_answering = lambda what: what == "order/o1/service" and sync.quote(authorized=True)
    assert take_order(sync.company, "o1", NOW).stage == "booked"


def test_only_what_may_be_new_is_read_again(sync) -> None:
    sync.quote()
    sync.quote("o2", paid=True)
    assert read_by_polling(sync) == {"o1"}
    assert read_by_polling(sync) == set()
    sync.quote(authorized=True)
    assert read_by_polling(sync) == {"o1"}


def read_by_polling(sync) -> set[str]:
    """The orders that a poll reads by their ids."""
    db.session.execute(delete(SyncTurn))
    db.session.commit()
    sync.fake.asked.clear()
    poll(sync.company, NOW)
    return {what.removeprefix("order/") for what in sync.fake.asked if what.count("/") == 1 and "order/" in what}


def test_a_key_that_no_longer_reads_the_store_loses_none_of_its_leads(sync) -> None:
    sync.quote()
    lead = take_order(sync.company, "o1", NOW)
    row = sync.fake.tables["order"].pop("o1")
    place = sync.fake.tables["location"].pop(sync.store.shopmonkey_id)
    with pytest.raises(WrongKey, match="does not read the store"):
        take_order(sync.company, "o1", NOW)
    assert (lead.stage, lead.order_deleted_at) == ("new", None)
    sync.fake.tables["location"][sync.store.shopmonkey_id] = place
    sync.fake.tables["order"]["o1"] = {**row, "authorized": True, "meta": {"version": 9}}
    assert take_order(sync.company, "o1", NOW).stage == "booked"


@pytest.mark.parametrize("cents", [5_000_001, 99, 1, 0, None, "much"])
def test_a_line_that_nothing_can_cost_is_a_line_without_a_price(sync, cents) -> None:
    sync.quote()
    sync.fake.lines["o1"] = [
        {"id": "s1", "name": "Tint", "totalCents": cents},
        {"id": "s2", "name": "Wash", "totalCents": 9900},
    ]
    lead = take_order(sync.company, "o1", NOW)
    assert [line.price_cents for line in lead.services] == [None, 9900]
