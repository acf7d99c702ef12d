"""What waits: for the day, for a time zone, for a busy provider."""

from datetime import timedelta

import pytest

from app import messaging
from app.db import db
from app.lib import clock
from app.messaging import Sent, TransportError
from app.touchpoints.jobs import send_due
from app.touchpoints.models import TouchPoint
from app.touchpoints.sending import send
from tests.factories.locations import make_location
from tests.touchpoints.leads import MORNING, NIGHT, NOON, planned, timeline, touch_points


@pytest.fixture(autouse=True)
def _noon(app):
    clock.use(lambda: NOON)


def test_at_night_the_email_goes_at_once_and_the_text_in_the_morning(post):
    lead = planned(now=NIGHT)
    send_due(NIGHT)
    assert (len(post.email.sent), len(post.sms.sent)) == (1, 0)
    assert [(point.channel, point.status, point.due_at) for point in touch_points(lead)] == [
        ("any", "done", NIGHT),
        ("sms", "planned", MORNING),
    ]
    assert "Quiet hours until 9:00 AM on Wednesday, November 25 (EST): the email goes now, the text then" in timeline(
        lead
    )
    assert send_due(MORNING - timedelta(seconds=1)) == 0
    send_due(MORNING)
    assert (len(post.email.sent), len(post.sms.sent)) == (1, 1)
    assert {point.status for point in touch_points(lead)} == {"done"}


def test_who_answers_the_email_in_the_night_gets_no_text_in_the_morning(post):
    lead = planned(now=NIGHT)
    send_due(NIGHT)
    lead.first_engaged_at = NIGHT
    db.session.commit()
    send_due(MORNING)
    assert post.sms.sent == []


def test_at_night_a_text_alone_waits_and_says_so_once(post):
    lead = planned(now=NIGHT, email=None)
    send_due(NIGHT)
    assert (touch_points(lead)[0].status, touch_points(lead)[0].due_at) == ("planned", MORNING)
    assert timeline(lead).count("waits: Quiet hours until 9:00 AM on Wednesday, November 25 (EST)") == 1
    assert touch_points(lead)[0].reason == "Quiet hours until 9:00 AM on Wednesday, November 25 (EST)"
    send_due(NIGHT + timedelta(hours=1))
    assert timeline(lead).count("Quiet hours") == 1
    send_due(MORNING)
    assert len(post.sms.sent) == 1


def test_an_unknown_zone_gets_email_and_a_text_alone_waits(post):
    nowhere = make_location(timezone="Mars/Olympus")
    planned(nowhere)
    send_due(NOON)
    assert (len(post.email.sent), len(post.sms.sent)) == (1, 0)
    alone = planned(nowhere, email=None)
    send_due(NOON)
    assert "time zone is unknown" in touch_points(alone)[0].reason
    assert touch_points(alone)[0].status == "planned"
    assert send_due(NOON) == 0, "it does not spin"


def test_a_provider_that_is_busy_gets_it_again_later_once(post):
    def busy(outgoing):
        raise TransportError("too many requests")

    post.sms.answer = busy
    lead = planned()
    send_due(NOON)
    [touch_point] = touch_points(lead)
    assert (touch_point.status, touch_point.due_at) == ("planned", NOON + timedelta(minutes=1))
    post.sms.answer = lambda outgoing: Sent("SM1")
    assert send_due(NOON + timedelta(seconds=59)) == 0
    send_due(NOON + timedelta(minutes=1))
    assert touch_point.status == "done"
    assert len(post.sms.sent) == 2
    assert post.sms.sent[0].public_id == post.sms.sent[1].public_id


def test_what_waited_for_shopmonkey_past_closing_time_does_not_leave_in_the_night(app, post, monkeypatch):
    just_before = NOON.replace(day=25, hour=0, minute=58)
    passed = [0.0]
    monkeypatch.setattr("app.lib.clock.time.monotonic", lambda: passed[0])

    def slow(lead_id, now):
        passed[0] += 150

    monkeypatch.setitem(app.extensions, "freshen_lead", slow)
    lead = planned(now=just_before, email=None)
    send(touch_points(lead)[0].id, just_before)
    assert post.sms.sent == []
    assert touch_points(lead)[0].reason == "Quiet hours until 9:00 AM on Wednesday, November 25 (EST)"


def test_each_of_many_is_judged_by_the_time_of_its_own_turn(app, post, monkeypatch):
    monkeypatch.setattr("app.touchpoints.jobs.LANES", 1)
    just_before, passed = NOON.replace(day=25, hour=0, minute=58), [0.0]
    monkeypatch.setattr("app.lib.clock.time.monotonic", lambda: passed[0])

    def slow(outgoing):
        passed[0] += 90
        return Sent(outgoing.public_id)

    post.sms.answer = slow
    for _ in range(3):
        planned(now=just_before, email=None)
    assert send_due(just_before) == 3
    assert len(post.sms.sent) == 1, "the other two would have left after 8 PM"
    waiting = db.session.query(TouchPoint).filter_by(step=0, status="planned").all()
    assert {one.due_at for one in waiting} == {MORNING}


def test_a_text_that_waits_is_written_anew_for_a_corrected_number(post):
    """The old one may be a stranger's, who has agreed to nothing."""

    def busy(outgoing):
        raise TransportError("too many requests")

    post.sms.answer = busy
    lead = planned()
    send_due(NOON)
    lead.customer.phone = "+19545550177"
    messaging.record_consent(
        company_id=lead.company_id, channel="sms", address="+19545550177", kind="opt_in", source="form", at=NOON
    )
    db.session.commit()
    post.sms.sent.clear()
    post.sms.answer = lambda outgoing: Sent("SM1")
    send_due(NOON + timedelta(minutes=2))
    send_due(NOON + timedelta(minutes=2))
    assert [one.recipient for one in post.sms.sent] == ["+19545550177"]
    assert "the customer has another number or address by now" in timeline(lead)
    assert touch_points(lead)[0].status == "done"
