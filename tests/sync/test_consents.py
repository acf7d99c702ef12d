"""What ShopMonkey and a store's form say of texts and email becomes the ledger's, and never lifts a STOP."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app import messaging
from app.db import db
from app.messaging.attestations import attest
from app.messaging.models import Consent
from app.sync import HANDLERS, take_order

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
PHONE, EMAIL = "+19542370101", "maria@example.com"


def ledger():
    ordered = select(Consent.channel, Consent.kind, Consent.source).order_by(Consent.id)
    return [tuple(row) for row in db.session.execute(ordered)]


def number(opt_in):
    return [{"id": "p1", "number": "(954) 237-0101", "primary": True, "optIn": opt_in}]


def customer_says(sync, opt_in, at=NOW, subscribed=True):
    emails = [{"id": "e1", "email": "Maria@Example.com", "primary": True, "subscribed": subscribed}]
    sync.fake.put("customer", "c1", phoneNumbers=number(opt_in), emails=emails)
    HANDLERS["shopmonkey", "customer"](sync.company.shopmonkey_id, "c1", at)


def against_texts(sync, at=NOW):
    return messaging.may_send(sync.company.id, "sms", PHONE, sync.store.id, at)


def stop(sync):
    about = {"company_id": sync.company.id, "channel": "sms", "address": PHONE}
    messaging.record_consent(**about, kind="opt_out", source="SMS", at=NOW)


def test_opt_in_and_subscribed_are_one_entry_each_however_often_they_are_read(sync):
    sync.quote()
    for _ in range(3):
        take_order(sync.company, "o1", NOW)
        customer_says(sync, True)
    assert ledger() == [("sms", "opt_in", "ShopMonkey opt-in"), ("email", "opt_in", "ShopMonkey opt-in")]
    assert against_texts(sync) is None


def test_what_was_never_said_is_no_entry(sync):
    customer_says(sync, False, subscribed=False)
    sync.quote()
    take_order(sync.company, "o1", NOW)
    assert ledger() == []
    assert against_texts(sync) == "No consent to texts"


def test_what_is_taken_back_ends_it_and_what_is_given_again_opens_it(sync):
    sync.quote()
    take_order(sync.company, "o1", NOW)
    customer_says(sync, False)
    assert against_texts(sync).startswith("Opted out of texts")
    customer_says(sync, False)
    customer_says(sync, True)
    assert against_texts(sync) is None
    assert [kind for channel, kind, _ in ledger() if channel == "sms"] == ["opt_in", "opt_out", "opt_in"]


def test_no_flag_and_no_new_order_lifts_a_stop(sync):
    sync.quote()
    take_order(sync.company, "o1", NOW)
    stop(sync)
    customer_says(sync, False)
    customer_says(sync, True)
    sync.quote("o2")
    take_order(sync.company, "o2", NOW)
    assert against_texts(sync).startswith("Opted out of texts")


def test_a_start_outlives_a_flag_that_never_changed(sync):
    customer_says(sync, False)
    sync.quote()
    take_order(sync.company, "o1", NOW)
    about = {"company_id": sync.company.id, "channel": "sms", "address": PHONE}
    messaging.record_consent(**about, kind="opt_in", source="SMS", at=NOW)
    customer_says(sync, False)
    assert against_texts(sync) is None


def test_in_canada_an_inquiry_implies_consent_for_six_months_and_the_next_one_again(sync):
    sync.store.timezone, sync.store.state = "America/Toronto", "ON"
    sync.quote()
    take_order(sync.company, "o1", NOW)
    assert against_texts(sync, datetime(2027, 5, 2, 14, tzinfo=UTC)) is None
    after = datetime(2027, 5, 2, 15, tzinfo=UTC)
    assert against_texts(sync, after) == "The consent to texts ran out on May 2, 2027"
    sync.quote("o2", createdDate="2027-05-02T15:00:00.000Z")
    take_order(sync.company, "o2", after)
    assert against_texts(sync, after + timedelta(days=180)) is None


def attested(sync, at, **given):
    words = {"text": "I agree to texts.", "page": "", "covers_sms": True, "covers_email": False, "attested_by": "Sam"}
    return attest(company_id=sync.company.id, location_id=sync.store.id, now=at, **{**words, **given})


def test_who_came_by_an_attested_form_has_agreed_to_its_words(sync):
    words = attested(sync, datetime(2026, 11, 2, 14, tzinfo=UTC))
    sync.fake.put("customer", "c1", phoneNumbers=number(False), emails=[{"id": "e1", "email": EMAIL, "primary": True}])
    sync.quote()
    for _ in range(2):
        take_order(sync.company, "o1", NOW)
    [consent] = db.session.scalars(select(Consent))
    assert (consent.channel, consent.source, consent.attestation_id) == ("sms", "Website form", words.id)
    assert consent.expires_at is None
    assert against_texts(sync) is None
    assert messaging.may_send(sync.company.id, "email", EMAIL, sync.store.id, NOW) == "No consent to email"


def test_who_came_before_the_words_were_attested_has_not(sync):
    attested(sync, datetime(2026, 11, 2, 14, 59, 1, tzinfo=UTC))
    sync.fake.put("customer", "c1", phoneNumbers=number(False), emails=[])
    sync.quote()
    take_order(sync.company, "o1", NOW)
    assert ledger() == []


def test_an_attested_form_lifts_no_stop(sync):
    stop(sync)
    attested(sync, datetime(2026, 11, 2, 14, tzinfo=UTC))
    sync.quote()
    take_order(sync.company, "o1", NOW)
    assert against_texts(sync).startswith("Opted out of texts")
