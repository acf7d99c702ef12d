"""What is said in a conversation leaves by the way the customer wrote last, word for word as it is shown."""

import pytest
from sqlalchemy import select

from app import chat, messaging
from app.chat import generation
from app.chat.carrying import send_answers
from app.chat.inbound_sms import on_text
from app.chat.models import Reply
from app.chat.sms_text import RULE
from app.db import db
from app.leads.models import LeadEvent
from app.lib import clock
from app.messaging.models import Delivery
from app.messaging.port import TransportError
from app.messaging.segments import segments
from tests.chat.world import NOW, NUMBER, World, make_world
from tests.factories.accounts import make_staff
from tests.factories.messaging import make_delivery, use_fakes
from tests.factories.providers import ScriptedProvider
from tests.wire.twilio_calls import text_form


@pytest.fixture
def world(live_app, monkeypatch) -> World:
    monkeypatch.setattr("app.chat.runner.start", lambda reply_id: None)
    use_fakes(live_app)
    clock.use(lambda: NOW)
    return make_world(live_app)


def texts(body: str) -> None:
    form = text_form(body, From="+19545550101", To=NUMBER)
    on_text(form["AccountSid"], form, NOW, NOW)


def answers(world: World, *script: str) -> ScriptedProvider:
    provider = ScriptedProvider(script)
    world.app.extensions["providers_for"] = lambda store: (provider,)
    reply_id = db.session.scalar(select(Reply.id).where(Reply.status == "pending"))
    db.session.rollback()
    generation.generate(reply_id, "this")
    return provider


def gone_out(world: World) -> list[tuple[str, str]]:
    return [(one.recipient, one.text) for one in world.app.extensions["messaging"].sms.sent]


STORE, STOP = "Tint World Coral Springs: ", " Reply STOP to opt out."


def test_a_text_is_answered_by_text_as_the_page_shows_it_under_the_store_s_name(world):
    texts("Are you open on Saturday?")
    provider = answers(world, "We do **every window**. ", "Shall I ask the team?")
    shown = world.messages()[-1]
    assert (shown.channel, shown.text) == ("sms", "We do every window. Shall I ask the team?")
    assert RULE in provider.prompts[0].system
    assert send_answers(NOW) == 1
    assert gone_out(world) == [(world.phone, STORE + shown.text + STOP)], "the first text says how to stop"
    delivery = world.deliveries()[0]
    assert (delivery.purpose, delivery.status, delivery.message_id, delivery.asked_at) == (
        "answer",
        "sent",
        shown.id,
        NOW,
    )
    assert send_answers(NOW) == 0


def test_a_long_answer_ends_with_the_link_to_the_rest(world):
    texts("Tell me everything")
    answers(world, "This is one of many sentences about film and shade. " * 30)
    send_answers(NOW)
    text = gone_out(world)[0][1]
    assert segments(text) <= 3
    assert "/session?token=" in text
    assert STORE + world.messages()[-1].text + STOP == text


def test_only_the_first_text_to_a_number_says_how_to_stop_and_no_name_stands_twice(world):
    texts("Are you open?")
    answers(world, "We are.")
    send_answers(NOW)
    texts("Who is this?")
    answers(world, "This is Tint World Coral Springs.")
    send_answers(NOW)
    assert [text for _, text in gone_out(world)] == [f"{STORE}We are.{STOP}", "This is Tint World Coral Springs."]


def test_an_answer_that_cannot_be_tried_does_not_keep_the_others(world, monkeypatch):
    lead = world.lead()
    broken, fine = make_delivery(lead).id, make_delivery(lead).id
    db.session.commit()
    deliver = messaging.deliver

    def stumbles(delivery_id, *given):
        if delivery_id == broken:
            raise ZeroDivisionError
        return deliver(delivery_id, *given)

    monkeypatch.setattr(messaging, "deliver", stumbles)
    assert send_answers(NOW) == 2
    assert [db.session.get_one(Delivery, one).status for one in (broken, fine)] == ["queued", "sent"]


def test_on_the_page_nothing_leaves_the_house(world):
    chat.post_customer_message(world.conversation_id, world.lead_id, "Hi", "c1", "web", NOW)
    answers(world, "Hello!")
    assert (world.deliveries(), world.messages()[-1].channel) == ([], "web")


def test_a_bare_stop_is_not_answered_by_the_assistant(world):
    texts("STOP")
    assert db.session.scalar(select(Reply.id)) is None


def test_what_staff_write_goes_out_the_same_way(world):
    texts("Is somebody there?")
    staff = make_staff(world.lead().location)
    staff_id = staff.id
    db.session.commit()
    chat.take_over(world.conversation_id, staff_id, "Alex", NOW)
    chat.post_staff_message(world.conversation_id, staff_id, "Alex", "Yes – how can I help?", "s1", NOW)
    shown = world.messages()[-1]
    assert (shown.author, shown.channel, shown.text) == ("staff", "sms", "Yes - how can I help?")
    send_answers(NOW)
    assert gone_out(world) == [(world.phone, STORE + shown.text + STOP)]


def test_after_a_takeover_no_answer_of_the_assistant_leaves_any_more(world):
    texts("Are you open?")
    answers(world, "We are open today.")
    staff = make_staff(world.lead().location)
    staff_id = staff.id
    db.session.commit()
    chat.take_over(world.conversation_id, staff_id, "Alex", NOW)
    send_answers(NOW)
    assert gone_out(world) == []
    assert world.deliveries()[0].status == "not_sent"
    told = db.session.scalars(select(LeadEvent.text).where(LeadEvent.kind == "delivery")).all()
    assert len(told) == 1
    assert "took the conversation over" in told[0]


def test_staff_read_that_an_answer_did_not_arrive(world):
    def landline(outgoing):
        raise TransportError("cannot receive SMS", permanent=True, code="21614")

    texts("Are you open?")
    answers(world, "We are open today.")
    world.app.extensions["messaging"].sms.answer = landline
    send_answers(NOW)
    assert "did not" in db.session.scalars(select(LeadEvent.text).where(LeadEvent.kind == "delivery")).one()


def test_a_mail_is_answered_by_mail_in_its_own_thread(world):
    chat.post_customer_message(
        world.conversation_id, world.lead_id, "Are you open?", "m1", "email", NOW, from_address="maria@work.example"
    )
    answers(world, "We are open **today**.")
    send_answers(NOW)
    sent = world.app.extensions["messaging"].email.sent[0]
    assert sent.recipient == "maria@work.example"
    assert sent.text.startswith("We are open today.")
    assert "<strong>today</strong>" in sent.html
    assert "100 Atlantic Blvd" in sent.text
    assert "100 Atlantic Blvd" in sent.html
    assert "+" in sent.headers["Reply-To"].partition("@")[0]
    assert sent.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert world.messages()[-1].text == "We are open **today**."
