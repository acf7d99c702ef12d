"""The fence on several connections: two senders at once, and a stop that races with a send."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app import messaging
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.messaging import Sent
from app.messaging.models import Delivery
from tests.factories.leads import make_lead
from tests.factories.locations import make_company
from tests.factories.messaging import make_delivery, use_fakes
from tests.messaging.senders import deliver_in_thread, fresh, queued

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)


def test_two_senders_at_once_send_once(live_app):
    post = use_fakes(live_app)
    delivery_ids = [queued() for _ in range(10)]
    start = threading.Barrier(2)

    def send(delivery_id):
        start.wait()
        return deliver_in_thread(live_app, delivery_id)

    with ThreadPoolExecutor(2) as lanes:
        for delivery_id in delivery_ids:
            both = [lanes.submit(send, delivery_id) for _ in range(2)]
            assert "sent" in {done.result() for done in both}
    assert len(post.sms.sent) == 10
    assert len({outgoing.public_id for outgoing in post.sms.sent}) == 10


def test_a_stop_that_came_first_is_waited_for(live_app):
    post = use_fakes(live_app)
    delivery_id = queued()
    opt_out_uncommitted(delivery_id)
    asked = threading.Event()

    def last_look():
        asked.set()

    with ThreadPoolExecutor(1) as lanes:
        sending = lanes.submit(deliver_in_thread, live_app, delivery_id, last_look)
        assert asked.wait(10)
        with pytest.raises(TimeoutError):
            sending.result(timeout=0.3)
        db.session.commit()
        assert sending.result(timeout=10) == "not_sent"
    assert post.sms.sent == []


def opt_out_uncommitted(delivery_id, **given) -> None:
    delivery = db.session.get_one(Delivery, delivery_id)
    about = {"company_id": delivery.company_id, "channel": "sms", "address": delivery.recipient, **given}
    messaging.record_consent(**about, kind="opt_out", source="STOP", at=clock.now())


def test_a_stop_for_every_company_is_waited_for_by_each(live_app):
    post = use_fakes(live_app)
    delivery_id = queued()
    opt_out_uncommitted(delivery_id, company_id=make_company().id, scope="franchise")
    with ThreadPoolExecutor(1) as lanes:
        sending = lanes.submit(deliver_in_thread, live_app, delivery_id)
        with pytest.raises(TimeoutError):
            sending.result(timeout=0.3)
        db.session.commit()
        assert sending.result(timeout=10) == "not_sent"
    assert post.sms.sent == []


def test_a_stop_need_not_wait_for_a_slow_provider_and_ends_what_comes_after(live_app):
    post = use_fakes(live_app)
    first = queued()
    lead = fresh(first).lead_id
    second = queued(lead=db.session.get_one(Lead, lead))
    called, stopped = threading.Event(), threading.Event()

    def slow(outgoing):
        called.set()
        assert stopped.wait(10)
        return Sent("SM1")

    post.sms.answer = slow
    with ThreadPoolExecutor(1) as lanes:
        sending = lanes.submit(deliver_in_thread, live_app, first)
        assert called.wait(10)
        opt_out_uncommitted(second)
        db.session.commit()
        stopped.set()
        assert sending.result(timeout=10) == "sent"
    assert messaging.deliver(second, lambda: None) == "not_sent"
    assert len(post.sms.sent) == 1


def test_texts_that_race_for_the_last_place_of_the_day_do_not_both_get_it(live_app):
    post = use_fakes(live_app)
    lead = make_lead()
    waiting = [queued(lead=lead, purpose="touch_point") for _ in range(6)]
    start, places = threading.Barrier(6), (messaging.Place("America/New_York", "FL"),)

    def send(delivery_id):
        with live_app.app_context():
            start.wait()
            return messaging.deliver(delivery_id, lambda: None, NOON, places)

    with ThreadPoolExecutor(6) as lanes:
        statuses = list(lanes.map(send, waiting))
    assert sorted(statuses) == ["queued"] * 3 + ["sent"] * 3
    assert len(post.sms.sent) == 3


def test_what_locks_the_lead_first_stops_the_send(live_app):
    post = use_fakes(live_app)
    delivery_id = queued()
    lead_id = fresh(delivery_id).lead_id
    db.session.rollback()
    asked = threading.Event()

    def last_look():
        asked.set()
        locked = select(Lead.stage).where(Lead.id == lead_id).with_for_update(key_share=True)
        return "The lead is closed" if db.session.execute(locked).scalar_one() == "lost" else None

    lead = db.session.execute(select(Lead).where(Lead.id == lead_id).with_for_update(of=Lead)).scalar_one()
    lead.stage = "lost"
    with ThreadPoolExecutor(1) as lanes:
        sending = lanes.submit(deliver_in_thread, live_app, delivery_id, last_look)
        assert asked.wait(10)
        db.session.commit()
        assert sending.result(timeout=10) == "not_sent"
    assert post.sms.sent == []


def test_no_lock_is_held_while_the_provider_is_called(live_app):
    post = use_fakes(live_app)
    delivery_id = queued()
    during = []

    def answer(outgoing):
        with live_app.app_context():
            taken = db.session.execute(
                select(Delivery.status, Lead.id)
                .join(Lead, Lead.id == Delivery.lead_id)
                .where(Delivery.id == delivery_id)
                .with_for_update(nowait=True)
            ).one()
            db.session.rollback()
        during.append(taken.status)
        return Sent("SM1")

    post.sms.answer = answer
    assert messaging.deliver(delivery_id, lambda: None) == "sent"
    assert during == ["sending"]


def test_two_queue_the_same_intent_at_once_and_make_one(live_app):
    use_fakes(live_app)
    delivery = make_delivery(dedupe_key="seed")
    about = {"company_id": delivery.company_id, "location_id": delivery.location_id, "lead_id": delivery.lead_id}
    db.session.commit()
    start = threading.Barrier(4)

    def queue(number):
        with live_app.app_context():
            start.wait()
            made = messaging.queue(
                **about,
                channel="sms",
                purpose="answer",
                recipient="+19545550101",
                text=f"text {number}",
                dedupe_key="one",
            )
            db.session.commit()
            return made.id

    with ThreadPoolExecutor(4) as lanes:
        assert len(set(lanes.map(queue, range(4)))) == 1
    assert db.session.execute(select(func.count()).where(Delivery.dedupe_key == "one")).scalar_one() == 1
