"""One word by text about a visit ahead: C confirms it, a bare CANCEL calls the staff."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.booking import CUSTOMER, Wish, book, move, staff
from app.booking.models import Appointment
from app.chat.inbound_email import on_mail
from app.chat.inbound_sms import on_text
from app.chat.models import Conversation, Reply
from app.db import db
from app.leads.models import LeadEvent
from app.lib import clock
from app.messaging import may_send
from tests.chat.world import NOW, NUMBER, make_world
from tests.factories.booking import make_bay, tint
from tests.factories.messaging import use_fakes
from tests.wire.mails import make_mail
from tests.wire.twilio_calls import text_form

VISIT = NOW + timedelta(days=2)


@pytest.fixture
def world(app, monkeypatch):
    monkeypatch.setattr("app.chat.runner.start", lambda reply_id: None)
    before = app.extensions["messaging"]
    use_fakes(app)
    clock.use(lambda: NOW)
    yield make_world(app)
    app.extensions["messaging"] = before


@pytest.fixture
def visit(world):
    lead = world.lead()
    make_bay(lead.location)
    made = book(Wish(lead.location_id, VISIT, [tint()], "one", CUSTOMER, lead_id=lead.id), NOW)
    db.session.commit()
    return made


def arrives(body):
    form = text_form(body, From="+19545550101", To=NUMBER)
    on_text(form["AccountSid"], form, NOW, NOW)
    return form


def state(visit):
    db.session.rollback()
    return db.session.get_one(Appointment, visit.id, populate_existing=True)


@pytest.mark.parametrize("word", ["C", "c.", " Confirm ", "Confirmo"])
def test_a_c_confirms_the_visit_once_and_is_thanked(world, visit, word):
    form = arrives(word)
    on_text(form["AccountSid"], form, NOW, NOW)
    assert state(visit).confirmed_at == NOW
    thanks = [one.text for one in world.deliveries() if one.purpose == "answer"]
    assert [said.split(": ", 1)[1] for said in thanks] == ["thank you, see you on Wednesday, November 4 at 10:00 AM."]
    said = select(LeadEvent.text).where(LeadEvent.text.like("Confirmed%"))
    assert len(db.session.scalars(said).all()) == 1


def test_another_word_confirms_nothing(world, visit):
    arrives("Can you tint the sunroof too?")
    assert state(visit).confirmed_at is None


def test_a_new_time_wants_a_new_confirmation(world, visit):
    arrives("C")
    move(visit.id, VISIT + timedelta(hours=2), staff("Anna"), NOW)
    assert visit.confirmed_at is None


def test_a_c_without_a_visit_ahead_is_a_message(world):
    arrives("C")
    assert [one.text for one in world.messages()][-1] == "C"
    assert [one for one in world.deliveries() if one.purpose == "answer"] == []


def test_a_bare_cancel_with_a_visit_ahead_ends_texts_and_calls_staff(world, visit):
    arrives("CANCEL")
    assert may_send(world.company_id, "sms", world.phone, asked=True) is not None
    assert state(visit).status == "booked"
    assert "visit ahead" in db.session.scalar(select(Conversation.waiting_reason))


def test_a_bare_cancel_without_a_visit_calls_nobody(world):
    arrives("CANCEL")
    assert db.session.scalar(select(Conversation.waiting_reason)) is None


def test_a_bare_cancel_by_email_means_the_visit_and_ends_no_mail(world, visit):
    raw = base64.b64encode(make_mail("Cancel")).decode()
    on_mail(str(world.company_id), {"raw": raw}, NOW, NOW)
    assert "Opted out" not in (may_send(world.company_id, "email", world.email) or "")
    assert db.session.scalar(select(Reply.to_seq)) == world.messages()[-1].seq, "the assistant hears it"
