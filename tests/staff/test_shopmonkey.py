"""The screen of the company's connection with ShopMonkey, and the orders that could not be read."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app.accounts.models import AuditEntry
from app.db import db
from app.locations.models import ShopMonkeyKey
from app.sync.models import KeyWatermark, OrderWatermark, SyncTurn, UnreadOrder, WebhookRegistration
from tests.factories.accounts import make_staff, sign_in
from tests.factories.locations import make_location
from tests.factories.webhooks import make_event

PATH = "/staff/shopmonkey"
NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


@pytest.fixture
def frances(app, cast):
    cast.store.company.shopmonkey_api_key = "sm-good-key"
    db.session.commit()
    return sign_in(app.test_client(), make_staff(cast.store, "franchise_admin"))


@pytest.fixture
def sam(app, cast):
    return sign_in(app.test_client(), make_staff(cast.store, "store_manager"))


def mark(cast, **given) -> None:
    row = {"company_id": cast.store.company_id, "complete_until": NOW, "polled_at": func.now(), **given}
    db.session.add(OrderWatermark(**row))
    db.session.commit()


def set_aside(cast, order_id="o1", store=None, **given) -> UnreadOrder:
    row = {"company_id": cast.store.company_id, "shopmonkey_order_id": order_id, "order_number": "4711"}
    row |= {"store": store or cast.store.shopmonkey_id, "error": "/customer/c1: 500", "set_aside_at": NOW}
    order = UnreadOrder(**row | given)
    db.session.add(order)
    db.session.commit()
    return order


def test_only_an_admin_has_the_screen(desk, sam, frances) -> None:
    assert [who.get(PATH).status_code for who in (desk, sam, frances)] == [403, 403, 200]
    assert [who.post(f"{PATH}/webhook-checks").status_code for who in (desk, sam)] == [403, 403]
    assert PATH in frances.get("/staff/stores").text
    assert PATH not in sam.get("/staff/stores").text


def test_a_refused_key_is_named_with_what_to_do_and_shows_on_the_stores_checklist(cast, frances, sam) -> None:
    mark(cast, error="/order: 401", refused=True)
    assert "ShopMonkey refuses this key" in frances.get(PATH).text
    assert "ShopMonkey refuses this key" in sam.get(f"/staff/stores/{cast.store.id}").text


def test_an_outage_is_said_to_be_one_and_leaves_the_checklist_alone(cast, frances, sam) -> None:
    mark(cast, error="/order: 503")
    assert "asked again every few seconds" in frances.get(PATH).text
    assert "503" not in sam.get(f"/staff/stores/{cast.store.id}").text


def test_a_stores_own_key_stands_for_itself(cast, frances) -> None:
    key = ShopMonkeyKey(company_id=cast.store.company_id, secret="sm-own")
    db.session.add(key)
    db.session.flush()
    cast.other_store.shopmonkey_key_id = key.id
    db.session.add(KeyWatermark(key_id=key.id, complete_until=NOW, error="/order: 401", refused=True))
    mark(cast)
    page = frances.get(PATH).text
    assert page.index("It reads the orders") < page.index("Key of Tint World Boulder") < page.index("refuses this key")


def test_another_key_is_pasted_where_the_present_one_is_told(cast, frances) -> None:
    key = ShopMonkeyKey(company_id=cast.store.company_id, secret="sm-own")
    db.session.add(key)
    db.session.flush()
    cast.other_store.shopmonkey_key_id = key.id
    mark(cast)
    page = frances.get(PATH).text
    shown = re.search(r'href="([^"]+)"[^>]*>\s*Use another key', page)
    assert shown
    assert shown[1] == f"/staff/stores/{cast.store.id}/key"
    assert f'href="/staff/stores/{cast.other_store.id}/key"' in page
    assert "/staff/stores/new" not in page
    assert "The whole company" in frances.get(shown[1]).text


def test_no_secret_and_no_key_are_ever_shown(cast, frances) -> None:
    cast.store.company.shopmonkey_webhook_secret = "whsec-hidden"
    db.session.commit()
    page = frances.get(PATH).text
    assert "own, kept here, encrypted" in page
    assert "sm-good-key" not in page
    assert "whsec-hidden" not in page


def test_what_is_wrong_with_the_webhook_is_shown_and_it_is_looked_at_on_demand(cast, frances) -> None:
    wrong = {"checked_at": NOW, "problem": "PUBLIC_URL is not a public https address"}
    db.session.add(WebhookRegistration(company_id=cast.store.company_id, **wrong))
    later = func.now() + timedelta(hours=1)
    db.session.add(SyncTurn(company_id=cast.store.company_id, job="registrations", until=later))
    db.session.commit()
    assert "PUBLIC_URL is not a public https address" in frances.get(PATH).text
    assert frances.post(f"{PATH}/webhook-checks").status_code == 303
    assert db.session.scalar(select(SyncTurn.until <= func.now()))
    assert "checked the webhook" in db.session.scalars(select(AuditEntry.action)).all()


def test_whether_deliveries_are_believed_is_told(cast, frances) -> None:
    assert "No signed delivery has come in the last 30 days" in frances.get(PATH).text
    make_event("acme", company_id=cast.store.company_id)
    assert "No signed delivery has come in the last 30 days" not in frances.get(PATH).text


def test_orders_set_aside_are_shown_to_who_may_see_the_store_and_tried_again_on_demand(
    cast, desk, sam, frances
) -> None:
    mine, other = set_aside(cast), set_aside(cast, "o2", cast.other_store.shopmonkey_id, order_number="4712")
    assert "1 order" not in frances.get(PATH).text
    assert "2 orders could not be read" in frances.get(PATH).text
    page = sam.get("/staff/webhook-events").text
    assert ("4711" in page, "4712" in page) == (True, False)
    assert desk.post("/staff/unread-orders/attempts", data={"order": "o1"}).status_code == 403
    assert sam.post("/staff/unread-orders/attempts", data={"order": "o2"}).status_code == 404
    assert sam.post("/staff/unread-orders/attempts", data={"order": "o1"}).status_code == 303
    db.session.refresh(mine)
    db.session.refresh(other)
    assert (mine.next_attempt_at is not None, other.next_attempt_at) == (True, None)


def test_another_companys_orders_are_nobodys_business(cast, frances) -> None:
    set_aside(cast, "o9", company_id=make_location().company_id, order_number="9999")
    assert "9999" not in frances.get("/staff/webhook-events").text
    assert frances.post("/staff/unread-orders/attempts", data={"order": "o9"}).status_code == 404


def test_what_only_waits_for_the_next_poll_is_not_shown(cast, frances) -> None:
    set_aside(cast, set_aside_at=None)
    assert "4711" not in frances.get("/staff/webhook-events").text
    db.session.execute(update(UnreadOrder).values(set_aside_at=func.now()))
    db.session.commit()
    assert "4711" in frances.get("/staff/webhook-events").text
