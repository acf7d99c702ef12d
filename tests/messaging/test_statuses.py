"""What a provider reports is kept as it came, and brought onto the delivery."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app import messaging
from app.db import db
from app.messaging import bad_number, take_status
from app.messaging.events import DeliveryFailed, DeliveryPostponed, DeliverySent
from app.messaging.models import Consent, DeliveryEvent
from app.messaging.port import Sent, TransportError
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_company, make_location
from tests.factories.messaging import make_delivery

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


@pytest.fixture
def sent(app, post, told):
    """A text that Twilio took."""
    delivery = make_delivery()
    messaging.deliver(delivery.id, lambda: None, NOW)
    told.clear()
    return delivery


def report(delivery, status, code=None, sid=None, at=NOW):
    changed = take_status(delivery.public_id, sid or f"twilio-{delivery.public_id}", status, code, at)
    db.session.commit()
    return changed


def kept(delivery):
    return db.session.execute(
        select(DeliveryEvent.status, DeliveryEvent.error_code).where(DeliveryEvent.delivery_id == delivery.id)
    ).all()


def test_the_highest_status_wins_and_every_report_is_kept(sent, told):
    assert report(sent, "delivered")
    assert not report(sent, "sent")
    assert not report(sent, "queued")
    assert (sent.status, sent.finished_at) == ("delivered", NOW)
    assert [status for status, _ in kept(sent)] == ["delivered", "sent", "queued"]
    assert told == [], "that it went out was told when it was handed over"


def test_the_same_report_twice_is_kept_once(sent):
    assert report(sent, "delivered")
    assert not report(sent, "delivered")
    assert len(kept(sent)) == 1


def test_what_did_not_arrive_has_failed_with_its_code(sent, told):
    report(sent, "undelivered", "30007")
    assert (sent.status, sent.error_code) == ("undelivered", "30007")
    assert "filtered" in sent.reason
    assert told == [DeliveryFailed(sent.id, sent.lead_id, sent.reason, "30007")]


def test_a_later_report_without_a_code_does_not_erase_it(sent):
    report(sent, "failed", "30034")
    report(sent, "sent")
    report(sent, "failed")
    assert (sent.status, sent.error_code) == ("failed", "30034")


def test_a_code_that_comes_late_is_still_kept(sent):
    report(sent, "failed")
    report(sent, "undelivered", "30006")
    assert (sent.status, sent.error_code) == ("failed", "30006")


@pytest.mark.parametrize("code", ["21211", "21614", "21635", "30005", "30006"])
def test_a_number_that_cannot_get_texts_is_marked(sent, code):
    report(sent, "failed", code)
    assert "cannot receive texts" in bad_number(sent.company_id, sent.recipient)
    assert bad_number(make_company().id, sent.recipient) is None


def test_the_carrier_s_opt_out_goes_into_the_ledger(sent):
    report(sent, "failed", "21610")
    consent = db.session.scalars(select(Consent).where(Consent.kind == "opt_out")).one()
    assert (consent.kind, consent.address, consent.source) == ("opt_out", sent.recipient, "twilio, error 21610")


def test_out_of_reach_is_tried_once_more_hours_later(sent, told, post):
    report(sent, "undelivered", "30003")
    assert (sent.status, sent.not_before) == ("queued", NOW + timedelta(hours=4))
    assert told == [DeliveryPostponed(sent.id, sent.lead_id, sent.reason)]
    assert messaging.deliver(sent.id, lambda: None, NOW) == "queued", "not before its time"

    post.sms.answer = lambda outgoing: Sent("second-try")
    assert messaging.deliver(sent.id, lambda: None, NOW + timedelta(hours=4)) == "sent"
    assert not report(sent, "undelivered", "30003", sid=f"twilio-{sent.public_id}"), "the first try's report again"
    assert sent.status == "sent"
    report(sent, "undelivered", "30003", sid="second-try")
    assert (sent.status, sent.error_code) == ("undelivered", "30003")
    assert bad_number(sent.company_id, sent.recipient) is None


def test_the_third_time_out_of_reach_is_taken_for_good(app, post, told):
    lead = make_lead()
    for number in range(3):
        delivery = make_delivery(lead)
        messaging.deliver(delivery.id, lambda: None, NOW)
        assert bad_number(lead.company_id, lead.customer.phone) is None
        report(delivery, "undelivered", "30003", sid=delivery.provider_id)
        assert delivery.status == ("undelivered" if number == 2 else "queued")
    assert "out of reach" in bad_number(lead.company_id, lead.customer.phone)


def test_a_text_that_arrived_ends_the_count_of_times_out_of_reach(app, post, told):
    lead = make_lead()
    for number, arrived in enumerate((False, False, True, False, False)):
        delivery = make_delivery(lead)
        messaging.deliver(delivery.id, lambda: None, NOW)
        at = NOW + timedelta(hours=number)
        said = ("delivered", None) if arrived else ("undelivered", "30003")
        report(delivery, *said, sid=delivery.provider_id, at=at)
    assert bad_number(lead.company_id, lead.customer.phone) is None


@pytest.mark.parametrize(("code", "marked"), [("5.1.1", True), ("5.2.1", True), ("5.7.1", False), ("550", False)])
def test_a_mail_server_that_knows_no_such_mailbox_marks_it(app, post, told, code, marked):
    def refuses(outgoing):
        raise TransportError("the recipient was refused", permanent=True, code=code)

    post.email.answer = refuses
    delivery = make_delivery(channel="email", recipient="maria@example.com")
    assert messaging.deliver(delivery.id, lambda: None, NOW) == "failed"
    assert (bad_number(delivery.company_id, "maria@example.com") is not None) == marked


def test_a_refusal_on_the_spot_marks_the_number_too(app, post, told):
    def landline(outgoing):
        raise TransportError("cannot receive SMS", permanent=True, code="21614")

    post.sms.answer = landline
    delivery = make_delivery()
    assert messaging.deliver(delivery.id, lambda: None, NOW) == "failed"
    assert bad_number(delivery.company_id, delivery.recipient) is not None
    assert told[-1].code == "21614"


def test_a_report_that_is_faster_than_our_own_commit_counts(app, post, told):
    delivery = make_delivery()

    def reports_first(outgoing):
        take_status(outgoing.public_id, "SM1", "delivered", None, NOW)
        db.session.commit()
        return Sent("SM1", segments=2)

    post.sms.answer = reports_first
    assert messaging.deliver(delivery.id, lambda: None, NOW) == "delivered"
    assert (delivery.status, delivery.provider_id, delivery.segments) == ("delivered", "SM1", 2)
    assert told == [DeliverySent(delivery.id, delivery.lead_id)], "told once"


def test_a_report_clears_up_what_nobody_knew(app, post, told):
    def breaks(outgoing):
        raise TransportError("the connection broke", unknown=True)

    post.sms.answer = breaks
    delivery = make_delivery()
    assert messaging.deliver(delivery.id, lambda: None, NOW) == "unknown"
    report(delivery, "sent", sid="SM7")
    assert (delivery.status, delivery.provider_id, delivery.reason) == ("sent", "SM7", None)
    assert isinstance(told[-1], DeliverySent)


def test_a_report_on_nobody_s_message_is_ignored(app):
    assert not take_status("not-ours", "SM1", "delivered", None, NOW)


def test_a_number_is_known_by_company(app):
    lead, same_phone = make_lead(), make_location()
    make_customer(same_phone.company, phone=lead.customer.phone)
    messaging.bad_numbers.mark_bad(lead.company_id, lead.customer.phone, "30006", NOW)
    assert bad_number(lead.company_id, lead.customer.phone) is not None
    assert bad_number(same_phone.company_id, lead.customer.phone) is None
