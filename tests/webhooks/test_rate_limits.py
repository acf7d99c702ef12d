"""A company that ShopMonkey tells to slow down: its events wait without a lane, and none is handled twice or parked."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app.db import db
from app.leads.models import Lead
from app.shopmonkey import ShopMonkey, ShopMonkeyError
from app.webhooks import claims, jobs, process_events
from app.webhooks.claims import Lease, LostClaim, claim_next, set_back
from app.webhooks.models import WebhookEvent
from tests.factories.locations import make_company, make_location
from tests.factories.webhooks import make_event
from tests.wire.shopmonkey_server import KEY, Fault, shopmonkey_server

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
SLOW_DOWN = Fault(429, headers={"Retry-After": "45"})


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def server(app, waits):
    with shopmonkey_server() as running:
        clients: list[ShopMonkey] = []

        def client(company) -> ShopMonkey:
            if not clients:
                clients.append(ShopMonkey(running.url, KEY, timeout=5, sleep=waits.append))
            return clients[0]

        before, app.extensions["shopmonkey"] = app.extensions["shopmonkey"], client
        # Each with a pace of its own: another worker, or a minute later.
        running.another_minute = clients.clear
        yield running
        app.extensions["shopmonkey"] = before


def due_again() -> None:
    db.session.execute(update(WebhookEvent).values(next_attempt_at=func.now() - timedelta(seconds=1)))
    db.session.commit()


def seconds_to(event: WebhookEvent) -> float:
    left = select(WebhookEvent.next_attempt_at - func.clock_timestamp()).where(WebhookEvent.id == event.id)
    return db.session.scalar(left).total_seconds()


def test_it_is_set_back_for_as_long_as_shopmonkey_wants_and_takes_no_lane_meanwhile(server, waits) -> None:
    store = make_location(make_company(shopmonkey_api_key="sm-key"))
    for number in range(5):
        server.put_order(f"o{number}", locationId=store.shopmonkey_id)
    events = [make_event(store.company.shopmonkey_id, f"o{number}") for number in range(5)]
    server.faults.append(SLOW_DOWN)
    assert process_events(NOW) == 5
    assert (waits, len(server.calls)) == ([], 1), "the first answer counts for all of them"
    for event in events:
        db.session.refresh(event)
        assert (event.status, event.attempts) == ("new", 0)
        assert seconds_to(event) == pytest.approx(45, abs=3)
    server.another_minute()
    due_again()
    process_events(NOW)
    assert len(list(db.session.scalars(select(Lead)))) == 5


def test_however_often_that_is_the_event_is_never_parked(server) -> None:
    store = make_location(make_company(shopmonkey_api_key="sm-key"))
    event = make_event(store.company.shopmonkey_id, "o1")
    for _ in range(claims.MOST_ATTEMPTS + 2):
        server.faults.append(SLOW_DOWN)
        due_again()
        assert process_events(NOW) == 1
        server.another_minute()
    db.session.refresh(event)
    assert (event.status, event.attempts) == ("new", 0)


def test_where_shopmonkey_names_no_time_the_minute_of_its_limit_passes(app, monkeypatch) -> None:
    event = make_event("co")
    monkeypatch.setitem(app.extensions, "webhook_handlers", {("shopmonkey", "order"): refuse})
    process_events(NOW)
    db.session.refresh(event)
    assert (event.status, seconds_to(event)) == ("new", pytest.approx(jobs.RATE_LIMIT_PASSES, abs=3))


def refuse(account: str, object_id: str, now: datetime, store: str | None) -> None:
    raise ShopMonkeyError("slow down", permanent=False, status=429)


def test_other_failures_count_as_attempts(app, monkeypatch) -> None:
    event = make_event("co")

    def fail(account: str, object_id: str, now: datetime, store: str | None) -> None:
        raise ShopMonkeyError("/order: 500", permanent=False, status=500)

    monkeypatch.setitem(app.extensions, "webhook_handlers", {("shopmonkey", "order"): fail})
    process_events(NOW)
    db.session.refresh(event)
    assert (event.status, event.attempts, event.last_error) == ("new", 1, "ShopMonkeyError: /order: 500")


@pytest.fixture
def short_lease(monkeypatch) -> None:
    monkeypatch.setattr(claims, "LEASE", timedelta(seconds=0.6))


def handled_while(event: WebhookEvent, monkeypatch, act: Callable[[], None]) -> list[str]:
    """What `_handle` came to of an event during whose reading `act` ran twice, each after most of a lease."""
    claim = claim_next()
    assert claim is not None

    def read(claim, now) -> None:
        keep = claims_kept[0].keep
        for _ in range(3):
            time.sleep(0.4)
            keep()
            act()

    claims_kept: list[Lease] = []

    class Remembered(Lease):
        def __init__(self, claim) -> None:
            super().__init__(claim)
            claims_kept.append(self)

    monkeypatch.setattr(jobs, "Lease", Remembered)
    monkeypatch.setattr(jobs, "_hand_on", read)
    return [jobs._handle(claim, NOW)]


def test_the_lease_goes_on_while_the_work_does(app, short_lease, monkeypatch) -> None:
    event = make_event("co")
    seen: list[object] = []
    assert handled_while(event, monkeypatch, lambda: seen.append(claim_next())) == ["done"]
    db.session.refresh(event)
    assert (seen, event.status, event.attempts) == ([None] * 3, "done", 1)


def test_who_lost_it_all_the_same_stops_and_writes_nothing(app, short_lease, monkeypatch) -> None:
    event = make_event("co")

    def taken_by_another() -> None:
        db.session.execute(update(WebhookEvent).values(lease_until=func.now() - timedelta(seconds=1)))
        db.session.commit()
        assert claim_next() is not None

    assert handled_while(event, monkeypatch, taken_by_another) == ["lost"]
    db.session.refresh(event)
    assert (event.status, event.attempts) == ("claimed", 2)


def test_one_set_back_by_who_lost_it_stays_with_its_new_worker(app) -> None:
    event = make_event("co")
    first = claim_next()
    db.session.execute(update(WebhookEvent).values(lease_until=func.now() - timedelta(seconds=1)))
    db.session.commit()
    second = claim_next()
    assert first is not None
    assert second is not None
    set_back(first, "slow down", timedelta(minutes=1))
    stale = Lease(first)
    stale.renewed -= 60
    with pytest.raises(LostClaim):
        stale.keep()
    db.session.refresh(event)
    assert (event.status, event.attempts) == ("claimed", 2)
