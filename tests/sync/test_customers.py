"""A customer who changes while the order does not is noticed before the next text, for one call."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app import messaging
from app.db import db
from app.leads.models import Customer, Lead
from app.messaging.models import Consent
from app.shopmonkey import ShopMonkeyError
from app.sync import HANDLERS, freshen_customer, take_order
from app.sync.customers import EVERY
from tests.sync.test_several_keys import own, quote_at

__all__ = ["own"]
NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
LATER = NOW + EVERY
PHONE = "+19542370101"


def number(opt_in: bool, version: int | None = None, **given) -> dict:
    phone = {"id": "p1", "number": "(954) 237-0101", "primary": True, "optIn": opt_in, **given}
    return {"phoneNumbers": [phone], **({"meta": {"version": version}} if version else {})}


@pytest.fixture
def lead(sync) -> Lead:
    sync.quote()
    lead = take_order(sync.company, "o1", NOW)
    assert lead is not None
    sync.fake.asked.clear()
    return lead


def freshen(lead: Lead, at: datetime = LATER) -> None:
    freshen_customer(lead.id, at)
    db.session.expire_all()


def against_texts(sync) -> str | None:
    return messaging.may_send(sync.company.id, "sms", PHONE, sync.store.id, LATER)


@pytest.mark.parametrize("version", [None, 1], ids=["a higher version", "the version that it had"])
def test_an_opt_out_at_the_counter_is_heeded(sync, lead, version) -> None:
    sync.fake.put("customer", "c1", **number(False, version))
    freshen(lead)
    assert db.session.scalar(select(Customer.sms_opt_in)) is False
    assert (against_texts(sync) or "").startswith("Opted out of texts")
    assert db.session.scalars(select(Consent.kind).order_by(Consent.id.desc())).first() == "opt_out"


def test_a_customer_who_is_as_before_costs_one_call_and_that_only_now_and_then(sync, lead) -> None:
    freshen(lead, LATER - timedelta(seconds=1))
    assert sync.fake.asked == [], "read with the order"
    freshen(lead)
    freshen(lead, LATER + timedelta(minutes=1))
    assert sync.fake.asked == ["customer/c1"]
    assert against_texts(sync) is None


def test_the_number_that_the_order_names_stays_the_one_that_is_texted(sync, lead) -> None:
    others = [{"id": "p2", "number": "(954) 237-0102", "primary": True, "optIn": True}]
    sync.fake.put("customer", "c1", phoneNumbers=[*others, *number(True)["phoneNumbers"]])
    sync.quote(phoneNumberId="p1")
    freshen(lead)
    assert db.session.scalar(select(Customer.phone)) == PHONE


def test_one_that_is_gone_changes_nothing(sync, lead) -> None:
    sync.fake.remove("customer", "c1")
    freshen(lead)
    freshen(lead)
    assert (sync.fake.asked, db.session.scalar(select(Customer.phone))) == (["customer/c1"], PHONE)


def test_one_that_cannot_be_read_is_said_so_and_asked_for_again(sync, lead) -> None:
    sync.fake.failing = ShopMonkeyError("503", permanent=False, status=503)
    with pytest.raises(ShopMonkeyError):
        freshen(lead)
    db.session.rollback()
    sync.fake.failing = None
    sync.fake.put("customer", "c1", **number(False))
    freshen(lead)
    assert db.session.scalar(select(Customer.sms_opt_in)) is False


def test_a_closed_lead_and_one_without_a_customer_are_left_alone(sync, lead) -> None:
    lead.stage = "lost"
    db.session.commit()
    freshen(lead)
    lead.stage, lead.customer = "new", None
    db.session.commit()
    freshen(lead)
    assert sync.fake.asked == []


def test_they_are_read_with_the_key_of_the_store(own, sync) -> None:
    quote_at(own, sync)
    lead = take_order(sync.company, "o2", NOW)
    sync.fake.failing = own[1].failing = None
    sync.fake.asked.clear()
    own[1].put("customer", "c1", **number(False))
    freshen(lead)
    assert db.session.scalar(select(Customer.sms_opt_in)) is False
    own[1].put("customer", "c1", **number(True))
    HANDLERS["shopmonkey", "customer"](sync.company.shopmonkey_id, "c1", LATER)
    own[1].put("vehicle", "v1", make="Honda")
    HANDLERS["shopmonkey", "vehicle"](sync.company.shopmonkey_id, "v1", LATER)
    db.session.expire_all()
    assert (db.session.scalar(select(Customer.sms_opt_in)), lead.vehicle.make) == (True, "Honda")
    assert sync.fake.asked == []
