"""Who sees and changes which orders are leads."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.db import db
from app.leads.models import Lead, LeadRule
from app.shopmonkey import ShopMonkeyError
from app.shopmonkey.fake import FakeShopMonkey
from app.sync import take_order
from app.sync.rules import rule_of
from tests.factories.accounts import make_staff, sign_in
from tests.factories.locations import make_company, make_location

FORM = {"columns": "Website Leads\n\nAppointments", "names": "New Quote*", "statuses": ["Estimate"], "days": "2"}
FROM_HERE = {"Origin": "http://localhost"}


@pytest.fixture
def shop(app):
    """Frances's company, read from a ShopMonkey in memory."""
    fake = FakeShopMonkey()
    fake.before_answering = lambda what: _no_transaction(what)
    before = app.extensions["shopmonkey"]
    app.extensions["shopmonkey"] = lambda company: fake
    store = make_location(make_company(shopmonkey_api_key="key"))
    fake.put("workflow_status", "col-1", name="Website Leads", locationId=store.shopmonkey_id)
    fake.put("workflow_status", "col-2", name="Done", locationId=store.shopmonkey_id)
    yield fake, store
    app.extensions["shopmonkey"] = before


def _no_transaction(what: str) -> None:
    assert not db.session().in_transaction(), f"a transaction is open while {what} is asked for"


def order(fake, store, order_id="o1", **fields):
    created = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    plain = {"number": 1042, "name": "New Quote Tint", "status": "Estimate", "createdDate": created}
    fake.put("order", order_id, **{**plain, "locationId": store.shopmonkey_id, "workflowStatusId": "col-1", **fields})


def admin(client, store):
    return sign_in(client, make_staff(store, "franchise_admin"))


def test_an_admin_sets_the_rule_and_it_holds_at_once(client, shop) -> None:
    fake, store = shop
    answer = admin(client, store).post("/staff/lead-rule", data=FORM, headers=FROM_HERE)
    assert answer.status_code == 303
    rule = rule_of(store.company_id)
    assert (rule.columns, rule.name_patterns) == (("Website Leads", "Appointments"), ("New Quote*",))
    assert rule.max_age == timedelta(days=2)
    assert db.session.scalars(select(AuditEntry.action)).all()[-1] == "changed the lead rule"
    order(fake, store, "o1")
    order(fake, store, "o2", workflowStatusId="col-2")
    order(fake, store, "o3", name="Walk-in")
    for order_id in ("o1", "o2", "o3"):
        take_order(store.company, order_id, datetime.now(UTC))
    assert db.session.scalars(select(Lead.shopmonkey_order_id)).all() == ["o1"]


def test_a_preview_shows_what_would_match_and_keeps_nothing(client, shop) -> None:
    fake, store = shop
    order(fake, store, "o1")
    order(fake, store, "o2", name="Walk-in")
    answer = admin(client, store).post("/staff/lead-rule", data={**FORM, "preview": "1"}, headers=FROM_HERE)
    assert "1 of 2 orders looked at would be leads" in answer.text
    assert "its name is “Walk-in”, which fits none of the rule" in answer.text
    assert db.session.scalar(select(LeadRule)) is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"days": "0"}, "whole number of days"),
        ({"days": "many"}, "whole number of days"),
        ({"days": "99999999999"}, "whole number of days"),
        ({"statuses": []}, "at least one status"),
        ({"columns": "\n".join(map(str, range(30)))}, "At most 20 lines"),
    ],
)
def test_a_form_that_makes_no_rule_is_refused_with_what_was_typed(client, shop, change, why) -> None:
    answer = admin(client, shop[1]).post("/staff/lead-rule", data={**FORM, **change}, headers=FROM_HERE)
    assert answer.status_code == 422
    assert why in answer.text
    assert "New Quote*" in answer.text


@pytest.mark.parametrize("role", ["advisor", "store_manager"])
def test_others_read_the_rule_and_cannot_change_it(client, shop, role) -> None:
    signed_in = sign_in(client, make_staff(shop[1], role))
    page = signed_in.get("/staff/lead-rule").text
    assert "not yet authorized" in page
    assert "<textarea" not in page
    assert signed_in.post("/staff/lead-rule", data=FORM, headers=FROM_HERE).status_code == 403


@pytest.mark.parametrize("asked", ["1042", "#1042", "o1"])
def test_anybody_on_staff_is_told_why_an_order_is_no_lead(client, shop, asked) -> None:
    fake, store = shop
    order(fake, store, authorized=True)
    page = sign_in(client, make_staff(store)).get("/staff/lead-rule", query_string={"order": asked}).text
    assert "It is no lead: the customer has already authorized it." in page


def test_a_lead_is_linked_whatever_the_rule_says_now(client, shop) -> None:
    fake, store = shop
    order(fake, store)
    lead = take_order(store.company, "o1", datetime.now(UTC))
    order(fake, store, authorized=True)
    page = sign_in(client, make_staff(store)).get("/staff/lead-rule?order=1042").text
    assert "It is a lead and stays one" in page
    assert f"/staff/leads/{lead.public_id}" in page


def test_another_stores_order_is_not_shown(client, shop) -> None:
    fake, store = shop
    other = make_location(store.company, name="Tint World Boulder")
    order(fake, other)
    page = sign_in(client, make_staff(store)).get("/staff/lead-rule?order=1042").text
    assert "no such order at your stores" in page
    assert "New Quote Tint" not in page


def test_when_shopmonkey_does_not_answer_the_page_says_so(client, shop) -> None:
    fake, store = shop
    fake.failing = ShopMonkeyError("down", permanent=False, status=503)
    answer = sign_in(client, make_staff(store)).get("/staff/lead-rule?order=1042")
    assert answer.status_code == 503
    assert "ShopMonkey does not answer right now" in answer.text
