"""Answers that leave the house: what was said in a conversation goes to the customer by the way they wrote last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from sqlalchemy import select

from app import messaging
from app.chat import words
from app.chat.models import Conversation, Message
from app.chat.sms_text import fitted, named, unmarked
from app.db import db
from app.leads.links import chat_url
from app.leads.mail import mail_look, reply_headers, subject_of_answer
from app.leads.models import Lead
from app.live import wake
from app.locations.senders import mail_sender, sms_sender
from app.messaging.segments import plain
from app.web.i18n import speaking
from app.web.markdown import render

JOB = "answers"
PURPOSE = "answer"


@dataclass(frozen=True, slots=True)
class Way:
    """How the customer wrote last: by which channel, from where, when."""

    channel: str
    address: str | None
    at: datetime


def way_of(conversation_id: int) -> Way | None:
    """The way back to the customer, None while they write on the page, which shows every answer."""
    last = (
        select(Message.channel, Message.from_address, Message.created_at)
        .where(Message.conversation_id == conversation_id, Message.author == "customer")
        .order_by(Message.seq.desc())
        .limit(1)
    )
    row = db.session.execute(last).one_or_none()
    return None if row is None or row.channel == "web" else Way(row.channel, row.from_address, row.created_at)


def worded(lead_id: int, channel: str, text: str, language: str | None) -> str:
    """The text as it is sent by that channel, and therefore shown: an SMS is plain and short."""
    if channel != "sms":
        return text
    lead = db.session.get_one(Lead, lead_id)
    besides = named(_store(lead), "", words.reply_stop(language))
    return fitted(text, words.more_by_link(language, chat_url(lead)), besides)


def worded_by_staff(channel: str, text: str) -> str:
    """A person's own words as they are sent and shown: nothing is cut, only what would double an SMS is made plain."""
    return plain(text) if channel == "sms" else text


def carry(conversation_id: int, seq: int, text: str) -> None:
    """Queue message `seq` of the conversation for its way out, in the caller's transaction; the fence has its say.

    Nothing is queued for somebody who writes on the page by now.
    """
    way = way_of(conversation_id)
    if way is None:
        return
    message_id, lead_id, language = db.session.execute(
        select(Message.id, Conversation.lead_id, Conversation.language)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.conversation_id == conversation_id, Message.seq == seq)
    ).one()
    lead = db.session.get_one(Lead, lead_id)
    recipient = way.address or _on_file(lead, way.channel)
    if not recipient:
        return
    said = {"text": _sms(lead, text, language, recipient)} if way.channel == "sms" else _email(lead, text, language)
    delivery = messaging.queue(
        company_id=lead.company_id,
        location_id=lead.location_id,
        lead_id=lead.id,
        channel=way.channel,
        purpose=PURPOSE,
        recipient=recipient,
        sender=sms_sender(lead.location) if way.channel == "sms" else mail_sender(lead.location),
        dedupe_key=f"message:{message_id}",
        headers=reply_headers(lead) if way.channel == "email" else None,
        asked_at=way.at,
        **said,
    )
    delivery.message_id = message_id
    db.session.flush()
    wake(JOB)


def _on_file(lead: Lead, channel: str) -> str | None:
    if lead.customer is None:
        return None
    return lead.customer.phone if channel == "sms" else lead.customer.email


def _sms(lead: Lead, text: str, language: str | None, number: str) -> str:
    first = not messaging.texted(lead.company_id, number)
    return named(_store(lead), text, words.reply_stop(language) if first else "")


def _store(lead: Lead) -> str:
    return " ".join(lead.location.name.split())[:80]


def _email(lead: Lead, text: str, language: str | None) -> dict[str, str]:
    with speaking(language):
        said: Mapping[str, object] = {
            **mail_look(lead),
            "text": unmarked(text),
            "said": render(text),
            "link": chat_url(lead),
        }
        return {
            "subject": subject_of_answer(lead),
            "text": render_template("chat/answer.email.txt", **said).strip() + "\n",
            "html": render_template("chat/answer.email.html", **said),
        }
