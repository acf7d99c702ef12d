"""One message about a visit, from due to handed over: look, write the delivery, pass the fence."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from functools import partial

from sqlalchemy import select

from app import messaging
from app.booking.locks import hold_lead
from app.booking.message_models import VisitMessage
from app.booking.message_rules import OTHER_PURPOSE, PURPOSES, against
from app.booking.message_texts import Recipient, recipient_of, written
from app.booking.message_ways import Way, places_of, way_to
from app.booking.models import Appointment
from app.db import db
from app.leads.models import Lead
from app.leads.timeline import note
from app.live import wake
from app.locations.models import Location
from app.locations.senders import mail_sender, sms_sender
from app.messaging import Place
from app.messaging.models import Delivery

JOB = "visit_messages"
TITLES = {
    "confirmation": "The confirmation",
    "change": "The message about the new time",
    "cancellation": "The message that the visit is cancelled",
    "day_before": "The reminder of the day before",
    "two_hours": "The reminder before the visit",
    "after_visit": "The question how it went",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A message and what it is about, as committed now: nobody changes the visit until the transaction ends."""

    message: VisitMessage
    appointment: Appointment
    lead: Lead | None

    def against(self, now: datetime) -> str | None:
        """Why the message must not go out, or None."""
        one, visit = self.message, self.appointment
        if one.status != "planned":
            return one.reason or "It is not to be sent"
        return against(one.sequence, one.kind, one.useful_until, visit.sequence, visit.status, now)


def send(message_id: int, now: datetime) -> None:
    """Send a claimed message, or write why not (yet). Commits; the reactions write what its delivery became."""
    queued = _prepare(message_id, now)
    db.session.commit()
    if queued:
        delivery_id, places = queued
        messaging.deliver(delivery_id, partial(last_look, message_id, now), now, places)


def last_look(message_id: int, now: datetime) -> str | None:
    """The fence's last question: why the visit, as it stands now, wants no such message; None where it does."""
    return held(message_id).against(now)


def held(message_id: int) -> Held:
    """The message with its visit, both held; the lead's row first, as for everybody who changes a visit."""
    message = db.session.get_one(VisitMessage, message_id)
    whose = select(Appointment.lead_id).where(Appointment.id == message.appointment_id)
    lead_id = db.session.scalar(whose)
    lead = hold_lead(lead_id) if lead_id else None
    held_row = select(Appointment).where(Appointment.id == message.appointment_id).with_for_update(key_share=True)
    appointment = db.session.scalars(held_row.execution_options(populate_existing=True)).one()
    db.session.refresh(message)
    return Held(message, appointment, lead)


def title_of(message: VisitMessage) -> str:
    """`The reminder before the visit by text`."""
    return f"{TITLES[message.kind]} by {'text' if message.channel == 'sms' else 'email'}"


def tell(message: VisitMessage, words: str, now: datetime) -> None:
    """A line on the lead's timeline, where there is a lead."""
    lead_id = db.session.scalar(select(Appointment.lead_id).where(Appointment.id == message.appointment_id))
    if lead_id is not None:
        note(lead_id, "visit", f"{title_of(message)} {words}", "system", now)


def not_by_this_way(message: VisitMessage, reason: str, now: datetime) -> None:
    """It will not go out so; a text that only has to reach the customer goes as an email instead."""
    message.skip(reason)
    tell(message, f"was not sent: {reason}", now)
    if message.channel != "sms" or message.kind not in PURPOSES or now >= message.useful_until:
        return
    instead = VisitMessage(
        company_id=message.company_id, location_id=message.location_id, appointment_id=message.appointment_id,
        sequence=message.sequence, kind=message.kind, channel="email", due_at=now, useful_until=message.useful_until,
        asked_at=message.asked_at,
    )  # fmt: skip
    db.session.add(instead)
    db.session.flush()
    wake(JOB)


def _prepare(message_id: int, now: datetime) -> tuple[int, tuple[Place, ...]] | None:
    one = held(message_id)
    message, store = one.message, db.session.get_one(Location, one.appointment.location_id)
    who = recipient_of(one.appointment, one.lead)
    places = places_of(store, one.lead, who)
    if message.status != "planned":
        return None
    if message.delivery_id:
        return message.delivery_id, places
    if reason := one.against(now):
        message.skip(reason)
        tell(message, f"was not sent: {reason}", now)
        return None
    way = way_to(message, who, store, places, now)
    if way.address is None:
        _hold(message, way, now)
        return None
    message.delivery_id = _write_delivery(one, way.address, store, who, now).id
    return message.delivery_id, places


def _hold(message: VisitMessage, way: Way, now: datetime) -> None:
    reason = way.reason or "Nothing allows a message"
    if way.opens_at is None or way.opens_at >= message.useful_until:
        not_by_this_way(message, reason, now)
        return
    if message.reason != reason:
        tell(message, f"waits: {reason}", now)
    message.postpone(way.opens_at, reason)


def _write_delivery(one: Held, address: str, store: Location, who: Recipient, now: datetime) -> Delivery:
    message, is_text = one.message, one.message.channel == "sms"
    sender = sms_sender(store) if is_text else mail_sender(store)
    said = written(
        message.kind, message.channel, one.appointment, one.lead, store, now,
        first_text=is_text and not messaging.texted(store.company_id, address),
        organizer=parseaddr(sender or "")[1] or None if not is_text else None,
    )  # fmt: skip
    return messaging.queue(
        company_id=message.company_id,
        location_id=message.location_id,
        lead_id=one.lead.id if one.lead else None,
        channel=message.channel,
        purpose=PURPOSES.get(message.kind, OTHER_PURPOSE),
        recipient=address,
        subject=said.subject,
        text=said.text,
        html=said.html,
        calendar=said.calendar,
        headers=said.headers,
        sender=sender,
        asked_at=message.asked_at,
        dedupe_key=f"visit-message:{message.id}",
    )
