"""The webhook of a store that was added: registered once per key, with a secret that was kept before."""

import pytest
from sqlalchemy import select, update

from app.db import db
from app.locations.models import Company
from app.shopmonkey import ShopMonkeyError
from app.shopmonkey.fake import FakeShopMonkey
from app.sync.models import StoreSetup
from app.sync.onboarding import keep_key
from app.sync.registrations import address
from app.sync.setups import begin_setup, set_stores_up
from tests.conftest import settings_for_tests
from tests.factories.locations import make_company, make_location
from tests.factories.shopmonkey import AWAY, WRONG_KEY, accounts_of

PUBLIC = "https://leads.example.com"


@pytest.fixture
def shop(app, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", settings_for_tests("", public_url=PUBLIC))
    fake = FakeShopMonkey()
    with accounts_of(app, good=fake):
        yield fake


@pytest.fixture
def store(shop):
    return make_location(make_company(shopmonkey_api_key="good"))


def run(*stores):
    for store in stores:
        begin_setup(store)
    db.session.commit()
    done = set_stores_up()
    db.session.expire_all()
    return done


def setup_of(store):
    return db.session.get_one(StoreSetup, store.id)


def make_due():
    db.session.execute(update(StoreSetup).values(due_at=db.func.now()))
    db.session.commit()


def test_the_webhook_is_registered_with_a_secret_of_the_companys_own(shop, store):
    assert run(store) == 1
    (hook,) = shop.tables["webhook"].values()
    assert hook["url"] == f"{PUBLIC}/webhooks/shopmonkey"
    assert {"OrderInsert", "OrderUpdate"} <= set(hook["triggers"])
    assert hook["secret"] == store.company.shopmonkey_webhook_secret
    assert len(hook["secret"]) >= 40
    # ShopMonkey takes each name once, and the account may serve another deployment too.
    assert "leads.example.com" in hook["name"]
    assert (setup_of(store).webhook_id, setup_of(store).due_at, setup_of(store).error) == (hook["id"], None, None)


def test_many_stores_of_one_key_share_one_registration(shop, store):
    others = [make_location(store.company) for _ in range(20)]
    run(store, *others)
    assert len(shop.tables["webhook"]) == 1
    assert {setup_of(one).webhook_id for one in (store, *others)} == set(shop.tables["webhook"])
    assert len(shop.asked) < 6


def test_an_answer_that_was_lost_leads_to_no_second_registration(shop, store):
    shop.failing_after = AWAY
    run(store)
    assert setup_of(store).webhook_id is None
    assert "does not answer right now" in setup_of(store).error
    assert setup_of(store).due_at is not None
    shop.failing_after = None
    make_due()
    set_stores_up()
    db.session.expire_all()
    (hook,) = shop.tables["webhook"].values()
    assert setup_of(store).webhook_id == hook["id"]
    assert hook["secret"] == store.company.shopmonkey_webhook_secret


def test_a_refused_key_waits_for_a_person(shop, store):
    shop.failing = WRONG_KEY
    run(store)
    assert setup_of(store).due_at is None
    assert "does not know this key" in setup_of(store).error
    shop.failing = None
    run(store)
    assert setup_of(store).error is None


def test_a_webhook_whose_secret_nobody_here_knows_is_not_taken_over(app, shop, store):
    url = address(app.config["SETTINGS"])
    shop.put("webhook", "w1", url=url, enabled=True, triggers=["OrderInsert", "OrderUpdate"], name="By hand")
    run(store)
    assert "Delete it there" in setup_of(store).error
    assert db.session.scalar(select(Company.shopmonkey_webhook_secret)) is None
    store.company.shopmonkey_webhook_secret = "known-after-all"
    run(store)
    assert setup_of(store).webhook_id == "w1"


def test_without_a_public_address_nothing_is_registered(app, shop, store, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", settings_for_tests("", public_url="http://localhost"))
    run(store)
    assert "https" in setup_of(store).error
    assert "webhook" not in shop.tables


def test_a_failure_comes_back_later_and_does_not_stop_the_others(app, shop, store):
    broken = FakeShopMonkey()
    broken.failing = ShopMonkeyError("503", permanent=False, status=503)
    other = make_location(make_company(shopmonkey_api_key="broken"))
    with accounts_of(app, good=shop, broken=broken):
        assert run(other, store) == 2
        assert setup_of(store).webhook_id
        assert setup_of(other).attempts == 1
        assert set_stores_up() == 0


def test_a_new_key_of_the_company_lets_every_stopped_store_go_on(app, shop, store):
    neighbour = make_location(store.company)
    store.company.shopmonkey_api_key = "revoked"
    run(store, neighbour)
    assert setup_of(store).error
    keep_key(store.company, "good", for_company=True)
    db.session.commit()
    assert set_stores_up() == 2
    db.session.expire_all()
    assert setup_of(store).webhook_id == setup_of(neighbour).webhook_id != None  # noqa: E711
