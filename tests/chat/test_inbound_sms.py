"""A text of a customer: their wish first, then the conversation of their lead."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import chat, messaging
from app.chat.carrying import send_answers
from app.chat.inbound_sms import on_text
from app.chat.models import Conversation
from app.db import db
from app.leads.models import Lead
from app.locations.models import LocationSettings
from app.messaging import may_send
from app.messaging.models import Consent
from app.messaging.port import Unplaced
from tests.chat.world import NOW, NUMBER, make_world
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_location
from tests.factories.messaging import make_delivery, use_fakes
from tests.wire.twilio_calls import text_form


@pytest.fixture
def world(app, monkeypatch):
    monkeypatch.setattr("app.chat.runner.start", lambda reply_id: None)
    before = app.extensions["messaging"]
    use_fakes(app)
    yield make_world(app)
    app.extensions["messaging"] = before


def arrives(body, **given):
    form = text_form(body, **{"From": "+19545550101", "To": NUMBER, **given})
    on_text(form["AccountSid"], form, NOW, NOW)
    return form


def consents():
    return [(one.kind, one.channel, one.address) for one in heard()]


def heard():
    """What texts have added to the ledger."""
    return list(db.session.scalars(select(Consent).where(Consent.source.like("text message %")).order_by(Consent.id)))


def test_a_text_joins_the_conversation_and_engages(world):
    arrives("How much for the SUV?")
    said = world.messages()[-1]
    assert (said.author, said.channel, said.text) == ("customer", "sms", "How much for the SUV?")
    assert said.from_address == world.phone
    assert (world.lead().stage, world.lead().first_engaged_at) == ("engaged", NOW)


def test_the_same_text_again_is_there_once(world):
    form = arrives("Hi")
    on_text(form["AccountSid"], form, NOW, NOW)
    assert [one.text for one in world.messages()] == ["Hi"]


@pytest.mark.parametrize("body", ["STOP", "please stop texting me", "Arrêt", "no me escriban más"])
def test_a_stop_ends_texts_at_once_is_confirmed_once_and_seen_by_staff(world, body):
    form = arrives(body)
    assert may_send(world.company_id, "sms", world.phone, asked=True) is not None
    on_text(form["AccountSid"], form, NOW, NOW)
    assert consents() == [("opt_out", "sms", world.phone)]
    assert heard()[0].wording == body
    confirmation = world.deliveries()
    assert [(one.purpose, one.recipient) for one in confirmation] == [("opt_out_confirmation", world.phone)]
    assert "START" in confirmation[0].text
    assert [one.text for one in world.messages()] == [body]
    assert world.lead().first_engaged_at is None, "a STOP is no engagement"
    send_answers(NOW)
    assert [one.text for one in world.app.extensions["messaging"].sms.sent] == [confirmation[0].text]


def test_a_stop_is_confirmed_in_the_language_of_the_person(world):
    arrives("Arrêt")
    assert "plus de textos" in world.deliveries()[0].text


def test_what_only_sounds_like_a_stop_is_a_message(world):
    arrives("Can I stop by tomorrow?")
    assert consents() == []
    assert world.lead().first_engaged_at == NOW


def test_a_carrier_s_own_word_counts_and_is_not_confirmed_twice(world):
    arrives("Genug", OptOutType="STOP")
    assert consents() == [("opt_out", "sms", world.phone)]
    assert world.deliveries() == []


def test_start_opens_again_and_yes_does_only_after_a_stop(world):
    arrives("YES")
    assert consents() == []
    assert world.lead().first_engaged_at == NOW, "an answer like any other"
    arrives("STOP")
    arrives("Yes")
    assert may_send(world.company_id, "sms", world.phone, asked=True) is None
    arrives("stop")
    arrives("START")
    assert [kind for kind, _, _ in consents()] == ["opt_out", "opt_in", "opt_out", "opt_in"]


def test_help_names_the_store_its_phone_and_how_to_stop(world):
    arrives("HELP")
    answer = world.deliveries()[0]
    assert answer.purpose == "answer"
    assert "Tint World Coral Springs" in answer.text
    assert "(954) 555-0100" in answer.text
    assert "STOP" in answer.text


def test_stop_emailing_ends_email_only(world):
    arrives("please stop emailing me")
    assert consents() == [("opt_out", "email", world.email)]


def test_it_goes_to_the_newest_open_lead_of_that_store(world):
    here = world.lead().location
    theirs = make_customer(here.company, phone=world.phone)
    won = make_lead(here, customer=theirs, stage="won")
    elsewhere = make_lead(make_location(here.company), customer=theirs)
    db.session.commit()
    arrives("Hello")
    assert [one.text for one in world.messages()] == ["Hello"]
    db.session.execute(Lead.__table__.update().where(Lead.id == world.lead_id).values(stage="lost"))
    db.session.commit()
    arrives("Hello again")
    closed = [chat.open_conversation(db.session.get_one(Lead, one)).id for one in (world.lead_id, won.id)]
    newest = max(world.lead_id, won.id)
    assert chat.thread(closed[[world.lead_id, won.id].index(newest)]).messages[-1].text == "Hello again"
    assert chat.thread(chat.open_conversation(elsewhere).id).messages == []


def test_whom_no_lead_knows_is_shown_to_staff_and_heard_all_the_same(world):
    with pytest.raises(Unplaced) as caught:
        arrives("STOP", From="+13055550199")
    assert "(305) 555-0199" in str(caught.value)
    assert caught.value.company_id == world.company_id
    assert caught.value.store == world.lead().location.shopmonkey_id
    assert consents() == [("opt_out", "sms", "+13055550199")]


def test_pictures_without_words_are_kept(world):
    arrives("", NumMedia="2")
    assert world.messages()[-1].text == "[2 pictures]"


def test_an_opt_out_of_one_company_is_not_another_s(world):
    arrives("STOP")
    other = make_lead()
    assert may_send(other.company_id, "sms", world.phone, asked=True) is None


def test_a_late_stop_still_stops_what_was_queued(world):
    queued = messaging.queue(
        company_id=world.company_id, location_id=None, lead_id=world.lead_id, channel="sms", purpose="answer",
        recipient=world.phone, text="Hi", dedupe_key="d1",
    ).id  # fmt: skip
    db.session.commit()
    arrives("STOP")
    assert messaging.deliver(queued, lambda: None, NOW) == "not_sent"


def test_who_texts_from_a_number_that_was_given_up_is_answered(world):
    messaging.mark_bad(world.company_id, world.phone, "30006", NOW)
    arrives("How much for the SUV?")
    assert messaging.bad_number(world.company_id, world.phone) is None


def test_a_question_beside_a_stop_calls_a_person(world):
    arrives("Stop texting me. Is my car ready?")
    assert may_send(world.company_id, "sms", world.phone, asked=True) is not None
    assert "answer by another way" in db.session.scalar(select(Conversation.waiting_reason))


def test_no_more_contact_by_text_ends_email_too(world):
    arrives("Do not contact me again")
    assert "Opted out" in may_send(world.company_id, "email", world.email)


def test_a_stop_to_the_number_that_companies_share_ends_the_texts_of_all_and_is_confirmed_once(world):
    make_delivery(world.lead(), purpose="touch_point")
    other = make_location(name="Tint World Boulder")
    make_delivery(make_lead(other, customer=make_customer(other.company, phone=world.phone)), purpose="touch_point")
    db.session.commit()
    arrives("please stop texting me", To="+18885550100")
    for company_id in (world.company_id, other.company_id):
        assert "Opted out" in (may_send(company_id, "sms", world.phone) or "")
    assert [one.purpose for one in world.deliveries()].count("opt_out_confirmation") == 1
    arrives("START", To="+18885550100")
    for company_id in (world.company_id, other.company_id):
        assert may_send(company_id, "sms", world.phone) is None


def test_a_stop_to_a_number_that_two_companies_name_as_theirs_ends_the_texts_of_both(world):
    other = make_location(settings=LocationSettings(sms_number=NUMBER))
    db.session.commit()
    arrives("STOP")
    for company_id in (world.company_id, other.company_id):
        assert "Opted out" in (may_send(company_id, "sms", world.phone, asked=True) or "")


def test_a_yes_that_was_held_up_on_its_way_does_not_lift_the_stop_after_it(world):
    def said_at(moment, body):
        form = text_form(body, From=world.phone, To=NUMBER)
        on_text(form["AccountSid"], form, moment, NOW)

    said_at(NOW, "STOP")
    said_at(NOW - timedelta(seconds=5), "YES")
    assert "Opted out" in may_send(world.company_id, "sms", world.phone, asked=True)
    said_at(NOW + timedelta(seconds=5), "YES")
    assert may_send(world.company_id, "sms", world.phone, asked=True) is None


def test_a_stop_to_a_store_s_own_number_is_no_matter_of_another_company(world):
    other = make_location(name="Tint World Boulder")
    make_delivery(make_lead(other, customer=make_customer(other.company, phone=world.phone)), purpose="touch_point")
    db.session.commit()
    arrives("STOP")
    assert "Opted out" not in (may_send(other.company_id, "sms", world.phone) or "")
