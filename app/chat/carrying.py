"""What the worker does for answers: hand them to the fence, one by one, and tell staff where one did not arrive."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import or_, select

from app import messaging
from app.chat.holding import is_held
from app.chat.models import Message
from app.chat.posting import lock_lead
from app.db import db
from app.leads.models import Lead
from app.leads.places import places_of
from app.leads.timeline import note
from app.lib import clock
from app.lib.phone import display
from app.messaging.due import one_by_one
from app.messaging.models import Delivery

PURPOSES = ("answer", "opt_out_confirmation")
BATCH = 50
TAKEN_OVER = "A person of the store took the conversation over before this answer left"


def send_answers(now: datetime | None = None) -> int:
    """Send what was said to customers who do not write on the page; how many were tried."""
    due = or_(Delivery.not_before.is_(None), Delivery.not_before <= (now or clock.now()))
    waiting = select(Delivery.id, Delivery.lead_id, Delivery.message_id).where(
        Delivery.status == "queued", Delivery.purpose.in_(PURPOSES), due
    )
    found = db.session.execute(waiting.order_by(Delivery.id).limit(BATCH)).all()
    db.session.rollback()
    return one_by_one(found, _send, now)


def on_not_delivered(
    event: messaging.DeliveryFailed | messaging.DeliveryNotSent | messaging.DeliveryUnknown,
) -> None:
    """Staff read on the timeline that an answer did not reach the customer, and why."""
    delivery = db.session.get_one(Delivery, event.delivery_id)
    if delivery.purpose in PURPOSES and delivery.lead_id is not None:
        by = f"text to {display(delivery.recipient)}" if delivery.channel == "sms" else f"email to {delivery.recipient}"
        unsure = isinstance(event, messaging.DeliveryUnknown)
        what = "may not have arrived" if unsure else "did not go out or did not arrive"
        note(delivery.lead_id, "delivery", f"The answer by {by} {what}: {event.reason}", "system", clock.now())


def _send(row: Any, now: datetime) -> None:
    messaging.deliver(row.id, _last_look(row.lead_id, row.message_id), now, _places(row.lead_id))


def _last_look(lead_id: int | None, message_id: int | None) -> Callable[[], str | None]:
    if lead_id is None or message_id is None:
        return lambda: None
    return partial(_taken_over, lead_id, message_id)


def _taken_over(lead_id: int, message_id: int) -> str | None:
    """After a takeover the assistant says nothing more by any way."""
    lock_lead(lead_id)
    author = db.session.scalar(select(Message.author).where(Message.id == message_id))
    return TAKEN_OVER if author == "assistant" and is_held(lead_id) else None


def _places(lead_id: int | None) -> tuple[messaging.Place, ...]:
    if lead_id is None:
        return ()
    places = places_of(db.session.get_one(Lead, lead_id))
    db.session.rollback()
    return places
