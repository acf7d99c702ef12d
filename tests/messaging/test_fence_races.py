"""The fence on several connections: two senders, a stop that races, a sender that dies and what it leaves behind."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app import messaging
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.messaging import Sent, TransportError, reconcile
from app.messaging.models import Delivery
from tests.factories.messaging import make_delivery, use_fakes


class Killed(BaseException):
    """The process died here."""


def dies(outgoing):
    raise Killed


def deliver_in_thread(app, delivery_id, last_look=lambda: None):
    with app.app_context():
        return messaging.deliver(delivery_id, last_look)


def queued(**given) -> int:
    delivery_id = make_delivery(**given).id
    db.session.commit()
    return delivery_id


def fresh(delivery_id) -> Delivery:
    db.session.rollback()
    return db.session.get_one(Delivery, delivery_id, populate_existing=True)


def left_behind(minutes=6, **given) -> int:
    """A delivery whose sender was killed after `sending` was committed, that long ago."""
    delivery_id = queued(**given)
    with pytest.raises(Killed):
        messaging.deliver(delivery_id, lambda: None)
    db.session.execute(
        text("UPDATE deliveries SET sending_at = now() - make_interval(mins => :minutes) WHERE id = :id"),
        {"minutes": minutes, "id": delivery_id},
    )
    db.session.commit()
    return delivery_id


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


def opt_out_uncommitted(delivery_id) -> None:
    delivery = db.session.get_one(Delivery, delivery_id)
    about = {"company_id": delivery.company_id, "channel": "sms", "address": delivery.recipient}
    messaging.record_consent(**about, kind="opt_out", source="STOP", at=clock.now())


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


def test_killed_while_sending_it_is_never_sent_again(live_app):
    post = use_fakes(live_app)
    post.sms.answer = dies
    delivery_id = left_behind()
    post.sms.answer = lambda outgoing: Sent("again")
    assert messaging.deliver(delivery_id, lambda: None) == "sending"
    assert reconcile() == 1
    assert messaging.deliver(delivery_id, lambda: None) == "unknown"
    assert len(post.sms.sent) == 1
    assert "cannot be asked" in fresh(delivery_id).reason


def test_the_provider_is_asked_where_it_can_be(live_app):
    post = use_fakes(live_app, can_ask=True)
    post.sms.answer = dies
    taken, lost = left_behind(text="taken"), left_behind(text="lost")
    post.sms.found = lambda outgoing: Sent("SM7", segments=2) if outgoing.text == "taken" else None
    assert reconcile() == 2
    assert (fresh(taken).status, fresh(taken).provider_id, fresh(taken).segments) == ("sent", "SM7", 2)
    assert fresh(lost).status == "unknown"
    assert "no such message" in fresh(lost).reason
    assert reconcile() == 0, "it is asked about once"
    assert len(post.sms.sent) == 2


def test_an_unanswered_call_is_asked_about_too(live_app):
    post = use_fakes(live_app, can_ask=True)

    def times_out(outgoing):
        raise TransportError("no answer", unknown=True)

    post.sms.answer = times_out
    delivery_id = queued()
    assert messaging.deliver(delivery_id, lambda: None) == "unknown"
    assert reconcile() == 0, "not while the provider may still be at it"
    db.session.execute(text("UPDATE deliveries SET sending_at = now() - interval '6 minutes'"))
    db.session.commit()
    post.sms.found = lambda outgoing: Sent("SM8")
    assert reconcile() == 1
    assert fresh(delivery_id).status == "sent"


def test_a_provider_that_does_not_answer_the_question_is_asked_again(live_app):
    post = use_fakes(live_app, can_ask=True)
    post.sms.answer = dies
    delivery_id = left_behind()

    def down(outgoing):
        raise TransportError("down", unknown=True)

    post.sms.found = down
    assert reconcile() == 0
    assert fresh(delivery_id).status == "sending"
    post.sms.found = lambda outgoing: Sent("SM9")
    assert reconcile() == 1
    assert fresh(delivery_id).status == "sent"


def test_a_sender_that_is_still_at_work_is_left_alone(live_app):
    post = use_fakes(live_app)
    post.sms.answer = dies
    delivery_id = left_behind(minutes=4)
    assert reconcile() == 0
    assert fresh(delivery_id).status == "sending"


def test_an_answer_that_comes_after_the_clearing_up_is_believed(live_app):
    post = use_fakes(live_app)
    delivery_id = queued()

    def slow(outgoing):
        with live_app.app_context():
            db.session.execute(text("UPDATE deliveries SET sending_at = now() - interval '6 minutes'"))
            db.session.commit()
            assert reconcile() == 1
            assert fresh(delivery_id).status == "unknown"
        return Sent("SM10")

    post.sms.answer = slow
    assert messaging.deliver(delivery_id, lambda: None) == "sent"
    assert fresh(delivery_id).provider_id == "SM10"


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


def test_patience_outlasts_every_timeout_of_a_transport():
    from app.messaging import jobs, smtp_email, twilio_sms

    assert timedelta(seconds=2 * twilio_sms.TIMEOUT_SECONDS) < jobs.PATIENCE
    assert timedelta(seconds=10 * smtp_email.TIMEOUT_SECONDS) < jobs.PATIENCE
