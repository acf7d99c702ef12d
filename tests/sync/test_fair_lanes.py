"""A company whose ShopMonkey is unwell, or tells us to slow down, keeps nobody else's work waiting."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app.db import db
from app.lib import clock
from app.shopmonkey import ShopMonkey, ShopMonkeyError
from app.shopmonkey.fake import FakeShopMonkey
from app.sync import busy_jobs, catalog_turns, jobs, push_visits
from app.sync.at_work import AtWork
from app.sync.busy_jobs import read_calendars
from app.sync.catalog import sync_catalog
from app.sync.catalog_runs import NIGHTLY, queue_run
from app.sync.catalog_turns import sync_catalogs
from app.sync.failures import MOST_IN_A_ROW
from app.sync.models import CatalogRun, VisitPush
from app.sync.setups import begin_setup, set_stores_up
from app.sync.visits import Visit, visit_changed
from tests.factories.booking import make_bay
from tests.factories.locations import make_company, make_location
from tests.factories.shopmonkey import accounts_of
from tests.sync.visit_desk import TEN, desk_of
from tests.wire.calendar_server import KEY, Oddity

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
AWAY = ShopMonkeyError("/canned_service: ReadTimeout", permanent=False)
SLOW_DOWN = ShopMonkeyError("/canned_service: 429", permanent=False, status=429, retry_after=45)


@pytest.fixture
def desk(app, calendar):
    with desk_of(app, calendar) as running:
        yield running


def tell_of_another_company(desk, calendar) -> None:
    """A visit of another company, due after all of the desk's, whose client is another than the desk's."""
    first = desk.app.extensions["shopmonkey"](None)
    second = ShopMonkey(calendar.url, KEY, timeout=5, sleep=lambda seconds: None)
    other = make_location(make_company(shopmonkey_api_key="other"))
    desk.app.extensions["shopmonkey"] = lambda company: second if company.id == other.company_id else first
    visit = Visit("theirs", other.company_id, other.id, None, TEN, TEN + timedelta(hours=2), ("Tint",), "", "Rosa")
    visit_changed(visit, "booked")
    db.session.execute(
        update(VisitPush)
        .where(VisitPush.company_id == other.company_id)
        .values(next_attempt_at=func.now() - timedelta(seconds=1))
    )
    before = update(VisitPush).where(VisitPush.company_id != other.company_id)
    db.session.execute(before.values(next_attempt_at=func.now() - timedelta(seconds=9)))
    db.session.commit()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_company_that_is_told_to_wait_or_fails_waits_with_all_its_visits(desk, calendar, status) -> None:
    waits: list[float] = []
    desk.app.extensions["shopmonkey"](None).wire.sleep = waits.append
    calendar.oddities.extend(Oddity("POST", status=status, headers={"Retry-After": "60"}) for _ in range(15))
    for number in range(3):
        desk.tell("booked", key=f"visit-{number}")
    tell_of_another_company(desk, calendar)
    # The other company's call is not one of those that fail.
    calendar.oddities = type(calendar.oddities)(list(calendar.oddities)[:1])
    push_visits(clock.now())
    assert (waits, len(calendar.made("POST"))) == ([], 2)
    rows = select(VisitPush.status, func.count()).group_by(VisitPush.status)
    assert dict(tuple(row) for row in db.session.execute(rows)) == {"done": 1, "queued": 3}


class Piece:
    def __init__(self, company_id: int) -> None:
        self.company_id = company_id


def test_a_company_takes_so_many_lanes_and_no_more() -> None:
    waiting = [Piece(1), Piece(1), Piece(1), Piece(2)]

    def claim(apart_from) -> Piece | None:
        found = next((one for one in waiting if one.company_id not in apart_from), None)
        if found:
            waiting.remove(found)
        return found

    lanes = AtWork(most=2)
    with lanes.on_next(claim, ()) as first, lanes.on_next(claim, ()) as second, lanes.on_next(claim, ()) as third:
        assert [one.company_id for one in (first, second, third) if one] == [1, 1, 2]
        with lanes.on_next(claim, ()) as fourth:
            assert fourth is None
    with lanes.on_next(claim, {1}) as left, lanes.on_next(claim, ()) as last:
        assert (left, last.company_id if last else None) == (None, 1)


@pytest.fixture
def two(app, monkeypatch):
    """Two companies, the first with five stores and the second with one, and their ShopMonkeys."""
    monkeypatch.setattr(catalog_turns, "LANES", 1)
    monkeypatch.setattr(jobs, "LANES", 1)
    fakes = {"first": FakeShopMonkey(), "second": FakeShopMonkey()}
    first, second = (make_company(shopmonkey_api_key=key) for key in fakes)
    stores = [make_location(first) for _ in range(5)]
    other = make_location(second)
    db.session.commit()
    with accounts_of(app, **fakes):
        yield fakes, stores, other


def queue(*stores, asked_by: str = NIGHTLY) -> None:
    for store in stores:
        queue_run(store, asked_by, NOW)
    db.session.commit()


def ended() -> list[tuple[int, str]]:
    """Store and status of each run that came to its end, in the sequence of their ends."""
    rows = select(CatalogRun.location_id, CatalogRun.status).where(CatalogRun.finished_at.is_not(None))
    return [tuple(row) for row in db.session.execute(rows.order_by(CatalogRun.finished_at))]


def test_a_company_that_does_not_answer_keeps_no_others_catalogue_waiting(two, monkeypatch) -> None:
    fakes, stores, other = two
    fakes["first"].failing = AWAY
    queue(*stores, other)
    monkeypatch.setattr(catalog_turns, "due_stores", lambda now: [])
    sync_catalogs(NOW)
    assert dict(ended()) == {stores[0].id: "failed", other.id: "done"}
    fakes["first"].failing = None
    sync_catalogs(NOW)
    assert sum(status == "done" for _, status in ended()) == 5


def test_what_somebody_asked_for_comes_before_the_night(two, monkeypatch) -> None:
    _, stores, other = two
    queue(*stores)
    queue(other, asked_by="Ana")
    queue(stores[4], asked_by="Ben")
    monkeypatch.setattr(catalog_turns, "due_stores", lambda now: [])
    sync_catalogs(NOW)
    assert {store for store, _ in ended()[:2]} == {stores[4].id, other.id}
    assert set(db.session.scalars(select(CatalogRun.asked_by))) == {NIGHTLY, "Ana", "Ben"}


def test_a_catalogue_that_must_wait_for_the_limit_goes_on_by_itself(two, monkeypatch) -> None:
    fakes, stores, _ = two
    fakes["first"].failing = SLOW_DOWN
    queue(stores[0], asked_by="Ana")
    monkeypatch.setattr(catalog_turns, "due_stores", lambda now: [])
    sync_catalogs(NOW)
    run = db.session.scalars(select(CatalogRun).execution_options(populate_existing=True)).one()
    assert (run.status, run.attempts, "429" in run.error) == ("queued", 0, True)
    fakes["first"].failing = None
    asked = len(fakes["first"].asked)
    assert sync_catalogs(NOW) == 0
    assert sync_catalog(stores[0], "a test", NOW).status == "queued"
    assert len(fakes["first"].asked) == asked
    db.session.execute(update(CatalogRun).values(leased_until=func.now() - timedelta(seconds=1)))
    db.session.commit()
    assert sync_catalogs(NOW) == 1
    run = db.session.scalars(select(CatalogRun).execution_options(populate_existing=True)).one()
    assert (run.status, run.attempts, run.error) == ("done", 1, None)


@pytest.mark.parametrize(
    ("error", "looks"),
    [(AWAY, MOST_IN_A_ROW), (SLOW_DOWN, 1), (ShopMonkeyError("400", permanent=True, status=400), 5)],
)
def test_the_calendars_of_a_company_that_is_away_are_left_for_its_next_turn(two, error, looks) -> None:
    fakes, stores, _ = two
    for store in stores:
        make_bay(store)
    db.session.commit()
    fakes["first"].failing = error
    with pytest.raises(ShopMonkeyError):
        read_calendars(stores[0].company, NOW)
    assert len(fakes["first"].asked) == looks


def test_one_store_whose_calendar_cannot_be_read_keeps_no_other_from_it(two, monkeypatch) -> None:
    _, stores, _ = two
    for store in stores:
        make_bay(store)
    db.session.commit()
    poisoned, read = stores[1].id, busy_jobs.read_calendar

    def read_calendar(location_id, *given):
        if location_id == poisoned:
            raise AWAY
        return read(location_id, *given)

    monkeypatch.setattr(busy_jobs, "read_calendar", read_calendar)
    assert jobs.read_all_calendars(NOW) == 0
    days = set(db.session.scalars(select(busy_jobs.CalendarRead.location_id)))
    assert days == {store.id for store in stores if store.id != poisoned}


def test_stores_of_a_company_that_is_away_are_set_up_after_the_others(two) -> None:
    fakes, stores, other = two
    fakes["first"].failing = AWAY
    for store in (*stores, other):
        begin_setup(store)
    db.session.commit()
    assert set_stores_up() == 2
    assert len(fakes["first"].asked) == 1
