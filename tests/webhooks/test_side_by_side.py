"""Events side by side: a ShopMonkey that hangs delays nobody else's, and one order's come one after the other."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, update

from app.db import db
from app.lib import clock
from app.live.notify import WAKE
from app.schedule import JOBS, Job, Runner
from app.webhooks import process_events
from app.webhooks.claims import MOST_OF_ACCOUNT, claim_next
from app.webhooks.models import WebhookEvent
from tests.databases import listening
from tests.factories.webhooks import make_event

PATIENCE = 10.0
LANES = next(job.lanes for job in JOBS if job.name == "webhooks")


class Handling:
    """Hangs at the account "slow" until it is opened; remembers how many were at work on one object at once."""

    def __init__(self) -> None:
        self.opened, self.done = threading.Event(), []
        self.at_work: list[str] = []
        self.most_at_once = self.most_of_one = 0
        self.lock = threading.Lock()

    def __call__(self, account: str, object_id: str, now, store: str | None) -> None:
        with self.lock:
            self.at_work.append(object_id)
            self.most_at_once = max(self.most_at_once, len(self.at_work))
            self.most_of_one = max(self.most_of_one, self.at_work.count(object_id))
        if account == "slow":
            assert self.opened.wait(PATIENCE)
        else:
            time.sleep(0.01)
        with self.lock:
            self.at_work.remove(object_id)
            self.done.append((account, object_id))


@contextmanager
def worker(app: Flask) -> Iterator[Handling]:
    """Lanes that look for work all the time, as a worker's do when they are woken."""
    handling, over = Handling(), threading.Event()
    app.extensions["webhook_handlers"] = {("shopmonkey", "order"): handling}
    runner = Runner(app, Job("webhooks", 2, lambda: process_events(clock.now()), lanes=LANES))

    def look() -> None:
        while not over.wait(0.02):
            runner()

    threads = [threading.Thread(target=look) for _ in range(LANES)]
    for thread in threads:
        thread.start()
    try:
        yield handling
    finally:
        over.set()
        handling.opened.set()
        for thread in threads:
            thread.join()


def until(true) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_an_account_that_hangs_does_not_delay_the_events_of_another(live_app) -> None:
    for number in range(20):
        make_event("slow", f"s{number}")
    make_event("quick", "q1")
    with worker(live_app) as handling:
        until(lambda: ("quick", "q1") in handling.done)
        assert len(handling.at_work) <= MOST_OF_ACCOUNT < LANES
        handling.opened.set()
        until(lambda: len(handling.done) == 21)


def test_different_orders_are_handled_at_once_and_one_orders_events_one_after_the_other(live_app) -> None:
    for number in range(40):
        make_event("quick", f"o{number % 5}")
    with worker(live_app) as handling:
        until(lambda: len(handling.done) == 40)
    assert (handling.most_of_one, handling.most_at_once > 1) == (1, True)


def test_an_orders_next_event_waits_until_the_one_before_it_is_done_or_its_worker_is_dead(app) -> None:
    make_event("co", "o1")
    make_event("co", "o1", operation="UPDATE")
    assert claim_next() is not None
    assert claim_next() is None
    past = func.now() - timedelta(seconds=1)
    db.session.execute(update(WebhookEvent).values(lease_until=past).where(WebhookEvent.status == "claimed"))
    assert claim_next() is not None


def test_who_finds_work_wakes_another_lane(live_app) -> None:
    event = make_event("co", object_table="inspection")
    with listening(db.engine, WAKE) as heard:
        process_events(clock.now())
        assert heard() == ["webhooks"]
    assert event.status == "done"


def test_two_workers_that_look_at_the_same_moment_do_not_take_two_events_of_one_order(live_app) -> None:
    first = make_event("co", "o1").id
    make_event("co", "o1", operation="UPDATE")
    with db.engine.connect() as other:
        taken = update(WebhookEvent).where(WebhookEvent.id == first)
        other.execute(taken.values(status="claimed", lease_until=func.now() + timedelta(minutes=1)))
        soon = threading.Timer(0.3, other.commit)
        soon.start()
        assert claim_next() is None
        soon.join()
