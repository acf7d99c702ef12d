"""The catalogue sync against a ShopMonkey in memory: what is live afterwards, and what never is."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from app.catalog.models import PriceVersion, Service, StagedService
from app.catalog.versions import version_at
from app.db import db
from app.shopmonkey import ShopMonkeyError
from app.shopmonkey.lists import Walk
from app.sync import catalog_runs
from app.sync.catalog import work_on
from app.sync.models import CatalogRun
from tests.sync.catalog_desk import counts, live, put, run, shown

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def test_a_service_comes_with_category_duration_price_and_its_parts(sync):
    put(sync, "a", name="Ceramic Tint", calculatedTaxCents=1234)
    done = run(sync)
    service = live(sync)["a"]
    assert (done.status, done.walks, done.listed, done.total) == ("done", 1, 1, 1)
    assert (service.name, service.category, service.duration_minutes) == ("Ceramic Tint", "Ceramic Tint", 150)
    assert service.price.wording == "$299"
    assert service.price_parts["tax_cents"] == 1234
    assert not any("cost" in name for name in service.price_parts)
    assert version_at(service.id, NOW).low_cents == 29900


def test_a_second_sync_of_the_same_changes_nothing(sync):
    put(sync, "a")
    put(sync, "b")
    assert counts(run(sync)) == {"new": 2, "changed": 0, "same": 0, "gone": 0, "odd": 0}
    assert counts(run(sync, LATER)) == {"new": 0, "changed": 0, "same": 2, "gone": 0, "odd": 0}
    assert db.session.scalar(select(db.func.count()).select_from(PriceVersion)) == 2


def test_only_what_is_bookable_here_is_offered(sync):
    put(sync, "a")
    put(sync, "b", bookable=False)
    put(sync, "c", locationId="another-store")
    put(sync, "d", deleted=True)
    run(sync)
    assert set(live(sync)) == {"a"}


def test_a_price_that_changed_keeps_what_it_was(sync):
    put(sync, "a")
    run(sync)
    put(sync, "a", fixedPriceCents=34900, totalCents=34900)
    assert counts(run(sync, LATER))["changed"] == 1
    service = live(sync)["a"]
    assert service.low_cents == 34900
    assert version_at(service.id, NOW).low_cents == 29900
    assert version_at(service.id, LATER).low_cents == 34900
    assert version_at(service.id, NOW - timedelta(days=1)) is None


def test_a_service_that_no_walk_shows_stays_until_a_look_up_says_that_it_is_gone(sync, monkeypatch):
    put(sync, "a")
    put(sync, "b")
    run(sync)
    monkeypatch.setattr(sync.fake, "canned_services", lambda *_, **__: Walk((), 0))
    sync.fake.remove("canned_service", "b")
    assert counts(run(sync, LATER))["gone"] == 1
    assert set(live(sync)) == {"a"}


@pytest.mark.parametrize("change", [{"deleted": True}, {"bookable": False}, {"locationId": "elsewhere"}])
def test_deleted_unbookable_or_moved_is_gone(sync, change):
    put(sync, "a")
    run(sync)
    put(sync, "a", **change)
    run(sync, LATER)
    assert live(sync) == {}
    row = db.session.scalar(select(Service))
    assert row.gone_at == LATER
    assert version_at(row.id, LATER + timedelta(hours=1)) is None


def test_a_service_deleted_and_created_again_is_a_new_row_and_one_restored_is_the_old_one(sync):
    put(sync, "a", name="Ceramic Tint")
    run(sync)
    first = live(sync)["a"].id
    sync.fake.remove("canned_service", "a")
    put(sync, "a2", name="Ceramic Tint")
    assert counts(run(sync, LATER)) == {"new": 1, "changed": 0, "same": 0, "gone": 1, "odd": 0}
    assert [service.name for service in live(sync).values()] == ["Ceramic Tint"]
    put(sync, "a", name="Ceramic Tint")
    run(sync, LATER + timedelta(days=1))
    assert live(sync)["a"].id == first


def test_a_store_that_was_renamed_keeps_its_catalogue(sync):
    put(sync, "a")
    run(sync)
    before = live(sync)["a"].id
    sync.fake.put("location", sync.store.shopmonkey_id, name="Tint World Parkland")
    assert counts(run(sync, LATER))["same"] == 1
    assert live(sync)["a"].id == before


def test_a_key_revoked_half_way_leaves_the_catalogue_as_it_was(sync, monkeypatch):
    put(sync, "a")
    put(sync, "b")
    run(sync)
    put(sync, "a", fixedPriceCents=1)
    walks = [Walk(shown(sync)[:1], 2)]

    def revoked(*_, **__):
        if walks:
            return walks.pop()
        raise ShopMonkeyError("/canned_service: 401 key revoked", permanent=True, status=401)

    monkeypatch.setattr(sync.fake, "canned_services", revoked)
    failed = run(sync, LATER)
    assert (failed.status, failed.error) == ("failed", "/canned_service: 401 key revoked")
    assert {service.low_cents for service in live(sync).values()} == {29900}
    assert db.session.scalar(select(StagedService)) is None


def killed(*_, **__):
    raise KeyboardInterrupt


def test_a_run_killed_half_way_is_nowhere_live_and_goes_on_from_there(sync, monkeypatch):
    for service_id in "abc":
        put(sync, service_id)
    everything = shown(sync)
    walks = iter([Walk(everything[:2], 3)])
    monkeypatch.setattr(sync.fake, "canned_services", lambda *_, **__: next(walks, None) or killed())
    with pytest.raises(KeyboardInterrupt):
        run(sync)
    db.session.rollback()
    assert live(sync) == {}
    assert not work_on(NOW, set()), "its lease still holds"
    db.session.execute(update(CatalogRun).values(leased_until=NOW - timedelta(days=9000)))
    monkeypatch.setattr(sync.fake, "canned_services", lambda *_, **__: Walk(everything[2:], 3))
    assert work_on(NOW + timedelta(minutes=5), set())
    done = catalog_runs.last_runs(sync.store.id, 1)[0]
    assert (done.status, done.attempts, done.walks, done.listed) == ("done", 2, 2, 3)
    assert set(live(sync)) == set("abc")


def test_a_run_left_behind_long_ago_starts_over(sync, monkeypatch):
    put(sync, "old")
    stale = shown(sync)
    walks = iter([Walk(stale, 2)])
    with monkeypatch.context() as patched:
        patched.setattr(sync.fake, "canned_services", lambda *_, **__: next(walks, None) or killed())
        with pytest.raises(KeyboardInterrupt):
            run(sync)
    db.session.rollback()
    db.session.execute(update(CatalogRun).values(leased_until=NOW - timedelta(days=9000)))
    sync.fake.remove("canned_service", "old")
    put(sync, "young")
    assert work_on(LATER, set())
    assert set(live(sync)) == {"young"}


def database_crashed():
    """What a crash leaves of a table that is not logged."""
    db.session.execute(delete(StagedService))
    db.session.commit()


def in_the_midst_of_looking_up(sync, monkeypatch, happens):
    """A sync that has staged two new services, and whose look-up of the old one meets what `happens`."""
    put(sync, "old")
    run(sync)
    sync.fake.remove("canned_service", "old")
    put(sync, "a")
    put(sync, "b")
    look_up = sync.fake.canned_service

    def meets(service_id):
        monkeypatch.setattr(sync.fake, "canned_service", look_up)
        happens()
        return look_up(service_id)

    monkeypatch.setattr(sync.fake, "canned_service", meets)


def test_a_run_killed_by_a_crash_of_the_database_starts_over(sync, monkeypatch):
    in_the_midst_of_looking_up(sync, monkeypatch, killed)
    with pytest.raises(KeyboardInterrupt):
        run(sync, LATER)
    db.session.rollback()
    database_crashed()
    db.session.execute(
        update(CatalogRun).where(CatalogRun.status == "running").values(leased_until=NOW - timedelta(days=9000))
    )
    assert work_on(LATER + timedelta(minutes=5), set())
    assert set(live(sync)) == {"a", "b"}
    assert counts(catalog_runs.last_runs(sync.store.id, 1)[0]) == {
        "new": 2,
        "changed": 0,
        "same": 0,
        "gone": 1,
        "odd": 0,
    }


def test_a_run_that_outlives_a_crash_of_the_database_starts_over(sync, monkeypatch):
    in_the_midst_of_looking_up(sync, monkeypatch, database_crashed)
    done = run(sync, LATER)
    assert (done.status, set(live(sync))) == ("done", {"a", "b"})
    assert counts(done) == {"new": 2, "changed": 0, "same": 0, "gone": 1, "odd": 0}


def test_a_worker_whose_lease_went_to_another_writes_nothing(sync, monkeypatch):
    put(sync, "a")
    walk = Walk(shown(sync), 1)

    def robbed(*_, **__):
        db.session.execute(update(CatalogRun).values(lease="another worker"))
        db.session.commit()
        return walk

    monkeypatch.setattr(sync.fake, "canned_services", robbed)
    assert run(sync).status == "running"
    assert live(sync) == {}


def test_asking_twice_is_one_run(sync):
    db.session.commit()
    first = catalog_runs.queue_run(sync.store, "Sam", NOW)
    assert catalog_runs.queue_run(sync.store, "Ana", NOW).id == first.id


def test_text_that_a_database_cannot_hold_does_not_stop_a_sync(sync):
    put(sync, "a", name="Tint\x00 \ud800", note="\ud83d", labors=[{"hours": float("inf")}])
    assert run(sync).status == "done"
    assert live(sync)["a"].name == "Tint"


def test_a_total_that_counts_too_much_does_not_walk_for_ever(sync, monkeypatch):
    put(sync, "a")
    one = shown(sync)
    monkeypatch.setattr(sync.fake, "canned_services", lambda *_, **__: Walk(one, 9))
    done = run(sync)
    assert (done.status, done.listed, done.total) == ("done", 1, 9)
    assert done.walks < 10


@given(st.integers(0, 2**32), st.integers(0, 3), st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_shuffle_of_incomplete_walks_gives_the_same_catalogue(sync, seed, too_much, before, now_gone):
    rng = random.Random(seed)
    for table in (PriceVersion, StagedService, Service, CatalogRun):
        db.session.execute(delete(table))
    sync.fake.tables["canned_service"] = {}
    for number in before:
        put(sync, f"s{number}")
    run(sync)
    for number in range(12):
        put(sync, f"s{number}", fixedPriceCents=10000 + number)
    for number in now_gone:
        sync.fake.remove("canned_service", f"s{number}")
    everything = list(shown(sync))
    # Every walk drops up to half of the rows, but five in a row never drop the same one.
    turns = {service.id: rng.randrange(4) for service in everything}
    asked = iter(range(10_000))

    def walk(*_, **__):
        at = next(asked)
        shown = [one for one in everything if (at + turns[one.id]) % 4 == 0 or rng.random() < 0.5]
        rng.shuffle(shown)
        return Walk(tuple(shown + shown[:2]), len(everything) + too_much)

    shuffled = pytest.MonkeyPatch()
    shuffled.setattr(sync.fake, "canned_services", walk)
    run(sync, LATER)
    shuffled.undo()
    assert {key: service.low_cents for key, service in live(sync).items()} == {
        f"s{number}": 10000 + number for number in range(12) if number not in now_gone
    }


def test_a_key_that_no_longer_reads_the_store_empties_no_catalogue(sync):
    put(sync, "a")
    run(sync)
    kept = {name: sync.fake.tables.pop(name) for name in ("canned_service", "location")}
    done = run(sync)
    assert (done.status, done.error) == ("failed", "This key does not read the store (any more).")
    assert set(live(sync)) == {"a"}
    sync.fake.tables |= kept
    sync.fake.remove("canned_service", "a")
    assert run(sync).gone == 1
