"""Prices in the catalogue: what is told, what is not, and the store's own beside what a sync brings."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.catalog.models import ClassPrice, Service
from app.catalog.store_prices import StorePrice, clear_price, set_price
from app.catalog.versions import version_at
from app.db import db
from app.shopmonkey import CannedService
from app.shopmonkey.lists import Walk
from tests.sync.catalog_desk import counts, live, put, run

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def test_a_stores_own_price_wins_and_survives(sync):
    put(sync, "a", pricing="LineItem", totalCents=0)
    run(sync)
    assert live(sync) == {}
    service = db.session.scalar(select(Service))
    set_price(service, StorePrice("range", by_class={"suv": 49900, "sedan": 39900}), NOW)
    put(sync, "a", name="Renamed", totalCents=-1)
    assert run(sync, LATER).odd == 0
    service = live(sync)["a"]
    assert service.name == "Renamed"
    assert service.price_for("suv").wording == "$499"
    assert service.price.wording == "$399 to $499"
    assert version_at(service.id, LATER).class_prices == {"suv": 49900, "sedan": 39900}
    clear_price(service, LATER)
    assert service.quarantined
    assert db.session.scalars(select(ClassPrice)).all() == []


def synced_meanwhile(**values):
    """Another connection's sync, committed while a request holds the row as it was."""
    changed = update(Service).where(Service.shopmonkey_id == "a").values(**values)
    db.session.execute(changed.execution_options(synchronize_session=False))


def test_going_back_to_the_listed_price_takes_the_one_that_a_sync_has_just_brought(sync):
    put(sync, "a")
    run(sync)
    set_price(live(sync)["a"], StorePrice("exact", 50000), NOW)
    db.session.commit()
    service = live(sync)["a"]
    synced_meanwhile(listed_cents=33300)
    clear_price(service, LATER)
    db.session.commit()
    assert live(sync)["a"].price.wording == "$333"
    assert version_at(service.id, LATER).low_cents == 33300


def test_a_stores_price_that_looks_unchanged_is_written_over_what_a_sync_has_just_brought(sync):
    put(sync, "a")
    run(sync)
    service = live(sync)["a"]
    synced_meanwhile(listed_cents=33300, low_cents=33300)
    set_price(service, StorePrice("exact", 29900), LATER)
    db.session.commit()
    assert live(sync)["a"].price.wording == "$299"
    assert version_at(service.id, LATER).low_cents == 29900


@pytest.mark.parametrize(
    "wrong", [{"low_cents": 29800}, {"kind": "from"}, {"kind": "range", "high_cents": 50000}, {"low_cents": None}]
)
def test_a_sync_rights_a_price_that_is_neither_the_stores_nor_the_listed_one(sync, wrong):
    put(sync, "a")
    run(sync)
    synced_meanwhile(**wrong)
    assert counts(run(sync, LATER))["changed"] == 1
    assert live(sync)["a"].price.wording == "$299"
    assert counts(run(sync, LATER + timedelta(days=1)))["same"] == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"fixedPriceCents": 0}, "a price of zero"),
        ({"fixedPriceCents": -500}, "below zero"),
        ({"fixedPriceCents": None}, "no price"),
        ({"fixedPriceCents": 99_999_999_00}, "cannot be right"),
        ({"fixedPriceCents": 1e300}, "cannot be right"),
        ({"fixedPriceCents": 7}, "cannot be right"),
        ({"pricing": "LineItem", "totalCents": 0}, "a price of zero"),
        ({"name": ""}, "no name"),
    ],
)
def test_a_price_that_cannot_be_right_is_kept_from_customers(sync, fields, reason):
    put(sync, "a", **fields)
    assert run(sync).odd == 1
    assert live(sync) == {}
    assert reason in db.session.scalar(select(Service.odd_reason))


def test_a_total_of_uncertain_meaning_is_no_price(sync):
    put(sync, "a", pricing="LineItem", totalCents=53500, calculatedTaxCents=3500, calculatedLaborCents=50000)
    put(sync, "b", pricing="SomethingNew", totalCents=53500)
    run(sync)
    assert {service.price.wording for service in live(sync).values()} == {"price to be confirmed"}
    assert all(service.price.amounts == frozenset() for service in live(sync).values())


@pytest.mark.parametrize(
    "off",
    [
        {"totalCents": 24900, "calculatedDiscountCents": 5000},
        {"calculatedDiscountCents": 5000},
        {"calculatedDiscountPercent": 10},
        {"discountCents": 5000},
        {"discountPercent": 12.5},
    ],
)
def test_a_fixed_price_that_something_may_be_taken_from_is_no_price(sync, off):
    put(sync, "a", **off)
    run(sync)
    assert live(sync)["a"].price.wording == "price to be confirmed"


def test_a_fixed_price_without_discount_is_a_price_whatever_the_total_says(sync):
    put(sync, "a", totalCents=32000, calculatedTaxCents=2100, calculatedDiscountCents=0, discountPercent=0)
    put(sync, "b", totalCents=0)
    put(sync, "c", totalCents=None)
    put(sync, "d", totalCents=24900)
    run(sync)
    assert {service.price.wording for service in live(sync).values()} == {"$299"}


def line_item(**fields):
    """A row priced by its lines: $500 of labour, nothing else charged."""
    nothing = dict.fromkeys(
        ("calculatedTaxCents", "calculatedShopSuppliesCents", "calculatedEpaCents", "calculatedPartsCents",
         "calculatedFeeCents", "calculatedTiresCents", "calculatedSubcontractsCents"), 0
    )  # fmt: skip
    return {"pricing": "LineItem", "totalCents": 50000, "calculatedLaborCents": 50000, **nothing, **fields}


def test_a_total_that_means_the_same_either_way_is_a_price(sync):
    put(sync, "a", **line_item(totalCents=45000, calculatedDiscountCents=5000))
    run(sync)
    assert live(sync)["a"].price.wording == "$450"


@pytest.mark.parametrize("off", [{"discountCents": 5000}, {"discountPercent": 10}])
def test_a_total_with_a_discount_that_no_sum_shows_is_no_price(sync, off):
    put(sync, "a", **line_item(**off))
    run(sync)
    assert live(sync)["a"].price.wording == "price to be confirmed"


def walks(sync, monkeypatch, *rows):
    """Let every walk show these rows, in this order."""
    shown = tuple(CannedService.from_json(row) for row in rows)
    monkeypatch.setattr(sync.fake, "canned_services", lambda *_, **__: Walk(shown, len({one.id for one in shown})))


def test_a_walk_that_shows_a_service_twice_tells_its_newest_price(sync, monkeypatch):
    before = dict(put(sync, "a"))
    after = dict(put(sync, "a", fixedPriceCents=34900))
    walks(sync, monkeypatch, after, before)
    run(sync)
    assert live(sync)["a"].price.wording == "$349"


def test_a_walk_that_is_behind_brings_no_deleted_service_back(sync, monkeypatch):
    before = dict(put(sync, "a"))
    run(sync)
    put(sync, "a", deleted=True)
    run(sync, LATER)
    walks(sync, monkeypatch, before)
    run(sync, LATER + timedelta(days=1))
    assert live(sync) == {}


def test_versions_that_differ_in_the_last_of_many_digits_are_two(sync, monkeypatch):
    version = 1_730_000_000_000_000_000
    before = dict(put(sync, "a")) | {"meta": {"version": version}}
    after = dict(put(sync, "a", fixedPriceCents=34900)) | {"meta": {"version": version + 1}}
    walks(sync, monkeypatch, after, before)
    run(sync)
    assert live(sync)["a"].price.wording == "$349"
