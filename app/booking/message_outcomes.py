"""What a visit's message becomes when its delivery has become something: reactions, in that transaction, rows only."""

from datetime import timedelta

from sqlalchemy import select

from app.booking.locks import hold_lead
from app.booking.message_models import VisitMessage
from app.booking.message_rules import OF_THE_VISIT, OF_VISITS
from app.booking.message_sending import not_by_this_way, tell
from app.db import db
from app.lib import clock
from app.lib.events import Reaction
from app.messaging import DeliveryFailed, DeliveryNotSent, DeliveryPostponed, DeliverySent, DeliveryUnknown
from app.messaging.ledger import give_up
from app.messaging.models import Delivery

LOOK_AGAIN = timedelta(hours=1)


def on_sent(event: DeliverySent) -> None:
    """It is done; the link in it is good for longer."""
    _went_out(event.delivery_id, "was sent")


def on_unknown(event: DeliveryUnknown) -> None:
    """It may have gone out: it counts as sent, and the timeline says that nobody knows."""
    _went_out(event.delivery_id, f"may not have gone out. {event.reason}", event.reason)


def on_not_sent(event: DeliveryNotSent) -> None:
    """The fence held it back: for the visit's sake it is off, for the way's sake it may go by another."""
    message = _message_of(event.delivery_id)
    if message is None or message.status != "planned":
        return
    now = clock.now()
    if event.reason in OF_THE_VISIT:
        message.skip(event.reason)
        tell(message, f"was not sent: {event.reason}", now)
    else:
        not_by_this_way(message, event.reason, now)


def on_failed(event: DeliveryFailed) -> None:
    """The provider refused it for good, or told later that it did not arrive."""
    message = _message_of(event.delivery_id)
    if message is not None and message.status != "skipped":
        not_by_this_way(message, event.reason, clock.now())


def on_postponed(event: DeliveryPostponed) -> None:
    """It waits as long as its delivery does, also after it did not arrive, unless it would be of no use by then."""
    message = _message_of(event.delivery_id)
    if message is None or message.status == "skipped":
        return
    delivery, now = db.session.get_one(Delivery, event.delivery_id), clock.now()
    until = delivery.not_before or now + LOOK_AGAIN
    if until >= message.useful_until:
        give_up(delivery, event.reason, now)
        not_by_this_way(message, event.reason, now)
        return
    if message.reason != event.reason:
        tell(message, f"waits: {event.reason}", now)
    message.postpone(until, event.reason)


REACTIONS: dict[type, Reaction] = {
    DeliverySent: on_sent,
    DeliveryUnknown: on_unknown,
    DeliveryNotSent: on_not_sent,
    DeliveryFailed: on_failed,
    DeliveryPostponed: on_postponed,
}


def _message_of(delivery_id: int) -> VisitMessage | None:
    if db.session.get_one(Delivery, delivery_id).purpose not in OF_VISITS:
        return None
    found = select(VisitMessage).where(VisitMessage.delivery_id == delivery_id)
    return db.session.scalar(found.execution_options(populate_existing=True))


def _went_out(delivery_id: int, words: str, reason: str | None = None) -> None:
    delivery, now = db.session.get_one(Delivery, delivery_id), clock.now()
    message = _message_of(delivery_id) if delivery.purpose in OF_VISITS else None
    if message is None:
        return
    lead = hold_lead(delivery.lead_id) if delivery.lead_id else None
    if lead is not None:
        lead.link_sent_at = delivery.sent_at or now
    message.done(reason)
    tell(message, words, now)
