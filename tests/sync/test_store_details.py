"""A store that is renamed or moves in ShopMonkey is so here too."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.db import db
from app.locations.models import Location
from app.shopmonkey import ShopMonkeyError
from app.shopmonkey.fake import FakeShopMonkey
from app.sync.models import SyncTurn
from app.sync.store_details import refresh_details
from tests.factories.locations import make_company, make_location
from tests.factories.shopmonkey import AWAY, accounts_of, put_location


@pytest.fixture
def shop(app):
    fake = FakeShopMonkey()
    with accounts_of(app, good=fake):
        yield fake


@pytest.fixture
def store(shop):
    store = make_location(make_company(shopmonkey_id="acme", shopmonkey_api_key="good"), shopmonkey_id="boulder")
    put_location(shop, "boulder")
    db.session.commit()
    return store


def hours_pass():
    db.session.execute(update(SyncTurn).values(until=db.func.now() - timedelta(seconds=1)))
    db.session.commit()


def test_a_new_name_address_and_zone_are_taken_over_and_what_is_ours_stays(shop, store):
    store.tagline, store.live = "Ours", True
    db.session.commit()
    put_location(shop, "boulder", name="Tint World of Boulder", timezone="America/Phoenix", phone=None, email="")
    assert refresh_details(store.company) == 1
    db.session.expire_all()
    assert (store.name, store.timezone, store.city) == ("Tint World of Boulder", "America/Phoenix", "Boulder")
    assert (store.phone, store.email) == ("+19545550100", "coralsprings@example.com")
    assert (store.tagline, store.live, len(store.hours)) == ("Ours", True, 6)


def test_a_zone_that_does_not_exist_is_not_taken_over(shop, store):
    put_location(shop, "boulder", timezone="Mountain Time", name=None)
    refresh_details(store.company)
    assert store.timezone == "America/New_York"
    assert store.name == "Tint World Coral Springs"


def test_shopmonkey_is_asked_every_six_hours_only(shop, store):
    refresh_details(store.company)
    assert refresh_details(store.company) == 0
    assert shop.asked == ["location"]
    hours_pass()
    put_location(shop, "boulder", name="Renamed")
    assert refresh_details(store.company) == 1


def test_while_shopmonkey_is_away_nothing_changes_and_it_is_asked_again_soon(shop, store):
    shop.failing = AWAY
    with pytest.raises(ShopMonkeyError):
        refresh_details(store.company)
    db.session.rollback()
    shop.failing = None
    hours_pass()
    assert refresh_details(store.company) == 1
    assert db.session.scalar(select(Location.name)) == "Tint World boulder"
