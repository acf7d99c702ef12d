"""Adding stores: what the key reads is offered, what is chosen becomes a store, and the worker does the rest."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, text

from app.db import db
from app.locations.models import Location, ShopMonkeyKey
from app.shopmonkey.fake import FakeShopMonkey
from app.sync import onboarding
from app.sync.clients import client_of_store, clients_of, has_key
from app.sync.models import CatalogRun, StoreSetup
from app.sync.onboarding import OnboardingRefused
from app.webhooks.models import WebhookEvent
from tests.factories.locations import make_company, make_location
from tests.factories.shopmonkey import AWAY, accounts_of, put_location
from tests.factories.webhooks import make_event

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


@pytest.fixture
def shop(app):
    fake = FakeShopMonkey()
    put_location(fake, "boulder", name="Tint World Boulder")
    put_location(fake, "golden", name="Tint World Golden")
    put_location(fake, "closed", archived=True)
    with accounts_of(app, good=fake):
        yield fake


@pytest.fixture
def company(app):
    return make_company(shopmonkey_id="acme", shopmonkey_api_key="good")


def read(company, key="good"):
    client, account = onboarding.client_of_key(key), company.shopmonkey_id
    db.session.commit()
    return onboarding.read_locations(client, account)


def add(company, *ids, zones=None, key_id=None):
    chosen = [one for one in read(company) if one.id in ids]
    return onboarding.add_stores(company, chosen, zones or {}, key_id, "frances@example.com", NOW)


def rows(table):
    return db.session.scalar(select(func.count()).select_from(table))


def test_open_locations_are_offered_and_those_that_are_stores_are_marked(shop, company):
    make_location(company, shopmonkey_id="golden")
    offered = onboarding.offers(company.id, read(company))
    assert [(offer.payload.id, offer.added) for offer in offered] == [("boulder", False), ("golden", True)]


def test_a_chosen_location_becomes_a_store_with_what_shopmonkey_knows(shop, company):
    (store,) = add(company, "boulder")
    assert (store.name, store.timezone, store.phone) == ("Tint World Boulder", "America/Denver", "+13035550144")
    assert store.address == "1 Pearl St, Boulder, CO 80301"
    assert (store.hours, store.live) == ([], False)
    assert db.session.get_one(StoreSetup, store.id).due_at is not None
    assert db.session.scalars(select(CatalogRun.status)).all() == ["queued"]


def test_adding_twice_is_adding_once(shop, company):
    (store,) = add(company, "boulder")
    store.name = "Renamed here"
    assert add(company, "boulder", "golden") == [
        db.session.scalars(select(Location).filter_by(shopmonkey_id="golden")).one()
    ]
    assert rows(Location) == rows(StoreSetup) == rows(CatalogRun) == 2
    assert store.name == "Renamed here"


def test_a_location_without_a_zone_waits_for_somebody_to_choose_one(shop, company):
    put_location(shop, "boulder", timezone="Mountain Time")
    assert [offer.zone_known for offer in onboarding.offers(company.id, read(company))] == [False, True]
    for zones in ({}, {"boulder": ""}, {"boulder": "Mars/Olympus"}):
        with pytest.raises(OnboardingRefused, match="no time zone"):
            add(company, "boulder", zones=zones)
    (store,) = add(company, "boulder", zones={"boulder": "America/Phoenix"})
    assert store.timezone == "America/Phoenix"


@pytest.mark.parametrize(
    ("key", "why", "later"),
    [("wrong", "does not know this key", False), ("away", "does not answer right now", True)],
)
def test_a_key_that_does_not_work_is_told_in_words_and_nothing_is_written(app, company, key, why, later):
    away = FakeShopMonkey()
    away.failing = AWAY
    with accounts_of(app, away=away), pytest.raises(OnboardingRefused, match=why) as refused:
        read(company, key)
    assert refused.value.later is later
    assert rows(Location) == rows(ShopMonkeyKey) == rows(StoreSetup) == 0


def test_another_accounts_key_is_refused(app, company):
    foreign = FakeShopMonkey()
    put_location(foreign, "elsewhere", account="somebody-else")
    with accounts_of(app, good=foreign), pytest.raises(OnboardingRefused, match="another ShopMonkey account"):
        read(company)


def test_keys_lie_encrypted_in_their_tables(shop, company):
    onboarding.keep_key(company, "sm-secret-company", for_company=True)
    onboarding.keep_key(company, "sm-secret-store", for_company=False)
    kept = text("SELECT shopmonkey_api_key FROM companies UNION ALL SELECT secret FROM shopmonkey_keys")
    raw = [bytes(row) for row in db.session.scalars(kept)]
    assert len(raw) == 2
    assert not [row for row in raw if b"sm-secret" in row]
    db.session.expire_all()
    assert company.shopmonkey_api_key == "sm-secret-company"


def test_a_store_with_a_key_of_its_own_is_read_with_it(app, shop, company):
    own = FakeShopMonkey()
    put_location(own, "golden")
    with accounts_of(app, good=shop, own=own):
        onboarding.use_key(store := make_location(company), "own", for_company=False)
        assert client_of_store(store) is own
        assert client_of_store(make_location(company)) is shop
        assert clients_of(company) == [shop, own]
        onboarding.use_key(store, None, for_company=True)
        assert client_of_store(store) is shop
    assert rows(ShopMonkeyKey) == 0


def test_a_company_whose_stores_have_their_own_keys_can_be_read(shop):
    company = make_company()
    assert not has_key(company)
    onboarding.use_key(make_location(company), "good", for_company=False)
    assert has_key(company)
    assert clients_of(company) == [shop]


def test_a_key_in_use_is_not_forgotten(shop, company):
    key_id = onboarding.keep_key(company, "good", for_company=False)
    assert [key.id for key in onboarding.unused_keys(company.id)] == [key_id]
    add(company, "boulder", key_id=key_id)
    onboarding.drop_unused_key(company.id, key_id)
    assert onboarding.unused_keys(company.id) == []
    assert rows(ShopMonkeyKey) == 1


def test_what_waited_for_the_store_is_tried_again_and_nothing_else(shop, company):
    unknown = {"status": "unknown_store", "attempts": 1, "company_id": company.id, "last_error": "not added"}
    waits = make_event("acme", payload={"data": {"locationId": "boulder"}}, **unknown)
    unnamed = make_event("acme", payload={"data": {}}, **unknown)
    elsewhere = make_event("acme", payload={"data": {"locationId": "golden"}}, **unknown)
    strange = make_event("other", payload={"data": {"locationId": "boulder"}}, **{**unknown, "company_id": None})
    done = make_event("acme", payload={"data": {"locationId": "boulder"}}, status="done")
    add(company, "boulder")
    db.session.expire_all()
    assert [one.status for one in (waits, unnamed)] == ["new", "new"]
    assert (waits.attempts, waits.last_error) == (0, None)
    assert [one.status for one in (elsewhere, strange, done)] == ["unknown_store", "unknown_store", "done"]


def test_if_the_choice_is_refused_nothing_of_it_is_told(shop, company):
    event = make_event("acme", payload={"data": {"locationId": "boulder"}}, status="unknown_store")
    put_location(shop, "golden", name="Z without a zone", timezone=None)
    with pytest.raises(OnboardingRefused):
        add(company, "boulder", "golden")
    db.session.rollback()
    assert rows(Location) == 0
    assert db.session.get_one(WebhookEvent, event.id).status == "unknown_store"
