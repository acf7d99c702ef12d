"""An email of a customer joins their conversation; what machines write does not."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import messaging
from app.chat.inbound_email import on_mail
from app.db import db
from app.leads.mail import reply_headers
from app.leads.models import LeadEvent
from app.leads.reply_address import lead_named_by, reply_address
from app.messaging import bad_number, may_send
from app.messaging.models import Delivery
from app.messaging.port import Unplaced
from tests.chat.world import NOW, make_world
from tests.factories.leads import make_lead
from tests.factories.locations import make_location
from tests.factories.messaging import make_delivery
from tests.wire.mails import make_bounce, make_complaint, make_mail


@pytest.fixture
def world(app, monkeypatch):
    monkeypatch.setattr("app.chat.runner.start", lambda reply_id: None)
    return make_world(app)


def arrives(world, raw, at=NOW):
    on_mail(str(world.company_id), {"raw": base64.b64encode(raw).decode()}, at, at)


def our_mail(world) -> Delivery:
    """An email of ours to Maria, as it was sent."""
    delivery = make_delivery(world.lead(), channel="email", purpose="touch_point", subject="Your quote")
    delivery.status, delivery.sent_at = "sent", NOW - timedelta(hours=1)
    delivery.provider_id = f"<{delivery.public_id}@tint.example.com>"
    db.session.commit()
    return delivery


def timeline(world):
    return list(db.session.scalars(select(LeadEvent.text).where(LeadEvent.lead_id == world.lead_id)))


def test_an_answer_to_the_signed_address_joins_the_conversation_whoever_sends_it(world):
    address = reply_address(world.lead())
    arrives(world, make_mail("Yes, 3 pm.", To=f"Tint World <{address.upper()}>", From="Dan <dan@work.example>"))
    said = world.messages()[-1]
    assert (said.author, said.channel, said.text, said.from_address) == (
        "customer",
        "email",
        "Yes, 3 pm.",
        "dan@work.example",
    )
    assert world.lead().first_engaged_at == NOW


def test_an_answer_to_a_mail_of_ours_joins_its_lead(world):
    delivery = our_mail(world)
    arrives(world, make_mail("Yes", In_Reply_To=delivery.provider_id, From="dan@work.example"))
    assert world.messages()[-1].from_address == "dan@work.example"


def test_by_its_sender_alone_it_is_answered_only_at_the_address_on_file(world):
    arrives(world, make_mail("Hello?"))
    assert (world.messages()[-1].text, world.messages()[-1].from_address) == ("Hello?", None)


def test_the_same_mail_again_is_there_once(world):
    mail = make_mail("Hello?")
    arrives(world, mail)
    arrives(world, mail)
    assert len(world.messages()) == 1


def test_an_automatic_answer_neither_joins_nor_engages_and_is_seen_on_the_timeline(world):
    arrives(world, make_mail("I am away", Subject="Out of office"))
    assert world.messages() == []
    assert world.lead().first_engaged_at is None
    assert timeline(world) == ["An automatic answer came by email: Out of office"]


def test_a_stranger_s_mail_is_kept_for_staff(world):
    with pytest.raises(Unplaced, match=r"stranger@example\.com") as caught:
        arrives(world, make_mail("Do you tint boats?", From="stranger@example.com"))
    assert caught.value.company_id == world.company_id


def test_another_company_s_lead_is_not_reached(world):
    other = make_lead(make_location())
    db.session.commit()
    other_address = reply_address(world.lead()).replace(world.lead().public_id, other.public_id)
    assert lead_named_by(other_address) == world.lead().public_id, "the name is encoded and signed"
    delivery = make_delivery(other, channel="email")
    db.session.commit()
    with pytest.raises(Unplaced):
        arrives(world, make_mail("Hi", From="x@example.com", In_Reply_To=f"<{delivery.public_id}@tint.example.com>"))


def test_a_forged_reply_address_names_nobody(world):
    address = reply_address(world.lead())
    local, _, domain = address.partition("@")
    assert len(local) <= 64
    forged = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"
    assert lead_named_by(address) == lead_named_by(address.upper()) == world.lead().public_id
    for other in (forged, "hello@tint.example.com", "hello+@x", "hello+-@x", "hello+é-a@x", ""):
        assert lead_named_by(other) is None


def test_an_unsubscribe_by_answer_ends_email(world):
    arrives(world, make_mail("Please unsubscribe me"))
    assert may_send(world.company_id, "email", world.email, asked=True) is not None
    assert may_send(world.company_id, "sms", world.phone, asked=True) is None
    assert world.messages()[-1].text == "Please unsubscribe me"
    assert world.lead().first_engaged_at is None


def test_an_unsubscribe_in_the_subject_above_a_signature_ends_email(world):
    arrives(world, make_mail("Sent from my iPhone", Subject="Unsubscribe", From=world.email))
    assert "Opted out" in may_send(world.company_id, "email", world.email, asked=True)


def test_the_stop_in_what_they_quote_is_not_theirs(world):
    arrives(
        world, make_mail("Sounds good!\n\nOn Mon, Nov 2, 2026 at 9:00 AM Tint <h@t.co> wrote:\n\n> Reply STOP\n> STOP")
    )
    assert may_send(world.company_id, "email", world.email, asked=True) is None


def test_a_bounce_marks_the_delivery_and_the_mailbox(world):
    delivery = our_mail(world)
    arrives(world, make_bounce(delivery.provider_id))
    db.session.refresh(delivery)
    assert (delivery.status, delivery.error_code) == ("undelivered", "5.1.1")
    assert "5.1.1" in bad_number(world.company_id, world.email)


def test_a_full_mailbox_is_not_bad_for_good_and_a_delay_is_no_failure(world):
    delivery = our_mail(world)
    arrives(world, make_bounce(delivery.provider_id, status="4.4.1", action="delayed"))
    db.session.refresh(delivery)
    assert delivery.status == "sent"
    arrives(world, make_bounce(delivery.provider_id, status="5.2.2"))
    db.session.refresh(delivery)
    assert delivery.status == "undelivered"
    assert bad_number(world.company_id, world.email) is None


def test_a_complaint_ends_email(world):
    delivery = our_mail(world)
    arrives(world, make_complaint(delivery.provider_id))
    assert may_send(world.company_id, "email", world.email, asked=True) is not None
    assert any("spam" in line for line in timeline(world))


def test_the_next_mail_follows_in_the_customer_s_own_thread(world):
    delivery = our_mail(world)
    arrives(world, make_mail("Yes", Message_ID="<theirs@example.com>", In_Reply_To=delivery.provider_id))
    headers = reply_headers(world.lead())
    assert headers["In-Reply-To"] == "<theirs@example.com>"
    assert headers["References"] == f"{delivery.provider_id} <theirs@example.com>"
    assert lead_named_by(headers["Reply-To"]) == world.lead().public_id


@pytest.mark.parametrize(
    ("words", "texts_end", "email_ends"),
    [
        ("Please stop texting me.", True, False),
        ("Please stop emailing me.", False, True),
        ("Stop the texts and the emails.", True, True),
        ("Do not contact me again.", True, True),
    ],
)
def test_a_mail_ends_what_its_words_name(world, words, texts_end, email_ends):
    arrives(world, make_mail(words))
    customer = world.lead().customer
    ended = [may_send(world.company_id, "sms", customer.phone), may_send(world.company_id, "email", customer.email)]
    assert ["Opted out" in (reason or "") for reason in ended] == [texts_end, email_ends]


def test_who_unsubscribes_from_another_mailbox_means_the_one_we_write_to(world):
    delivery = our_mail(world)
    arrives(world, make_mail("unsubscribe", In_Reply_To=delivery.provider_id, From="dan@work.example"))
    for address in ("dan@work.example", world.lead().customer.email):
        assert "Opted out" in (may_send(world.company_id, "email", address) or "")


def test_a_mailbox_that_writes_takes_mail_again(world):
    messaging.mark_bad(world.company_id, "maria@example.com", "5.1.1", NOW)
    arrives(world, make_mail("How much?"))
    assert bad_number(world.company_id, "maria@example.com") is None
