"""Why the fence holds a text back, or lets it wait: in words, and with the moment when it may go."""

from datetime import UTC, datetime, timedelta

import pytest

from app import messaging
from app.db import db
from app.messaging import TransportError
from app.messaging.models import BadNumber
from app.messaging.quiet_hours import Limits
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_location
from tests.factories.messaging import make_delivery, use_fakes

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 4, tzinfo=UTC)
HERE = (messaging.Place("America/New_York", "FL"),)


def try_to_send(delivery, now=NOON, places=HERE):
    return messaging.deliver(delivery.id, lambda: None, now, places)


def texts(lead, number, **given):
    return [make_delivery(lead, purpose="touch_point", **given) for _ in range(number)]


def test_the_wait_is_told_on_the_recipients_clock(post):
    [delivery] = texts(None, 1)
    assert try_to_send(delivery, NIGHT) == "queued"
    assert delivery.reason == "Quiet hours until 9:00 AM on Wednesday, November 25 (EST)"


def test_the_fourth_text_in_a_day_waits_until_the_first_is_a_day_old(post):
    lead = make_lead()
    first, second, third, fourth = texts(lead, 4)
    for hour, delivery in enumerate((first, second, third)):
        assert try_to_send(delivery, NOON + timedelta(hours=hour)) == "sent"
    assert try_to_send(fourth, NOON + timedelta(hours=2)) == "queued"
    assert fourth.not_before == NOON + timedelta(days=1)
    assert fourth.reason == "Already 3 texts in 24 hours: waits until 12:00 PM on Wednesday, November 25 (EST)"
    assert try_to_send(fourth, NOON + timedelta(days=1)) == "sent"


def test_a_cap_that_ends_at_night_waits_for_the_day(post):
    lead, evening = make_lead(), datetime(2026, 11, 29, 0, 30, tzinfo=UTC)
    *before, last = texts(lead, 4)
    for delivery in before:
        assert try_to_send(delivery, evening) == "sent"
    assert try_to_send(last, evening) == "queued"
    assert last.not_before == datetime(2026, 11, 30, 14, tzinfo=UTC), "a day later it is Sunday night"


def test_what_reached_nobody_does_not_count_and_neither_do_answers(post):
    lead = make_lead()
    for code in ("30007", "21408"):
        post.sms.answer = refuses(code)
        assert try_to_send(texts(lead, 1)[0]) == "failed"
    post.sms.answer = lambda outgoing: messaging.Sent(outgoing.public_id)
    for _ in range(3):
        assert try_to_send(make_delivery(lead)) == "sent"
    assert [try_to_send(delivery) for delivery in texts(lead, 4)] == ["sent", "sent", "sent", "queued"]


def refuses(code):
    def answer(outgoing):
        raise TransportError("no", permanent=True, code=code)

    return answer


def test_texts_of_all_stores_of_the_company_count_together(post):
    lead = make_lead()
    elsewhere = make_lead(make_location(lead.location.company), customer=lead.customer)
    for delivery in texts(lead, 2) + texts(elsewhere, 1):
        assert try_to_send(delivery) == "sent"
    assert try_to_send(texts(elsewhere, 1)[0]) == "queued"


def test_a_store_may_allow_fewer(app, post):
    use_fakes(app, limits_of=lambda location_id: Limits(most_in_24_hours=1))
    lead = make_lead()
    first, second = texts(lead, 2)
    assert (try_to_send(first), try_to_send(second)) == ("sent", "queued")
    assert second.reason.startswith("Already 1 text in 24 hours")


def test_places_that_never_agree_are_told_and_tried_again(post):
    [delivery] = texts(None, 1)
    apart = (messaging.Place("Pacific/Guam", "GU"), messaging.Place("America/New_York", "RI"))
    assert try_to_send(delivery, NOON, apart) == "queued"
    assert "No hour of the week" in delivery.reason
    assert delivery.not_before == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("given", "reason"),
    [({"sms_opt_in": False}, "No consent to texts"), ({}, None)],
)
def test_without_consent_in_the_ledger_nothing_unasked_goes_out(post, given, reason):
    store = make_location()
    lead = make_lead(store, customer=make_customer(store.company, **given))
    [delivery] = texts(lead, 1)
    assert try_to_send(delivery) == ("not_sent" if reason else "sent")
    assert delivery.reason == reason
    assert try_to_send(make_delivery(lead)) == "sent", "an answer to their own message needs none"


def test_an_answer_goes_at_night_for_fifteen_minutes_and_then_waits(post):
    lead = make_lead()
    soon, late = (make_delivery(lead, asked_at=NIGHT - timedelta(minutes=minutes)) for minutes in (15, 16))
    assert try_to_send(soon, NIGHT) == "sent"
    assert try_to_send(late, NIGHT) == "queued"
    assert late.reason.startswith("Quiet hours until 9:00 AM")
    assert try_to_send(late, late.not_before) == "sent"


def test_an_email_answers_at_any_hour_however_late(post):
    late = make_delivery(channel="email", asked_at=NIGHT - timedelta(days=1))
    assert try_to_send(late, NIGHT) == "sent"


@pytest.mark.parametrize(
    ("code", "words"),
    [("30006", "it is a landline, or its carrier cannot be reached"), ("99999", "error 99999"), (None, "said so")],
)
def test_a_number_that_cannot_receive_texts_gets_none(post, code, words):
    lead = make_lead()
    db.session.add(BadNumber(company_id=lead.company_id, address=lead.customer.phone, code=code, since=NOON))
    db.session.flush()
    for delivery in (texts(lead, 1)[0], make_delivery(lead)):
        assert try_to_send(delivery) == "not_sent"
        assert delivery.reason.startswith("This number cannot receive texts")
        assert words in delivery.reason
    assert messaging.bad_number(lead.company_id + 1, lead.customer.phone) is None


def stop(lead, at=NOON):
    messaging.record_consent(
        company_id=lead.company_id, channel="sms", address=lead.customer.phone, kind="opt_out", source="SMS", at=at
    )


def confirmation(lead, at=NOON):
    return make_delivery(lead, purpose="opt_out_confirmation", asked_at=at)


def test_one_stop_is_confirmed_once_and_at_night(post):
    lead = make_lead()
    stop(lead, NIGHT)
    assert try_to_send(confirmation(lead, NIGHT), NIGHT) == "sent"
    stop(lead, NIGHT + timedelta(minutes=1))
    again = confirmation(lead, NIGHT + timedelta(minutes=1))
    assert try_to_send(again, NIGHT + timedelta(minutes=1)) == "not_sent"
    assert again.reason == "The opt-out was confirmed before: that is allowed once"


def test_after_five_minutes_a_stop_is_not_confirmed_any_more(post):
    lead = make_lead()
    stop(lead)
    late = confirmation(lead)
    assert try_to_send(late, NOON + timedelta(minutes=5, seconds=1)) == "not_sent"
    assert "within 5 minutes" in late.reason
    in_time = confirmation(lead)
    assert try_to_send(in_time, NOON + timedelta(minutes=5)) == "sent"


def test_what_was_not_stopped_is_not_confirmed(post):
    lead = make_lead()
    assert try_to_send(confirmation(lead)) == "not_sent"


def test_a_mailbox_that_takes_no_mail_gets_none_but_staff_can_always_sign_in(post):
    lead = make_lead()
    messaging.mark_bad(lead.company_id, lead.customer.email, "5.1.1", NOON)
    for purpose in ("touch_point", "answer", "confirmation"):
        delivery = make_delivery(lead, channel="email", purpose=purpose)
        assert try_to_send(delivery) == "not_sent"
        assert delivery.reason == "This mailbox takes no mail: it came back with status 5.1.1"
    assert try_to_send(make_delivery(lead, channel="email", purpose="staff")) == "sent"
