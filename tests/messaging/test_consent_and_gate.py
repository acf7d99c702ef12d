"""Who may be reached at all: live stores, the allow list, staff, and what the consent ledger says."""

from datetime import UTC, datetime, timedelta

import pytest

from app import messaging
from app.db import db
from app.messaging import TransportError
from app.messaging.models import Consent
from tests.factories.leads import make_lead
from tests.factories.messaging import make_delivery, use_fakes

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 4, tzinfo=UTC)
NEW_YORK = (messaging.Place("America/New_York"),)


def nothing_against() -> None:
    """A last look that finds no reason."""


def fails(**given):
    def answer(outgoing):
        raise TransportError("the line broke", **given)

    return answer


def test_outbound_is_closed_until_the_store_is_live(app, post):
    post = use_fakes(app, live=False)
    delivery = make_delivery()
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "not_sent"
    assert "not live" in delivery.reason
    assert post.sms.sent == []


def test_outbound_is_closed_when_nobody_said_how_to_ask(app, post):
    app.extensions["messaging"] = messaging.Transports(sms=post.sms)
    assert messaging.deliver(make_delivery().id, nothing_against, NOON) == "not_sent"
    assert post.sms.sent == []


@pytest.mark.parametrize(
    ("channel", "recipient", "listed"),
    [("sms", "+19545550177", "(954) 555-0177"), ("email", "Test@Example.com", "test@example.com")],
)
def test_the_allow_list_reaches_its_people_before_the_store_is_live(app, post, channel, recipient, listed):
    use_fakes(app, live=False)
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"outbound_allow_list": (listed,)})
    try:
        allowed = make_delivery(channel=channel, recipient=recipient)
        stranger = make_delivery(channel=channel)
        assert messaging.deliver(allowed.id, nothing_against, NOON) == "sent"
        assert messaging.deliver(stranger.id, nothing_against, NOON) == "not_sent"
    finally:
        app.config["SETTINGS"] = settings


def test_a_transport_that_reaches_nobody_is_always_open(app, post):
    use_fakes(app, live=False, reaches_people=False)
    assert messaging.deliver(make_delivery().id, nothing_against, NOON) == "sent"


def test_staff_mail_needs_no_live_store_and_no_consent(app, post):
    post = use_fakes(app, live=False)
    lead = make_lead()
    opt_out(lead, "email", "ana@example.com")
    delivery = make_delivery(lead, channel="email", purpose="staff", recipient="ana@example.com", location_id=None)
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "sent"
    assert len(post.email.sent) == 1


def opt_out(lead, channel, address, kind="opt_out", at=NOON):
    return messaging.record_consent(
        company_id=lead.company_id, channel=channel, address=address, kind=kind, source="test", at=at
    )


def opt_in(company_id, channel, address, **given):
    about = {"company_id": company_id, "channel": channel, "address": address}
    return messaging.record_consent(**{**about, "kind": "opt_in", "source": "test", "at": NOON, **given})


def test_an_opt_out_blocks_the_address_however_it_is_spelled(post):
    lead = make_lead()
    opt_out(lead, "sms", "(954) 555-0188")
    delivery = make_delivery(lead, recipient="+19545550188")
    assert messaging.deliver(delivery.id, nothing_against, NOON) == "not_sent"
    assert delivery.reason == "Opted out of texts on November 24, 2026"
    opt_out(lead, "email", "Maria@Example.com")
    assert "email" in messaging.may_send(lead.company_id, "email", "maria@example.COM")


def test_an_opt_out_holds_for_its_company_and_channel_alone(post):
    lead, stranger = make_lead(), make_lead()
    for company_id in (lead.company_id, stranger.company_id):
        for channel in ("sms", "email"):
            opt_in(company_id, channel, "+19545550188")
    opt_out(lead, "sms", "+19545550188")
    assert messaging.may_send(lead.company_id, "sms", "+19545550188")
    assert messaging.may_send(stranger.company_id, "sms", "+19545550188") is None
    assert messaging.may_send(lead.company_id, "email", "+19545550188") is None


def test_the_newest_entry_decides_and_none_is_removed(post):
    lead = make_lead()
    opt_out(lead, "sms", "+19545550188")
    opt_out(lead, "sms", "+19545550188", kind="opt_in", at=NOON + timedelta(minutes=1))
    assert messaging.may_send(lead.company_id, "sms", "+19545550188") is None
    opt_out(lead, "sms", "+19545550188")
    assert messaging.may_send(lead.company_id, "sms", "+19545550188")
    theirs = db.session.query(Consent).filter_by(company_id=lead.company_id, address="+19545550188")
    assert theirs.count() == 3


def test_a_carrier_opt_out_is_kept_in_the_ledger(post):
    post.sms.answer = fails(permanent=True, code="21610", opted_out=True)
    delivery = make_delivery()
    messaging.deliver(delivery.id, nothing_against, NOON)
    assert messaging.may_send(delivery.company_id, "sms", delivery.recipient)
    kept = db.session.query(Consent).filter_by(company_id=delivery.company_id, kind="opt_out").one()
    assert kept.source == "twilio, error 21610"
