"""Whose turn it is, the job that works through them, and the command."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.catalog.models import Service
from app.db import db
from app.lib import clock
from app.shopmonkey import ShopMonkeyError
from app.shopmonkey.fake import FakeShopMonkey
from app.sync.catalog_turns import due_stores, sync_catalogs
from app.sync.models import CatalogRun
from app.sync.nightly import is_due, latest_turn
from tests.factories.locations import make_company, make_location

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
NIGHT = timedelta(days=1)


def fill(fake, *stores):
    for store in stores:
        fake.put(
            "canned_service", f"{store}-1", name="Tint", locationId=store, pricing="FixedPrice",
            fixedPriceCents=19900, bookable=True,
        )  # fmt: skip


def test_a_turn_comes_once_a_night_between_two_and_five_where_the_store_is():
    for zone in ("America/New_York", "America/Denver", "Europe/Paris"):
        for number in range(50):
            turn = latest_turn(number, zone, NOW)
            assert turn <= NOW < turn + timedelta(hours=25)
            assert 1 <= turn.astimezone(__import__("zoneinfo").ZoneInfo(zone)).hour < 5
            assert latest_turn(number, zone, NOW + timedelta(days=3)) > turn


def test_two_hundred_stores_are_spread():
    turns = sorted(latest_turn(number, "America/New_York", NOW) for number in range(200))
    assert turns[-1] - turns[0] > timedelta(hours=2)
    assert max(sum(turn <= other < turn + timedelta(minutes=5) for other in turns) for turn in turns) < 25


@pytest.mark.parametrize(
    ("status", "ago", "due"),
    [
        (None, None, True),
        ("done", timedelta(minutes=5), False),
        ("done", timedelta(days=2), True),
        ("failed", timedelta(minutes=5), False),
        ("failed", timedelta(hours=2), True),
        ("running", timedelta(days=2), False),
        ("queued", timedelta(days=2), False),
    ],
)
def test_who_is_due(status, ago, due):
    assert is_due(NOW - timedelta(hours=3), status, NOW - ago if ago else None, NOW) is due


def test_the_job_syncs_what_is_due_and_then_rests_until_the_next_night(sync):
    clock.use(lambda: NOW)
    fill(sync.fake, sync.store.shopmonkey_id)
    db.session.commit()
    assert sync_catalogs(NOW) == 1
    assert sync_catalogs(NOW + timedelta(minutes=1)) == 0
    assert sync_catalogs(NOW + NIGHT) == 1


def test_a_failed_store_is_tried_again_after_an_hour_and_holds_up_nobody(sync):
    clock.use(lambda: NOW)
    other = make_location(sync.company)
    fill(sync.fake, other.shopmonkey_id)
    sync.fake.failing = ShopMonkeyError("500", permanent=False, status=500)
    db.session.commit()
    assert [store.id for store in due_stores(NOW)] == [sync.store.id, other.id]
    from app.sync import sync_catalog

    sync_catalog(sync.store, "a test", NOW)
    assert [store.id for store in due_stores(NOW)] == [other.id]
    assert len(due_stores(NOW + timedelta(hours=1, minutes=1))) == 2


def test_a_store_that_no_key_reads_is_never_due(sync, app):
    def no_key(company):
        raise ShopMonkeyError("no key", permanent=True)

    app.extensions["shopmonkey"] = no_key
    assert due_stores(NOW) == []


def test_many_stores_are_worked_off_side_by_side(live_app):
    fake = FakeShopMonkey()
    live_app.extensions["shopmonkey"] = lambda company: fake
    company = make_company(shopmonkey_api_key="key")
    stores = [make_location(company).shopmonkey_id for _ in range(12)]
    fill(fake, *stores)
    db.session.commit()
    assert sync_catalogs(NOW) == 12
    assert db.session.scalar(select(func.count()).select_from(Service)) == 12
    assert set(db.session.scalars(select(CatalogRun.status))) == {"done"}


def test_the_command_syncs_one_store_or_all_and_tells_it_in_json(sync, app):
    other = make_location(sync.company)
    fill(sync.fake, sync.store.shopmonkey_id, other.shopmonkey_id)
    one = sync.store.shopmonkey_id
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["catalog", "sync", "--location", one, "--json"])
    assert result.exit_code == 0, result.output
    (told,) = json.loads(result.output)
    assert (told["status"], told["new"], told["gone"]) == ("done", 1, 0)
    result = app.test_cli_runner().invoke(args=["catalog", "sync"])
    assert result.output.count("new") == 2


def test_the_command_fails_loudly(sync, app):
    sync.fake.failing = ShopMonkeyError("401 revoked", permanent=True, status=401)
    db.session.commit()
    result = app.test_cli_runner().invoke(args=["catalog", "sync"])
    assert result.exit_code == 1
    assert "401 revoked" in result.output
    assert app.test_cli_runner().invoke(args=["catalog", "sync", "--location", "nowhere"]).exit_code == 1
