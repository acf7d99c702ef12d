"""The send fence: what stops a send, what is written, and that nothing leaves twice."""

from datetime import UTC, datetime, timedelta

import pytest

from app import messaging
from app.db import db
from app.messaging import TransportError
from app.messaging.events import DeliveryFailed, DeliveryNotSent, DeliveryPostponed, DeliverySent, DeliveryUnknown
from app.messaging.models import Delivery
from tests.factories.leads import make_lead
from tests.factories.messaging import make_delivery

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 4, tzinfo=UTC)
NEW_YORK = (messaging.Place("America/New_York"),)


def nothing_against() -> None:
    """A last look that finds no reason."""


def fails(**given):
    def answer(outgoing):
        raise TransportError("the line broke", **given)

    return answer


def test_a_queued_delivery_goes_out_once_and_is_written_as_sent(post, told):
    delivery = make_delivery()
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "sent"
    assert [outgoing.text for outgoing in post.sms.sent] == ["We open at nine."]
    assert (delivery.status, delivery.provider, delivery.attempt) == ("sent", "twilio", 1)
    assert delivery.provider_id == f"twilio-{delivery.public_id}"
    assert (delivery.sent_at, delivery.finished_at) == (NOON, NOON)
    assert told == [DeliverySent(delivery.id, delivery.lead_id)]


def test_a_second_call_sends_nothing(post):
    delivery = make_delivery()
    messaging.deliver(delivery.id, nothing_against, NOON)
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "sent"
    assert len(post.sms.sent) == 1


def test_an_email_goes_by_email_with_both_its_forms(post):
    delivery = make_delivery(channel="email", subject="Your quote", html="<p>Hi</p>", sender="Store <a@example.com>")
    messaging.deliver(delivery.id, nothing_against, NOON)
    outgoing = post.email.sent[0]
    assert (outgoing.subject, outgoing.html, outgoing.sender) == ("Your quote", "<p>Hi</p>", "Store <a@example.com>")
    assert post.sms.sent == []


def test_a_reason_of_the_last_look_holds_it_back_for_good(post, told):
    delivery = make_delivery()
    assert messaging.deliver(delivery.id, lambda: "The customer has answered", NOON) == "not_sent"
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "not_sent"
    assert (delivery.reason, post.sms.sent) == ("The customer has answered", [])
    assert told == [DeliveryNotSent(delivery.id, delivery.lead_id, "The customer has answered")]


def test_the_last_look_runs_in_the_transaction_that_decides(post):
    delivery = make_delivery()
    db.session.commit()
    seen = []

    def last_look():
        seen.append(db.session().in_transaction())

    messaging.deliver(delivery.id, last_look, NOON)
    assert seen == [True]


@pytest.mark.parametrize(("channel", "words"), [("sms", "SMS is not set up"), ("email", "Email is not set up")])
def test_without_a_transport_it_says_so(app, post, channel, words):
    app.extensions["messaging"] = messaging.Transports()
    delivery = make_delivery(channel=channel)
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "not_sent"
    assert delivery.reason == words


def test_an_unasked_text_waits_for_the_day_and_then_goes(post, told):
    delivery = make_delivery(purpose="touch_point")
    morning = datetime(2026, 11, 25, 14, tzinfo=UTC)
    assert messaging.deliver(delivery.id, nothing_against, NIGHT, NEW_YORK) == "queued"
    assert (delivery.not_before, post.sms.sent) == (morning, [])
    assert told == [DeliveryPostponed(delivery.id, delivery.lead_id, delivery.reason)]
    assert messaging.deliver(delivery.id, nothing_against, morning - timedelta(seconds=1), NEW_YORK) == "queued"
    assert messaging.deliver(delivery.id, nothing_against, morning, NEW_YORK) == "sent"
    assert delivery.reason is None


def test_an_unasked_text_to_an_unknown_zone_waits_and_says_so(post):
    delivery = make_delivery(purpose="touch_point")
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "queued"
    assert "time zone is unknown" in delivery.reason
    assert post.sms.sent == []


@pytest.mark.parametrize(("purpose", "channel"), [("answer", "sms"), ("link", "sms"), ("touch_point", "email")])
def test_answers_and_email_go_at_night(post, purpose, channel):
    delivery = make_delivery(purpose=purpose, channel=channel)
    assert messaging.deliver(delivery.id, nothing_against, NIGHT, NEW_YORK) == "sent"


def test_an_unasked_text_may_not_wait_at_the_provider_into_the_night(post):
    delivery = make_delivery(purpose="touch_point")
    ten_to_eight = datetime(2026, 11, 25, 0, 50, tzinfo=UTC)
    messaging.deliver(delivery.id, nothing_against, ten_to_eight, NEW_YORK)
    assert post.sms.sent[0].valid_for == timedelta(minutes=10)


def test_a_refusal_for_good_is_failed_with_its_words(post, told):
    post.sms.answer = fails(permanent=True, code="21211")
    delivery = make_delivery()
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "failed"
    assert (delivery.reason, delivery.error_code) == ("twilio refused it: the line broke", "21211")
    assert told == [DeliveryFailed(delivery.id, delivery.lead_id, delivery.reason, "21211")]
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "failed"
    assert len(post.sms.sent) == 1


def test_an_unknown_end_is_shown_and_never_sent_again(post, told):
    post.sms.answer = fails(unknown=True)
    delivery = make_delivery()
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "unknown"
    assert messaging.deliver(delivery.id, nothing_against, NOON + timedelta(days=1)) == "unknown"
    assert len(post.sms.sent) == 1
    assert "did not say" in delivery.reason
    assert told == [DeliveryUnknown(delivery.id, delivery.lead_id, delivery.reason)]


def test_a_refusal_for_now_is_tried_again_later_and_given_up_in_the_end(post):
    post.sms.answer = fails()
    delivery, now, waits = make_delivery(), NOON, []
    while messaging.deliver(delivery.id, nothing_against, now) == "queued":
        waits.append(delivery.not_before - now)
        messaging.deliver(delivery.id, nothing_against, now)
        now = delivery.not_before
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]
    assert len(post.sms.sent) == 5, "calls before the time are no tries"
    assert (delivery.status, delivery.reason) == ("failed", "Given up after 5 tries: the line broke")


def test_an_error_nobody_expected_leaves_the_delivery_as_sending(post):
    def broken(outgoing):
        raise ZeroDivisionError

    post.sms.answer = broken
    delivery = make_delivery()
    with pytest.raises(ZeroDivisionError):
        messaging.deliver(delivery.id, nothing_against, NOON)
    post.sms.answer = lambda outgoing: messaging.Sent("late")
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "sending"
    assert len(post.sms.sent) == 1


def test_one_intent_is_one_delivery_as_it_was_first_queued(post):
    lead = make_lead()
    first = make_delivery(lead, dedupe_key="touch-point:1", text="first")
    again = make_delivery(lead, dedupe_key="touch-point:1", text="second")
    assert (again.id, again.text) == (first.id, "first")
    assert db.session.query(Delivery).filter_by(lead_id=lead.id).count() == 1


def test_a_purpose_nobody_knows_is_refused(post):
    with pytest.raises(ValueError, match="unknown purpose"):
        make_delivery(purpose="spam")
