"""What becomes of a stored delivery."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app.db import db
from app.locations import UnknownStore
from app.webhooks import process_events, retry_unknown
from app.webhooks.claims import LEASE, backoff, claim_next, finish
from app.webhooks.models import WebhookEvent
from tests.factories.webhooks import make_event

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


class Handling:
    """A handler that remembers its calls and fails as told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.stores: list[str | None] = []
        self.error: Exception | None = None

    def __call__(self, account: str, object_id: str, now: datetime, store: str | None) -> None:
        assert not db.session().in_transaction()
        self.calls.append((account, object_id))
        self.stores.append(store)
        if self.error:
            raise self.error


@pytest.fixture
def handling(app) -> Iterator[Handling]:
    before = app.extensions["webhook_handlers"]
    made = Handling()
    app.extensions["webhook_handlers"] = {("shopmonkey", "order"): made}
    yield made
    app.extensions["webhook_handlers"] = before


def due_now(event: WebhookEvent, **values: object) -> None:
    past = func.now() - timedelta(seconds=1)
    db.session.execute(update(WebhookEvent).values(next_attempt_at=past, **values).where(WebhookEvent.id == event.id))
    db.session.commit()


def test_a_due_event_is_handled_once(handling) -> None:
    event = make_event("co", "o1")
    assert process_events(NOW) == 1
    assert process_events(NOW) == 0
    assert handling.calls == [("co", "o1")]
    assert (event.status, event.attempts, event.lease_owner) == ("done", 1, None)
    assert event.finished_at is not None


def test_a_handler_is_told_the_store_that_the_row_names(handling) -> None:
    make_event("co", "o1", payload={"data": {"locationId": "l1"}})
    make_event("co", "o2")
    process_events(NOW)
    assert handling.stores == ["l1", None]


def test_a_table_that_nobody_handles_is_done_without_work(handling) -> None:
    event = make_event("co", object_table="inspection")
    process_events(NOW)
    assert (event.status, handling.calls) == ("done", [])


def test_a_failure_is_written_and_waits_for_its_turn(handling) -> None:
    handling.error = RuntimeError("ShopMonkey is down")
    event = make_event("co")
    process_events(NOW)
    assert (event.status, event.last_error) == ("new", "RuntimeError: ShopMonkey is down")
    assert process_events(NOW) == 0
    handling.error = None
    due_now(event)
    process_events(NOW)
    assert (event.status, event.attempts) == ("done", 2)


def test_ten_failures_park_an_event_and_staff_can_try_it_again(handling) -> None:
    handling.error = RuntimeError("never")
    event = make_event("co")
    for _ in range(12):
        process_events(NOW)
        due_now(event)
    assert (event.status, event.attempts, len(handling.calls)) == ("parked", 10, 10)
    handling.error = None
    assert retry_unknown(event.id)
    db.session.commit()
    process_events(NOW)
    assert event.status == "done"


def test_one_bad_event_does_not_stop_the_others(handling) -> None:
    bad = make_event("co", "bad")
    handling.error = RuntimeError("bad")
    process_events(NOW, limit=1)
    handling.error = None
    make_event("co", "good")
    assert process_events(NOW) == 1
    assert handling.calls[-1] == ("co", "good")
    assert bad.status == "new"


def test_an_unknown_store_is_kept_until_somebody_adds_it(handling) -> None:
    handling.error = UnknownStore("ShopMonkey location l9 has not been added")
    event = make_event("co")
    process_events(NOW)
    assert (event.status, event.last_error) == ("unknown_store", "ShopMonkey location l9 has not been added")
    assert process_events(NOW) == 0
    handling.error = None
    assert retry_unknown(event.id)
    db.session.commit()
    process_events(NOW)
    assert (event.status, event.last_error) == ("done", None)


def test_a_done_event_is_not_tried_again(handling) -> None:
    event = make_event("co", status="done")
    assert not retry_unknown(event.id)
    assert not retry_unknown(event.id + 1000)


def test_a_worker_that_dies_loses_its_claim_and_nothing_else(handling) -> None:
    event = make_event("co")
    dead = claim_next()
    assert process_events(NOW) == 0
    due_now(event, lease_until=func.now() - timedelta(seconds=1))
    assert process_events(NOW) == 1
    assert (event.status, event.attempts, len(handling.calls)) == ("done", 2, 1)
    finish(dead, "parked", "too late")
    db.session.refresh(event)
    assert event.status == "done"


def test_a_worker_that_comes_back_late_does_not_finish_anothers_claim(handling) -> None:
    event = make_event("co")
    late = claim_next()
    due_now(event, lease_until=func.now() - timedelta(seconds=1))
    second = claim_next()
    finish(late, "parked", "too late")
    db.session.refresh(event)
    assert (second.attempt, event.status) == (2, "claimed")


def test_an_event_that_kills_its_worker_every_time_is_parked(handling) -> None:
    event = make_event("co", status="claimed", attempts=10, lease_until=func.now() - timedelta(seconds=1))
    process_events(NOW)
    assert (event.status, handling.calls) == ("parked", [])


def test_two_workers_never_claim_the_same_event(live_app) -> None:
    make_event("co", "o1")
    make_event("co", "o2")
    with db.engine.connect() as other:
        other.execute(select(WebhookEvent.id).order_by(WebhookEvent.id).limit(1).with_for_update())
        assert claim_next().object_id == "o2"
        assert claim_next() is None


def test_waits_double_up_to_an_hour() -> None:
    assert [backoff(attempt).total_seconds() for attempt in (1, 2, 3)] == [5, 10, 20]
    assert backoff(10) <= timedelta(hours=1)


def test_what_a_killed_worker_held_is_taken_up_again_within_a_minute() -> None:
    assert timedelta(seconds=30) < LEASE <= timedelta(minutes=1)
