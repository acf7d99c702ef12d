"""Several workers, several lanes, and a worker that dies."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update

from app import chat
from app.booking import book, send_messages
from app.db import db
from app.leads.models import Lead
from app.messaging import Sent, reconcile
from app.messaging.models import Delivery
from app.touchpoints import sending
from app.touchpoints.jobs import send_due
from app.touchpoints.models import TouchPoint
from app.touchpoints.planning import start_sequence
from tests.factories.accounts import make_staff
from tests.factories.booking import make_bay, make_wish
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_location
from tests.factories.messaging import use_fakes

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)


class Killed(BaseException):
    """The process died here."""


def plan_leads(count: int) -> list[int]:
    store = make_location()
    leads = [make_lead(store, customer=make_customer(store.company)) for _ in range(count)]
    for lead in leads:
        start_sequence(lead, NOON)
    db.session.commit()
    return [lead.id for lead in leads]


def statuses() -> Counter:
    db.session.rollback()
    return Counter(db.session.execute(select(TouchPoint.status).where(TouchPoint.step == 0)).scalars())


def test_two_workers_send_each_touch_point_once(live_app):
    post = use_fakes(live_app)
    plan_leads(30)
    start = threading.Barrier(2)

    def work(_):
        with live_app.app_context():
            start.wait()
            return send_due(NOON, limit=5)

    with ThreadPoolExecutor(2) as workers:
        assert sum(workers.map(work, range(2))) == 30
    assert max(Counter(outgoing.recipient for outgoing in post.sms.sent).values()) == 1
    assert len(post.sms.sent) == 30
    assert statuses() == {"done": 30}


def test_a_slow_provider_is_called_in_parallel(live_app):
    post = use_fakes(live_app)
    together = threading.Barrier(4, timeout=20)

    def meets(outgoing):
        together.wait()
        return Sent(outgoing.public_id)

    post.sms.answer = meets
    plan_leads(4)
    assert send_due(NOON) == 4
    assert statuses() == {"done": 4}


def test_one_that_breaks_keeps_nobody_else(live_app, monkeypatch):
    post = use_fakes(live_app)
    lead_ids = plan_leads(5)
    write = sending._write_delivery

    def breaks(touch_point, lead, step, channel):
        if lead.id == lead_ids[2]:
            raise ZeroDivisionError
        return write(touch_point, lead, step, channel)

    monkeypatch.setattr(sending, "_write_delivery", breaks)
    with pytest.raises(ZeroDivisionError):
        send_due(NOON)
    assert statuses() == {"done": 4, "planned": 1}
    assert send_due(NOON) == 0, "it waits for its lease to end"
    monkeypatch.undo()
    db.session.execute(update(TouchPoint).values(claimed_until=func.now() - timedelta(seconds=1)))
    db.session.commit()
    assert send_due(NOON) == 1
    assert len(post.sms.sent) == 5


@pytest.mark.parametrize("after_the_call", [False, True])
def test_a_worker_killed_while_sending_sends_nothing_twice(live_app, after_the_call):
    post = use_fakes(live_app, can_ask=True)
    plan_leads(1)

    def dies(outgoing):
        raise Killed

    post.sms.answer = dies
    with pytest.raises(Killed):
        send_due(NOON)
    post.sms.answer = lambda outgoing: Sent("again")
    db.session.execute(update(TouchPoint).values(claimed_until=func.now() - timedelta(seconds=1)))
    db.session.execute(text("UPDATE deliveries SET sending_at = now() - interval '6 minutes'"))
    db.session.commit()
    assert send_due(NOON) == 1
    assert len(post.sms.sent) == 1
    post.sms.found = lambda outgoing: Sent("SM1") if after_the_call else None
    assert reconcile() == 1
    assert statuses() == {"done": 1}
    db.session.rollback()
    delivery = db.session.execute(select(Delivery)).scalar_one()
    assert delivery.status == ("sent" if after_the_call else "unknown")
    assert len(post.sms.sent) == 1


def test_a_worker_killed_before_sending_loses_nothing(live_app, monkeypatch):
    post = use_fakes(live_app)
    plan_leads(1)

    def dies(*args):
        raise Killed

    monkeypatch.setattr(sending.messaging, "deliver", dies)
    with pytest.raises(Killed):
        send_due(NOON)
    monkeypatch.undo()
    db.session.rollback()
    assert send_due(NOON) == 0, "its claim still holds"
    db.session.execute(update(TouchPoint).values(claimed_until=func.now() - timedelta(seconds=1)))
    db.session.commit()
    assert send_due(NOON) == 1
    assert len(post.sms.sent) == 1


def test_a_customer_who_answers_between_claim_and_fence_gets_nothing(live_app, monkeypatch):
    post = use_fakes(live_app)
    [lead_id] = plan_leads(1)
    deliver = sending.messaging.deliver

    def answered_meanwhile(*args):
        db.session.execute(update(Lead).where(Lead.id == lead_id).values(first_engaged_at=NOON))
        db.session.commit()
        return deliver(*args)

    monkeypatch.setattr(sending.messaging, "deliver", answered_meanwhile)
    send_due(NOON)
    assert post.sms.sent == []
    assert statuses() == {"skipped": 1}


def test_an_empty_tick_reads_only_what_is_due(live_app):
    plan_leads(1)
    db.session.execute(text("DELETE FROM touch_points WHERE step > 0"))
    db.session.execute(
        text(
            "INSERT INTO touch_points (company_id, location_id, lead_id, step, due_at)"
            " SELECT company_id, location_id, lead_id, n, :now + make_interval(mins => n)"
            " FROM touch_points, generate_series(1, 20000) n"
        ),
        {"now": NOON},
    )
    db.session.execute(text("DELETE FROM touch_points WHERE step = 0"))
    db.session.commit()
    db.session.execute(text("ANALYZE touch_points"))
    db.session.commit()
    assert send_due(NOON) == 0
    due = "EXPLAIN SELECT id FROM touch_points WHERE status = 'planned' AND due_at <= :now ORDER BY due_at LIMIT 50"
    plan = "\n".join(db.session.execute(text(due), {"now": NOON}).scalars())
    assert "ix_touch_points_due" in plan


def test_a_customer_who_books_between_claim_and_fence_gets_nothing_but_the_confirmation(live_app, monkeypatch):
    post = use_fakes(live_app)
    [lead_id] = plan_leads(1)
    lead = db.session.get_one(Lead, lead_id)
    make_bay(lead.location)
    db.session.commit()
    deliver = sending.messaging.deliver

    def booked_meanwhile(*args):
        monkeypatch.undo()
        book(make_wish(lead, NOON + timedelta(days=1)), NOON)
        db.session.commit()
        return deliver(*args)

    monkeypatch.setattr(sending.messaging, "deliver", booked_meanwhile)
    send_due(NOON)
    assert post.sms.sent == []
    assert statuses() == {"skipped": 1}
    send_messages(NOON)
    assert ["you are booked" in one.text for one in post.sms.sent] == [True]


def test_a_takeover_that_came_first_is_waited_for(live_app):
    post = use_fakes(live_app)
    [lead_id] = plan_leads(1)
    lead = db.session.get_one(Lead, lead_id)
    conversation_id = chat.open_conversation(lead).id
    staff_id = make_staff(lead.location).id
    db.session.commit()
    db.session.execute(select(Lead.id).where(Lead.id == lead_id).with_for_update())

    def in_context(deed, *args):
        with live_app.app_context():
            return deed(*args)

    with ThreadPoolExecutor(2) as lanes:
        try:
            taking = lanes.submit(in_context, chat.take_over, conversation_id, staff_id, "Ana", NOON)
            wait_for_locks(1)
            sending_it = lanes.submit(in_context, send_due, NOON)
            wait_for_locks(2)
        finally:
            db.session.commit()
        assert taking.result(10)
        assert sending_it.result(10) == 1
    assert post.sms.sent == []
    assert db.session.scalar(select(TouchPoint.reason).where(TouchPoint.step == 0)) == "Staff hold the conversation"
    assert Counter(db.session.scalars(select(TouchPoint.status))) == {"planned": 12, "skipped": 1}


def wait_for_locks(count):
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = time.monotonic() + 20
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(text(query)) < count:
            assert time.monotonic() < until
            time.sleep(0.02)
