"""From due to sent, held back or unknown: what reaches the customer, the lead and its timeline."""

from datetime import timedelta

import pytest

from app import messaging
from app.chat.models import Conversation
from app.db import db
from app.lib import clock
from app.messaging import TransportError
from app.messaging.models import Delivery
from app.touchpoints.jobs import send_due
from tests.factories.locations import make_location
from tests.factories.messaging import use_fakes
from tests.touchpoints.leads import NIGHT, NOON, planned, timeline, touch_points


@pytest.fixture(autouse=True)
def _noon(app):
    clock.use(lambda: NOON)


def test_a_due_touch_point_goes_out_as_a_text_and_the_lead_is_contacted(post):
    lead = planned()
    assert send_due(NOON) == 1
    assert [outgoing.recipient for outgoing in post.sms.sent] == [lead.customer.phone]
    assert post.email.sent == []
    [touch_point] = touch_points(lead)
    delivery = db.session.get_one(Delivery, touch_point.delivery_id)
    assert (touch_point.status, delivery.status, delivery.purpose) == ("done", "sent", "touch_point")
    assert (lead.stage, lead.link_sent_at) == ("contacted", NOON)
    assert "was sent" in timeline(lead)


def test_the_next_run_sends_nothing_more(post):
    planned()
    send_due(NOON)
    assert send_due(NOON + timedelta(hours=1)) == 0
    assert len(post.sms.sent) == 1


def test_what_is_not_due_is_left(post):
    planned(now=NOON + timedelta(minutes=1))
    assert send_due(NOON) == 0
    assert send_due(NOON + timedelta(minutes=1)) == 1


def test_the_stores_own_sender_is_used(post):
    from app.locations.models import LocationSettings

    store = make_location(settings=LocationSettings(sms_number="+19545550111", mail_from="hi@tint.example.com"))
    for given in ({}, {"sms_opt_in": False}):
        planned(store, **given)
        send_due(NOON)
    assert [outgoing.sender for outgoing in post.sms.sent] == ["+19545550111"]
    assert [outgoing.sender for outgoing in post.email.sent] == ["Tint World Coral Springs <hi@tint.example.com>"]


@pytest.mark.parametrize("given", [{"sms_opt_in": False}, {"phone": None}])
def test_without_consent_or_number_it_goes_by_email(post, given):
    lead = planned(**given)
    send_due(NOON)
    assert [outgoing.recipient for outgoing in post.email.sent] == [lead.customer.email]
    assert "/session?token=" in post.email.sent[0].html
    assert post.sms.sent == []


def test_an_opt_out_of_texts_moves_it_to_email(post):
    lead = planned()
    messaging.record_consent(
        company_id=lead.company_id,
        channel="sms",
        address=lead.customer.phone,
        kind="opt_out",
        source="STOP",
        at=NOON,
    )
    send_due(NOON)
    assert (len(post.sms.sent), len(post.email.sent)) == (0, 1)


def test_with_no_way_at_all_it_is_skipped_and_says_why(post):
    lead = planned(phone=None, email_subscribed=False)
    send_due(NOON)
    [touch_point] = touch_points(lead)
    assert touch_point.status == "skipped"
    assert touch_point.reason == "No mobile number on file; No consent to email"
    assert touch_point.reason in timeline(lead)
    assert (lead.stage, lead.link_sent_at) == ("new", None)


def test_sms_that_is_not_set_up_moves_it_to_email(app, post):
    app.extensions["messaging"] = messaging.Transports(None, post.email, lambda location_id: True)
    planned()
    send_due(NOON)
    assert len(post.email.sent) == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"stage": "lost"}, "closed"),
        ({"stage": "booked"}, "appointment"),
        ({"first_engaged_at": NOON}, "answered"),
    ],
)
def test_a_lead_that_needs_no_more_gets_no_more(post, given, words):
    lead = planned()
    for name, value in given.items():
        setattr(lead, name, value)
    db.session.commit()
    send_due(NOON)
    assert (post.sms.sent, post.email.sent) == ([], [])
    assert words in touch_points(lead)[0].reason
    assert words in timeline(lead)


def test_a_thread_that_staff_hold_is_theirs(post):
    lead = planned()
    db.session.add(
        Conversation(company_id=lead.company_id, location_id=lead.location_id, lead_id=lead.id, holder="staff")
    )
    db.session.commit()
    send_due(NOON)
    assert post.sms.sent == []
    assert "Staff hold" in timeline(lead)


def test_a_store_that_is_not_live_sends_nothing_and_says_so(app, post):
    post = use_fakes(app, live=False)
    lead = planned()
    send_due(NOON)
    assert post.sms.sent == []
    assert touch_points(lead)[0].status == "skipped"
    assert "not live" in timeline(lead)


def test_a_refusal_for_good_is_shown(post):
    def refuses(outgoing):
        raise TransportError("not a mobile number", permanent=True, code="21614")

    post.sms.answer = refuses
    lead = planned(email=None)
    send_due(NOON)
    assert touch_points(lead)[0].status == "skipped"
    assert "not a mobile number" in timeline(lead)
    assert lead.stage == "new"


def test_a_number_that_takes_no_text_gets_the_email(post):
    def refuses(outgoing):
        raise TransportError("not a mobile number", permanent=True, code="21614")

    post.sms.answer = refuses
    lead = planned()
    send_due(NOON)
    send_due(NOON)
    assert [(point.channel, point.status) for point in touch_points(lead)] == [("any", "skipped"), ("email", "done")]
    assert len(post.email.sent) == 1
    assert "The email goes instead" in timeline(lead)
    assert lead.stage == "contacted"


def test_an_unknown_end_counts_as_sent_and_is_shown(post):
    def times_out(outgoing):
        raise TransportError("no answer", unknown=True)

    post.sms.answer = times_out
    lead = planned()
    send_due(NOON)
    assert (touch_points(lead)[0].status, lead.stage) == ("done", "contacted")
    assert "may not have gone out" in timeline(lead)
    send_due(NOON + timedelta(hours=20))
    assert len(post.sms.sent) == 1


def test_deliveries_of_others_change_no_touch_point(post):
    from tests.factories.messaging import make_delivery

    lead = planned()
    messaging.deliver(make_delivery(lead).id, lambda: None, NOON)
    assert touch_points(lead)[0].status == "planned"
    assert lead.stage == "new"


def test_the_command_lists_what_is_due(app, post):
    import json

    clock.use(lambda: NIGHT)
    lead = planned(now=NIGHT)
    planned(now=NIGHT + timedelta(hours=1))
    runner = app.test_cli_runner()
    [row] = json.loads(runner.invoke(args=["touchpoints", "due", "--json"]).output)
    assert (row["lead_id"], row["step"], row["due_at"]) == (lead.public_id, 0, "2026-11-25T04:00:00+00:00")
    assert lead.public_id in runner.invoke(args=["touchpoints", "due"]).output


def test_a_mailbox_that_takes_no_mail_is_left_alone_and_staff_read_why(post):
    lead = planned(phone=None)
    messaging.mark_bad(lead.company_id, lead.customer.email, "5.1.1", NOON)
    send_due(NOON)
    assert post.email.sent == []
    [touch_point] = touch_points(lead)
    assert (touch_point.status, touch_point.delivery_id) == ("skipped", None)
    assert "This mailbox takes no mail: it came back with status 5.1.1" in timeline(lead)
