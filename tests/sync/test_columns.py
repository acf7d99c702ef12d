"""Column names are read per store, once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.db import db
from app.shopmonkey import Order
from app.sync.columns import column_of, known_names
from app.sync.lead_rule import Rule
from app.sync.models import WorkflowColumn
from app.sync.orders import take_order
from app.sync.rules import set_rule
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _columns(sync) -> None:
    other = make_location(sync.company, name="Tint World Boulder", shopmonkey_id="boulder")
    sync.fake.put("workflow_status", "a1", name="Website Leads", locationId=sync.store.shopmonkey_id)
    sync.fake.put("workflow_status", "a2", name="Done", locationId=sync.store.shopmonkey_id)
    sync.fake.put("workflow_status", "b1", name="Website Leads", locationId=other.shopmonkey_id)
    set_rule(sync.company.id, Rule(columns=("Website Leads",)), "Frances", NOW)
    db.session.commit()


def name_of(sync, column_id: str) -> str | None:
    found = Order(id="o", location_id=sync.store.shopmonkey_id, workflow_status_id=column_id)
    return column_of(sync.company.id, sync.fake, found)


def age(span: timedelta) -> None:
    db.session.execute(update(WorkflowColumn).values(read_at=WorkflowColumn.read_at - span))
    db.session.commit()


def test_one_rule_by_name_holds_at_every_store_whatever_its_ids(sync) -> None:
    sync.quote("o1", workflowStatusId="a1")
    sync.quote("o2", workflowStatusId="b1", locationId="boulder")
    sync.quote("o3", workflowStatusId="a2")
    made = [take_order(sync.company, order_id, NOW) for order_id in ("o1", "o2", "o3")]
    assert [bool(lead) for lead in made] == [True, True, False]
    assert known_names(sync.company.id) == ["Done", "Website Leads"]


def test_names_are_asked_for_once_a_store(sync) -> None:
    for column in ("a1", "a2", "a1"):
        name_of(sync, column)
    assert len(sync.fake.asked) == 1


def test_a_new_column_is_known_at_once_and_an_unknown_id_is_asked_for_once_an_hour(sync) -> None:
    name_of(sync, "a1")
    sync.fake.put("workflow_status", "a3", name="New", locationId=sync.store.shopmonkey_id)
    assert name_of(sync, "a3") == "New"
    for _ in range(3):
        assert name_of(sync, "nobody-knows") is None
    assert sync.fake.asked[2:] == ["workflow_status", "workflow_status/nobody-knows"]


def test_one_that_the_list_leaves_out_is_looked_up(sync) -> None:
    sync.fake.workflow_statuses = lambda location_id: []
    assert name_of(sync, "a1") == "Website Leads"


def test_a_renamed_column_is_noticed_after_an_hour(sync) -> None:
    name_of(sync, "a1")
    sync.fake.put("workflow_status", "a1", name="Web Quotes")
    assert name_of(sync, "a1") == "Website Leads"
    age(timedelta(hours=2))
    assert name_of(sync, "a1") == "Web Quotes"


def test_what_cannot_be_a_lead_anyway_costs_no_call_for_its_column(sync) -> None:
    sync.quote("o1", workflowStatusId="a1", authorized=True)
    take_order(sync.company, "o1", NOW)
    assert sync.fake.asked == ["order/o1"]
