"""The whole sequence of a lead: what comes when, what stops and holds it, what staff do, and how it ends."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from app import messaging
from app.chat import open_conversation
from app.chat.posting import post_customer_message
from app.db import db
from app.leads.events import AdvisorTexted
from app.leads.models import Lead
from app.lib import clock, events
from app.touchpoints import runs, sending
from app.touchpoints.due_times import moved
from app.touchpoints.followup import followup_of
from app.touchpoints.jobs import send_due
from app.touchpoints.models import SequenceRun, TouchPoint
from app.touchpoints.planning import SETTLING, start_sequence
from app.touchpoints.sequences import sequence_for
from app.touchpoints.settling import settle
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_location
from tests.touchpoints.leads import NOON, planned, timeline, touch_points, whole_sequence

ZONE = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def _noon(app):
    clock.use(lambda: NOON)


def at(moment: datetime) -> datetime:
    """Set the clock, and say what it shows."""
    clock.use(lambda: moment)
    return moment


def run_of(lead) -> SequenceRun:
    return db.session.get_one(SequenceRun, lead.id)


def coming(lead) -> list[TouchPoint]:
    return [point for point in whole_sequence(lead) if point.coming]


def run_to_the_end(lead) -> datetime:
    """Send every contact when it is due; the time of the last."""
    while waiting := coming(lead):
        send_due(at(waiting[0].due_at))
    return clock.now()


def test_the_whole_sequence_is_planned_by_the_stores_clock(post):
    lead = planned()
    points = whole_sequence(lead)
    local = [point.due_at.astimezone(ZONE) for point in points]
    days = [(day.date() - local[0].date()).days for day in local]
    assert days == [0, 1, 3, 5, 7, 10, 13, 16, 19, 22, 25, 27, 30]
    assert points[0].due_at == NOON
    assert time(10, 15) <= local[1].time() < time(10, 35)
    assert all(point.step_id for point in points)


def test_thirteen_messages_in_thirty_days_then_the_lead_is_lost(post):
    lead = planned()
    last = run_to_the_end(lead)
    texts = [outgoing.text for outgoing in post.sms.sent]
    assert (len(texts), len(post.email.sent)) == (7, 6)
    assert len(set(texts)) == 7
    assert [("STOP" in text) for text in texts] == [True] + [False] * 6
    assert len({outgoing.subject for outgoing in post.email.sent}) == 6
    assert settle(at(last + SETTLING - timedelta(minutes=1))) == 0
    assert settle(at(last + SETTLING + timedelta(minutes=1))) == 1
    assert (lead.stage, lead.closed_reason) == ("lost", "no answer to 13 messages")
    assert run_of(lead).status == "finished"
    assert settle(clock.now()) == 0


def test_without_consent_to_texts_thirteen_emails_go(post):
    lead = planned(sms_opt_in=False)
    run_to_the_end(lead)
    assert (len(post.sms.sent), len(post.email.sent)) == (0, 13)
    assert len({outgoing.text for outgoing in post.email.sent}) == 13


def test_a_first_text_that_comes_late_still_says_how_to_stop(post):
    lead = planned(sms_opt_in=False)
    send_due(NOON)
    messaging.record_consent(
        company_id=lead.company_id, channel="sms", address=lead.customer.phone, kind="opt_in", source="form", at=NOON
    )
    db.session.commit()
    run_to_the_end(lead)
    assert "STOP" in post.sms.sent[0].text
    assert "STOP" not in post.sms.sent[1].text


def test_nobody_is_lost_whom_nothing_could_reach(post):
    lead = planned(phone=None, email=None)
    last = run_to_the_end(lead)
    assert settle(at(last + SETTLING + timedelta(minutes=1))) == 0
    assert lead.stage == "new"
    assert "please call the customer" in timeline(lead)


def write(lead: Lead, message: str = "Still there?", key: str = "0" * 32) -> None:
    conversation = open_conversation(lead)
    post_customer_message(conversation.id, lead.id, message, key, "web", clock.now())


def test_an_answer_ends_it_at_once_and_the_timeline_says_so(post):
    lead = planned()
    send_due(NOON)
    write(lead)
    assert [point.reason for point in whole_sequence(lead)[1:]] == ["The customer has answered"] * 12
    assert "Follow-up stopped: The customer has answered" in timeline(lead)
    write(lead, "Hello?", "1" * 32)
    assert timeline(lead).count("Follow-up stopped") == 1
    send_due(at(NOON + timedelta(days=40)))
    assert (len(post.sms.sent), len(post.email.sent)) == (1, 0)


def test_a_lost_lead_that_writes_is_open_again_and_hears_no_sequence(post):
    lead = planned()
    last = run_to_the_end(lead)
    settle(at(last + SETTLING + timedelta(minutes=1)))
    sent = len(post.sms.sent) + len(post.email.sent)
    write(lead)
    db.session.refresh(lead)
    assert (lead.stage, lead.closed_reason) == ("engaged", None)
    assert "Engaged again: the customer wrote" in timeline(lead)
    send_due(at(clock.now() + timedelta(days=60)))
    assert len(post.sms.sent) + len(post.email.sent) == sent


def test_the_first_answer_is_remembered_for_good(post):
    lead = planned()
    write(lead)
    at(NOON + timedelta(days=2))
    write(lead, "And?", "1" * 32)
    db.session.refresh(lead)
    assert lead.first_engaged_at == NOON


def test_an_advisor_who_texts_from_shopmonkey_ends_it(post):
    lead = planned()
    events.publish(AdvisorTexted(lead.id))
    assert coming(lead) == []
    assert "An advisor wrote to the customer from ShopMonkey" in timeline(lead)


def test_who_has_opened_the_chat_is_left_alone_for_a_day(post):
    lead = planned()
    send_due(NOON)
    second = whole_sequence(lead)[1]
    lead.opened_at = lead.last_opened_at = second.due_at - timedelta(hours=2)
    db.session.commit()
    assert followup_of(lead, second.due_at).coming[0].reason
    send_due(at(second.due_at))
    assert post.email.sent == []
    assert second.due_at == lead.last_opened_at + timedelta(hours=24)
    assert "waits a day" in timeline(lead)
    send_due(at(second.due_at))
    assert len(post.email.sent) == 1


def test_one_who_opens_between_the_decision_and_the_fence_is_left_alone_too(post, monkeypatch):
    lead = planned()
    send_due(NOON)
    second = whole_sequence(lead)[1]
    deliver = sending.messaging.deliver

    def opened_meanwhile(*args):
        db.session.get_one(Lead, lead.id).last_opened_at = second.due_at
        db.session.commit()
        return deliver(*args)

    monkeypatch.setattr(sending.messaging, "deliver", opened_meanwhile)
    due = second.due_at
    send_due(at(due))
    monkeypatch.undo()
    assert post.email.sent == []
    assert (second.status, second.due_at, second.delivery_id) == ("planned", due + timedelta(hours=24), None)
    send_due(at(second.due_at))
    assert len(post.email.sent) == 1


def test_the_first_contact_does_not_wait_for_anybody_who_looks(post):
    lead = planned()
    lead.last_opened_at = NOON
    db.session.commit()
    send_due(NOON)
    assert len(post.sms.sent) == 1


def test_a_pause_holds_everything_and_going_on_moves_what_is_late(post):
    lead = planned()
    send_due(NOON)
    before = [point.due_at for point in coming(lead)]
    runs.pause(lead, "Ana", NOON)
    assert {point.status for point in coming(lead)} == {"paused"}
    late = at(NOON + timedelta(days=4))
    assert send_due(late) == 0
    assert settle(at(NOON + timedelta(days=99))) == 0
    runs.resume(lead, "Ana", at(late))
    assert [point.due_at for point in coming(lead)] == [moved(due, "America/New_York", 4) for due in before]
    assert "Ana resumed the follow-up; what is to come moved by 4 days" in timeline(lead)
    assert run_of(lead).settles_at == coming(lead)[-1].due_at + SETTLING


def test_a_short_pause_moves_nothing(post):
    lead = planned()
    send_due(NOON)
    before = [point.due_at for point in coming(lead)]
    runs.pause(lead, "Ana", NOON)
    runs.resume(lead, "Ana", NOON + timedelta(minutes=5))
    assert [point.due_at for point in coming(lead)] == before


def test_a_pause_between_the_decision_and_the_fence_is_kept(post, monkeypatch):
    lead = planned()
    deliver = sending.messaging.deliver

    def paused_meanwhile(*args):
        runs.pause(db.session.get_one(Lead, lead.id), "Ana", NOON)
        db.session.commit()
        return deliver(*args)

    monkeypatch.setattr(sending.messaging, "deliver", paused_meanwhile)
    send_due(NOON)
    monkeypatch.undo()
    assert post.sms.sent == []
    assert touch_points(lead)[0].status == "paused"
    runs.resume(lead, "Ana", NOON)
    send_due(NOON)
    assert len(post.sms.sent) == 1


def test_staff_leave_one_out_and_send_one_early(post):
    lead = planned()
    send_due(NOON)
    second, third = coming(lead)[:2]
    runs.skip(lead, second.id, "Ana", NOON)
    runs.send_early(lead, third.id, "Ana", NOON)
    send_due(NOON)
    assert (second.status, second.reason) == ("skipped", "Ana left it out")
    assert (third.status, len(post.sms.sent), len(post.email.sent)) == ("done", 2, 0)
    with pytest.raises(runs.NotPossible):
        runs.skip(lead, third.id, "Ana", NOON)


def test_staff_cannot_override_the_law(post):
    night = at(datetime(2026, 11, 25, 4, tzinfo=UTC))
    lead = planned(email=None, now=night)
    runs.send_early(lead, touch_points(lead)[0].id, "Ana", night)
    send_due(night)
    assert post.sms.sent == []
    assert "Quiet hours" in touch_points(lead)[0].reason


def test_one_tap_after_a_call_ends_it_with_the_name_of_who_called(post):
    lead = planned()
    runs.spoke_by_phone(lead, "Ana", NOON)
    assert coming(lead) == []
    assert (lead.stage, run_of(lead).by, lead.first_engaged_at) == ("engaged", "Ana", None)
    assert "Follow-up stopped: Ana spoke with the customer by phone" in timeline(lead)


def test_a_call_noted_between_the_decision_and_the_fence_stops_the_send(post, monkeypatch):
    lead = planned()
    deliver = sending.messaging.deliver

    def called_meanwhile(*args):
        runs.spoke_by_phone(db.session.get_one(Lead, lead.id), "Ana", NOON)
        db.session.commit()
        return deliver(*args)

    monkeypatch.setattr(sending.messaging, "deliver", called_meanwhile)
    send_due(NOON)
    assert post.sms.sent == []
    assert touch_points(lead)[0].reason == "Ana spoke with the customer by phone"


def test_after_an_outage_only_the_newest_contact_goes(post):
    lead = planned()
    send_due(NOON)
    send_due(at(NOON + timedelta(days=8)), limit=1)
    assert len(post.sms.sent) + len(post.email.sent) == 2
    assert [point.reason for point in whole_sequence(lead)[1:4]] == ["The next contact came due first"] * 3


def test_what_is_days_late_goes_no_more(post):
    lead = planned()
    send_due(NOON)
    send_due(at(NOON + timedelta(days=60)), limit=1)
    assert len(post.sms.sent) + len(post.email.sent) == 1
    assert whole_sequence(lead)[-1].reason == "It came due more than three days ago"
    assert settle(clock.now()) == 1


def test_a_later_contact_in_quiet_hours_is_made_once(post):
    lead = planned()
    send_due(NOON)
    third = whole_sequence(lead)[2]
    night = at(datetime(2026, 11, 28, 4, tzinfo=UTC))
    whole_sequence(lead)[1].skip("for this test")
    third.due_at = night
    db.session.commit()
    send_due(night)
    assert (len(post.sms.sent), len(post.email.sent)) == (1, 0)
    run_to_the_end(lead)
    assert touch_points(lead, step=third.step) == [third]


def test_a_sequence_that_is_switched_off_starts_nothing_and_sends_nothing(post):
    store = make_location()
    lead = planned(store)
    sequence_for(store, NOON).active = False
    db.session.commit()
    send_due(NOON)
    assert post.sms.sent == []
    assert touch_points(lead)[0].reason == "The sequence is switched off"
    assert start_sequence(make_lead(store, customer=make_customer(store.company)), NOON) is None


def test_a_text_that_cannot_be_sent_waits_with_its_reason(post):
    lead = planned(first_name="bit.ly/win", email=None)
    send_due(NOON)
    assert post.sms.sent == []
    point = touch_points(lead)[0]
    assert point.status == "planned"
    assert "another address than the customer's own" in point.reason
    lead.customer.first_name = "Maria"
    db.session.commit()
    send_due(NOON + timedelta(hours=1))
    assert len(post.sms.sent) == 1


def test_what_was_planned_before_there_were_sequences_gets_one(post):
    lead = make_lead(link_sent_at=None)
    point = TouchPoint(
        company_id=lead.company_id, location_id=lead.location_id, lead_id=lead.id, step=0, due_at=NOON, channel="any"
    )
    db.session.add(point)
    db.session.commit()
    send_due(NOON)
    assert len(post.sms.sent) == 1
    assert len(whole_sequence(lead)) == 13


def test_the_command_shows_what_is_due(app, post):
    lead = planned()
    send_due(NOON)
    second = whole_sequence(lead)[1]
    at(second.due_at)
    output = app.test_cli_runner().invoke(args=["touchpoints", "due"]).output
    assert lead.public_id in output
    assert "email" in output


def test_staff_see_what_went_out_and_what_comes(post):
    lead = planned()
    send_due(NOON)
    found = followup_of(lead, NOON)
    assert (found.status, len(found.coming), len(found.before)) == ("running", 12, 1)
    assert (found.before[0].title, found.before[0].state) == ("Text", "Sent")
    lead.first_engaged_at = NOON
    db.session.flush()
    assert (followup_of(lead, NOON).status, followup_of(lead, NOON).coming) == ("stopped", [])


def test_what_is_left_out_of_the_days_to_come_is_not_called_past(post):
    lead = planned()
    send_due(NOON)
    runs.spoke_by_phone(lead, "Sam", NOON)
    found = followup_of(lead, NOON)
    assert (found.coming, len(found.before), len(found.left_out)) == ([], 1, 12)
    assert [contact.day for contact in found.left_out] == [1, 3, 5, 7, 10, 13, 16, 19, 22, 25, 27, 30]


def opt_out(lead: Lead, channel: str, address: str) -> None:
    about = {"company_id": lead.company_id, "location_id": lead.location_id, "channel": channel, "address": address}
    messaging.record_consent(**about, kind="opt_out", source="STOP", at=clock.now())
    db.session.commit()


def test_an_opt_out_of_texts_shows_at_once_and_the_rest_goes_by_email(post):
    lead = planned()
    send_due(NOON)
    opt_out(lead, "sms", lead.customer.phone)
    assert "The customer opted out of texts" in timeline(lead)
    run_to_the_end(lead)
    assert (len(post.sms.sent), len(post.email.sent)) == (1, 12)


def test_an_opt_out_of_email_leaves_out_what_would_be_one(post):
    lead = planned()
    send_due(NOON)
    opt_out(lead, "email", lead.customer.email.upper())
    assert [point.reason for point in whole_sequence(lead) if point.channel == "email"] == [
        "The customer opted out of email"
    ] * 6
    run_to_the_end(lead)
    assert (len(post.sms.sent), len(post.email.sent)) == (7, 0)


def test_an_opt_out_shows_although_the_follow_up_had_ended_and_so_does_its_end(post):
    lead = planned()
    conversation = open_conversation(lead)
    post_customer_message(conversation.id, lead.id, "How much?", "first", "sms", NOON)
    opt_out(lead, "sms", lead.customer.phone)
    assert "The customer opted out of texts" in timeline(lead)
    about = {"company_id": lead.company_id, "channel": "sms", "address": lead.customer.phone, "source": "START"}
    messaging.record_consent(**about, kind="opt_in", at=clock.now())
    assert timeline(lead).count("The customer allows texts again") == 1
    messaging.record_consent(**about, kind="opt_in", at=clock.now())
    assert timeline(lead).count("again") == 1


def test_an_opt_out_reaches_nobody_elses_sequence(post):
    lead, other = planned(), planned()
    opt_out(lead, "email", lead.customer.email)
    assert len(coming(other)) == 13
