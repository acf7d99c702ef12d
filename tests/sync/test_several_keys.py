"""A company whose stores are read with different keys: one that fails or sees less takes nothing from the others."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from app.db import db
from app.leads.models import Lead
from app.locations.models import Location, ShopMonkeyKey
from app.shopmonkey import ShopMonkeyError
from app.shopmonkey.fake import FakeShopMonkey
from app.sync import HANDLERS, onboarding
from app.sync.failures import MOST_IN_A_ROW
from app.sync.models import KeyWatermark, OrderWatermark, SyncTurn
from app.sync.orders import take_order
from app.sync.polling import poll
from app.sync.registrations import TRIGGERS, address, check_registration
from app.sync.rereading import reread
from app.sync.store_details import refresh_details
from tests.factories.locations import make_location
from tests.factories.shopmonkey import put_location

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
REFUSED = ShopMonkeyError("401", permanent=True, status=401)


@pytest.fixture
def own(app, sync) -> tuple[Location, FakeShopMonkey]:
    """A second store that is read with its own key, and what that key sees."""
    key = ShopMonkeyKey(company_id=sync.company.id, secret="sm-store-two")
    db.session.add(key)
    db.session.flush()
    store = make_location(sync.company, name="Tint World Boulder", shopmonkey_key_id=key.id)
    db.session.commit()
    fake = FakeShopMonkey()
    before = app.extensions["shopmonkey_by_key"]
    app.extensions["shopmonkey_by_key"] = lambda secret: fake
    fake.tables = {name: dict(sync.fake.tables[name]) for name in ("customer", "vehicle")}
    put_location(fake, store.shopmonkey_id, sync.company.shopmonkey_id)
    yield store, fake
    app.extensions["shopmonkey_by_key"] = before


def quote_at(own, sync, order_id: str = "o2") -> None:
    store, fake = own
    fake.put("order", order_id, **{**sync._fresh(), "locationId": store.shopmonkey_id})


def leads() -> list[str]:
    return list(db.session.scalars(select(Lead.shopmonkey_order_id).order_by(Lead.shopmonkey_order_id)))


def test_a_refused_company_key_does_not_stop_a_webhook_of_a_store_with_its_own(own, sync):
    quote_at(own, sync)
    sync.fake.failing = REFUSED
    take_order(sync.company, "o2", NOW)
    assert leads() == ["o2"]


def test_a_webhook_that_names_its_store_asks_that_stores_key_and_no_other(own, sync):
    quote_at(own, sync)
    HANDLERS["shopmonkey", "order"](sync.company.shopmonkey_id, "o2", NOW, own[0].shopmonkey_id)
    assert leads() == ["o2"]
    assert sync.fake.asked == []


def test_a_refused_company_key_does_not_stop_polling_with_the_others(own, sync):
    quote_at(own, sync)
    sync.fake.failing = REFUSED
    with pytest.raises(ShopMonkeyError):
        poll(sync.company, NOW)
    assert leads() == ["o2"]


def test_a_refused_key_does_not_make_an_order_gone(own, sync):
    quote_at(own, sync)
    take_order(sync.company, "o2", NOW)
    own[1].failing = REFUSED
    with pytest.raises(ShopMonkeyError):
        take_order(sync.company, "o2", NOW)
    assert db.session.scalar(select(Lead.stage)) == "new"


def test_an_order_that_moved_to_a_store_of_another_key_takes_its_lead_along(own, sync):
    sync.quote()
    take_order(sync.company, "o1", NOW)
    moved = sync.fake.tables["order"].pop("o1") | {"locationId": own[0].shopmonkey_id, "meta": {"version": 9}}
    own[1].tables["order"] = {"o1": moved}
    reread(sync.company, NOW + timedelta(minutes=20))
    lead = db.session.scalar(select(Lead).execution_options(populate_existing=True))
    assert (lead.stage, lead.location_id) == ("new", own[0].id)


def test_a_refused_key_does_not_keep_the_orders_of_the_others_from_being_read_again(own, sync):
    sync.quote()
    quote_at(own, sync)
    take_order(sync.company, "o1", NOW)
    take_order(sync.company, "o2", NOW)
    own[1].put("order", "o2", authorized=True)
    sync.fake.failing = REFUSED
    with pytest.raises(ShopMonkeyError):
        reread(sync.company, NOW + timedelta(minutes=20))
    assert db.session.scalar(select(Lead.stage).where(Lead.shopmonkey_order_id == "o2")) == "booked"


def test_a_refused_key_holds_back_only_its_own_watermark(own, sync):
    own[1].failing = REFUSED
    with pytest.raises(ShopMonkeyError):
        poll(sync.company, NOW)
    db.session.expire_all()
    company, key = db.session.scalars(select(OrderWatermark)).one(), db.session.scalars(select(KeyWatermark)).one()
    assert (company.complete_until, company.refused) == (NOW, False)
    assert (key.complete_until, key.refused) == (NOW - timedelta(hours=24), True)


def test_a_key_that_is_taken_again_catches_up_from_where_it_was_refused(own, sync):
    own[1].failing = REFUSED
    with pytest.raises(ShopMonkeyError):
        poll(sync.company, NOW)
    own[1].failing = None
    quote_at(own, sync)
    db.session.execute(delete(SyncTurn))
    db.session.commit()
    poll(sync.company, NOW + timedelta(days=2))
    assert leads() == ["o2"]


def test_a_refused_key_of_another_store_does_not_keep_a_deleted_order_open(own, sync):
    for order_id in ("o1", "o2"):
        sync.quote(order_id)
        take_order(sync.company, order_id, NOW)
    sync.fake.remove("order", "o1")
    sync.quote("o2", paid=True)
    own[1].failing = REFUSED
    reread(sync.company, NOW + timedelta(minutes=20))
    found = dict(db.session.execute(select(Lead.shopmonkey_order_id, Lead.stage)).all())
    assert found == {"o1": "lost", "o2": "won"}


def test_what_only_some_keys_could_tell_is_gone_opens_again_when_it_is_seen(own, sync):
    sync.quote()
    take_order(sync.company, "o1", NOW)
    row = sync.fake.tables["order"].pop("o1")
    own[1].failing = REFUSED
    assert take_order(sync.company, "o1", NOW).closed_reason == "not in ShopMonkey any more"
    own[1].failing = None
    sync.fake.tables["order"]["o1"] = row
    assert take_order(sync.company, "o1", NOW).stage == "new"


def test_an_order_that_another_key_cannot_tell_of_at_the_moment_is_not_gone(own, sync):
    sync.quote()
    take_order(sync.company, "o1", NOW)
    sync.fake.remove("order", "o1")
    own[1].failing = ShopMonkeyError("503", permanent=False, status=503)
    with pytest.raises(ShopMonkeyError):
        take_order(sync.company, "o1", NOW)
    assert db.session.scalar(select(Lead.stage)) == "new"


def test_an_order_that_moved_to_a_store_of_its_own_key_before_that_was_added_comes_back_with_it(app, sync):
    sync.quote()
    take_order(sync.company, "o1", NOW)
    moved = sync.fake.tables["order"].pop("o1") | {"locationId": "boulder", "meta": {"version": 9}}
    assert take_order(sync.company, "o1", NOW).stage == "lost"
    boulder = make_location(sync.company, name="Tint World Boulder", shopmonkey_id="boulder")
    sync.fake.tables["order"]["o1"] = moved
    lead = take_order(sync.company, "o1", NOW)
    assert (lead.stage, lead.location_id, lead.order_deleted_at) == ("new", boulder.id, None)


def refused_since_friday(own, sync) -> Location:
    """A store whose key was refused before an order came in; two days have passed, and the company was read."""
    poll(sync.company, NOW)
    own[1].failing = REFUSED
    quote_at(own, sync)
    own[1].tables["order"]["o2"]["createdDate"] = (NOW + timedelta(hours=2)).isoformat()
    for hours in (3, 40):
        db.session.execute(delete(SyncTurn))
        db.session.commit()
        with pytest.raises(ShopMonkeyError):
            poll(sync.company, NOW + timedelta(hours=hours))
    own[1].failing = None
    db.session.execute(delete(SyncTurn))
    db.session.commit()
    return own[0]


def test_a_replaced_key_reads_on_where_the_former_one_was_refused(own, sync):
    onboarding.use_key(refused_since_friday(own, sync), "sm-new", for_company=False)
    db.session.commit()
    poll(sync.company, NOW + timedelta(hours=41))
    assert leads() == ["o2"]


def test_the_companys_key_reads_on_where_the_stores_own_one_was_refused(own, sync):
    onboarding.use_key(refused_since_friday(own, sync), None, for_company=True)
    db.session.commit()
    sync.fake.tables["order"] = own[1].tables["order"]
    poll(sync.company, NOW + timedelta(hours=41))
    assert leads() == ["o2"]


def test_a_stores_first_own_key_reads_on_where_the_companys_came_to(own, sync):
    sync.fake.failing = REFUSED
    with pytest.raises(ShopMonkeyError):
        poll(sync.company, NOW)
    sync.fake.failing = None
    onboarding.use_key(sync.store, "sm-new", for_company=False)
    db.session.commit()
    mark = db.session.get(KeyWatermark, sync.store.shopmonkey_key_id)
    assert mark.complete_until == NOW - timedelta(hours=24)


def test_a_refused_key_keeps_no_other_from_having_its_webhook_looked_after(app, own, sync, monkeypatch):
    public = app.config["SETTINGS"].model_copy(update={"public_url": "https://leads.example.com"})
    monkeypatch.setitem(app.config, "SETTINGS", public)
    url = address(public)
    own[1].put("webhook", "h2", url=url, triggers=list(TRIGGERS), enabled=False)
    sync.fake.failing = REFUSED
    problem = check_registration(sync.company, NOW)
    assert own[1].tables["webhook"]["h2"]["enabled"] is True
    assert problem is not None
    assert "does not know this key" in problem
    assert pause_of("registrations") > timedelta(minutes=5), "who must mend it is a person"
    onboarding.keep_key(sync.company, "new", for_company=True)
    db.session.commit()
    assert pause_of("registrations") <= timedelta(0), "who has mended it need not wait"


def test_a_refused_key_keeps_the_stores_of_no_other_from_being_renamed(own, sync):
    store, fake = own
    put_location(fake, store.shopmonkey_id, sync.company.shopmonkey_id, name="Tint World Denver")
    sync.fake.failing = REFUSED
    with pytest.raises(ShopMonkeyError):
        refresh_details(sync.company)
    assert db.session.scalar(select(Location.name).where(Location.id == store.id)) == "Tint World Denver"


def test_while_shopmonkey_is_away_not_every_key_is_tried(app, own, sync):
    sync.fake.failing = own[1].failing = ShopMonkeyError("no answer", permanent=False)
    for number in range(5):
        key = ShopMonkeyKey(company_id=sync.company.id, secret=f"sm-{number}")
        db.session.add(key)
        db.session.flush()
        make_location(sync.company, shopmonkey_key_id=key.id)
    db.session.commit()
    assert "does not answer" in (check_registration(sync.company, NOW) or "")
    assert len(sync.fake.asked) + len(own[1].asked) == MOST_IN_A_ROW


def pause_of(job: str) -> timedelta:
    left = select(SyncTurn.until - func.clock_timestamp()).where(SyncTurn.job == job)
    found = db.session.scalar(left)
    assert found is not None
    return found
