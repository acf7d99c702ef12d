"""A fresh link for somebody whose own has expired: only to the number or email on file, three a day, with consent."""

from datetime import datetime
from typing import Any, Literal

from flask import render_template
from sqlalchemy import func, or_, select

from app import messaging
from app.db import db
from app.leads.links import chat_url
from app.leads.models import Lead
from app.leads.places import places_of
from app.lib import clock
from app.live import wake
from app.messaging.due import one_by_one
from app.messaging.models import Delivery
from app.messaging.segments import plain

MOST_A_DAY = 3
PURPOSE = "link"

Outcome = Literal["sms", "email", "too_many", "unreachable"]


def ask(lead: Lead, now: datetime) -> Outcome:
    """Queue a message with a fresh link, by SMS where allowed, else by email. Says by which way, or why not.

    It is written in the language that the request speaks.
    """
    today = f"link:{lead.public_id}:{now:%Y-%m-%d}:"
    asked = select(func.count()).where(Delivery.lead_id == lead.id, Delivery.dedupe_key.startswith(today))
    number = db.session.scalar(asked) or 0
    if number >= MOST_A_DAY:
        return "too_many"
    found = _way(lead, now)
    if found is None:
        return "unreachable"
    channel, address = found
    words = {"store": lead.location, "channel": channel, "link": chat_url(lead)}
    messaging.queue(
        company_id=lead.company_id,
        location_id=lead.location_id,
        lead_id=lead.id,
        channel=channel,
        purpose=PURPOSE,
        recipient=address,
        subject=render_template("chat/fresh_link.subject.txt", **words).strip() if channel == "email" else None,
        text=plain(render_template("chat/fresh_link.txt", **words).strip()),
        dedupe_key=f"{today}{number}",
        asked_at=now,
    )
    wake("links")
    return "sms" if channel == "sms" else "email"


def send_links(now: datetime | None = None) -> int:
    """Send the fresh links that were asked for; returns how many were tried."""
    may_go = or_(Delivery.not_before.is_(None), Delivery.not_before <= (now or clock.now()))
    waiting = select(Delivery.id, Delivery.lead_id).where(
        Delivery.status == "queued", Delivery.purpose == PURPOSE, may_go
    )
    found = db.session.execute(waiting.order_by(Delivery.id).limit(50)).all()
    db.session.rollback()
    return one_by_one(found, _send, now)


def _send(row: Any, now: datetime) -> None:
    lead = db.session.get_one(Lead, row.lead_id)
    places = places_of(lead)
    db.session.rollback()
    if messaging.deliver(row.id, lambda: None, now, places) == "sent":
        lead.link_sent_at = now
        db.session.commit()


def _way(lead: Lead, now: datetime) -> tuple[Literal["sms", "email"], str] | None:
    customer, whose = lead.customer, lead.company_id
    if customer is None:
        return None
    if customer.phone and messaging.may_send(whose, "sms", customer.phone, lead.location_id, now) is None:
        return "sms", customer.phone
    if customer.email and messaging.may_send(whose, "email", customer.email, lead.location_id, now, asked=True) is None:
        return "email", customer.email
    return None
