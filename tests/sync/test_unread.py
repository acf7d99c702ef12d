"""An order that cannot be taken in holds up nobody for long, is never forgotten, and comes in when it can."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import OperationalError

from app.db import db
from app.leads.models import Lead
from app.shopmonkey import Order, ShopMonkeyError
from app.sync import attempts, polling, unread
from app.sync.models import OrderWatermark, SyncTurn, UnreadOrder
from app.sync.polling import poll

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
HICCUP = ShopMonkeyError("/customer/c1: 500", permanent=False, status=500)


def polled(sync, minutes: float = 0) -> int | None:
    """How many came in at the next poll; None when it was stopped."""
    db.session.execute(delete(SyncTurn))
    db.session.commit()
    try:
        return poll(sync.company, NOW + timedelta(minutes=minutes))
    except ShopMonkeyError:
        return None


def failing(sync, what: str, error: Exception = HICCUP) -> None:
    def answer(asked: str) -> None:
        if asked == what:
            raise error

    sync.fake.before_answering = answer


def mended(sync) -> None:
    sync.fake.before_answering = lambda what: None


def read_until() -> datetime:
    db.session.expire_all()
    return db.session.scalar(select(OrderWatermark.complete_until))


def waiting() -> UnreadOrder | None:
    db.session.expire_all()
    return db.session.scalar(select(UnreadOrder))


def leads() -> set[str]:
    return set(db.session.scalars(select(Lead.shopmonkey_order_id)))


def now_due() -> None:
    db.session.execute(update(UnreadOrder).values(next_attempt_at=func.now()))
    db.session.commit()


def two_orders_of_which_one_fails(sync) -> None:
    sync.quote("bad", number=7)
    sync.quote("good", customerId="c2")
    sync.fake.put("customer", "c2", firstName="Omar")
    failing(sync, "customer/c1")


def test_the_watermark_waits_for_a_failing_order_only_a_few_polls(sync) -> None:
    two_orders_of_which_one_fails(sync)
    assert [polled(sync, minutes) for minutes in (0, 1)] == [None, None]
    assert read_until() < NOW
    polled(sync, 2)
    assert (read_until(), leads()) == (NOW + timedelta(minutes=2), {"good"})
    assert (waiting().shopmonkey_order_id, waiting().order_number, waiting().store) == (
        "bad", "7", sync.store.shopmonkey_id
    )  # fmt: skip
    assert waiting().error == "/customer/c1: 500"


def test_one_set_aside_is_not_asked_for_by_every_poll_and_comes_in_when_it_can_be_read(sync) -> None:
    two_orders_of_which_one_fails(sync)
    for minutes in (0, 1, 2):
        polled(sync, minutes)
    sync.fake.asked.clear()
    assert polled(sync, 3) == 0
    assert "order/bad" not in sync.fake.asked
    mended(sync)
    now_due()
    assert polled(sync, 4) == 1
    assert (leads(), waiting()) == ({"good", "bad"}, None)


def test_one_that_is_refused_for_good_is_kept_for_a_person(sync) -> None:
    sync.quote("bad")
    failing(sync, "order/bad", ShopMonkeyError("/order/bad: 400", permanent=True, status=400))
    assert polled(sync) == 0
    assert read_until() == NOW
    assert (waiting().error, waiting().next_attempt_at) == ("/order/bad: 400", None)
    mended(sync)
    unread.read_again(sync.company.id, "bad")
    assert polled(sync, 1) == 1


def test_when_one_order_can_be_read_again_the_others_do_not_wait_for_their_time(sync) -> None:
    sync.quote("first")
    sync.quote("second")
    failing(sync, "customer/c1")
    for minutes in (0, 1, 2):
        polled(sync, minutes)
    mended(sync)
    db.session.execute(update(UnreadOrder).values(next_attempt_at=func.now() + timedelta(minutes=15)))
    sync.quote("third", createdDate=(NOW + timedelta(minutes=2)).isoformat())
    assert (polled(sync, 3), polled(sync, 4)) == (3, 0)
    assert leads() == {"first", "second", "third"}


def test_one_that_failed_once_and_is_not_wanted_any_more_leaves_no_trace(sync) -> None:
    sync.quote("o1")
    failing(sync, "customer/c1")
    polled(sync)
    sync.quote("o1", authorized=True)
    assert (polled(sync, 1), waiting()) == (0, None)


@pytest.mark.parametrize("status", [401, 429])
def test_a_key_that_is_refused_or_slowed_down_is_no_fault_of_the_order(sync, status) -> None:
    sync.quote("o1")
    failing(sync, "order/o1", ShopMonkeyError(str(status), permanent=status == 401, status=status))
    for minutes in range(4):
        polled(sync, minutes)
    assert (waiting(), read_until() < NOW) == (None, True)
    mended(sync)
    polled(sync, 5)
    assert leads() == {"o1"}


def test_a_database_that_is_unwell_is_no_fault_of_the_order_either(sync, monkeypatch) -> None:
    sync.quote("o1")

    def take(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("too many clients already"))

    monkeypatch.setattr(attempts, "take_order", take)
    assert [polled(sync, minutes) for minutes in range(4)] == [None] * 4
    assert (waiting(), read_until() < NOW) == (None, True)
    monkeypatch.undo()
    monkeypatch.setattr(polling, "LANES", 1)
    polled(sync, 5)
    assert leads() == {"o1"}


def test_an_outage_in_the_middle_of_a_window_sets_nothing_aside(sync) -> None:
    sync.quote("o1")
    failing(sync, "customer/c1")
    polled(sync)
    sync.fake.failing = ShopMonkeyError("/order: 503", permanent=False, status=503)
    for minutes in range(1, 6):
        polled(sync, minutes)
    sync.fake.failing = None
    mended(sync)
    polled(sync, 6)
    assert (leads(), waiting()) == ({"o1"}, None)


def test_those_whose_store_is_not_here_do_not_keep_the_others_from_being_tried(sync, monkeypatch) -> None:
    monkeypatch.setattr(unread, "AT_ONCE", 1)
    for order_id in ("away", "o1"):
        sync.quote(order_id)
        unread.failed(sync.company.id, Order(id=order_id), HICCUP, unread.HELD_ATTEMPTS)
    sync.quote("away", locationId="nobody-added")
    waits = {"away": timedelta(hours=2), "o1": timedelta(hours=1)}
    for order_id, ago in waits.items():
        its = UnreadOrder.shopmonkey_order_id == order_id
        db.session.execute(update(UnreadOrder).where(its).values(next_attempt_at=func.now() - ago))
    polled(sync, -60)
    polled(sync, -59)
    assert leads() == {"o1"}
    assert waiting().error == "ShopMonkey location nobody-added has not been added"


def test_attempts_come_every_minute_then_rarely_then_not_by_themselves() -> None:
    assert unread.pause(3) == timedelta(minutes=1)
    assert unread.pause(100) == timedelta(minutes=15)
    assert unread.pause(unread.MOST_ATTEMPTS) is None
