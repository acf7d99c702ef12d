"""What becomes of a delivery whose sender died or never got an answer."""

from datetime import timedelta

from sqlalchemy import text

from app import messaging
from app.db import db
from app.messaging import Sent, TransportError, reconcile
from tests.factories.messaging import use_fakes
from tests.messaging.senders import dies, fresh, left_behind, queued


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


def test_patience_outlasts_every_timeout_of_a_transport():
    from app.messaging import jobs, smtp_email, twilio_sms

    assert timedelta(seconds=2 * twilio_sms.TIMEOUT_SECONDS) < jobs.PATIENCE
    assert timedelta(seconds=10 * smtp_email.TIMEOUT_SECONDS) < jobs.PATIENCE
