"""What the worker does with alerts to staff: send them unless somebody has answered, by email where a text fails."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import or_, select

from app import messaging
from app.chat.hand_over_alerts import JOB, call_staff
from app.chat.hand_over_writing import KEY, PURPOSE, queue_mail_instead
from app.chat.models import Conversation, HandOverAlert
from app.chat.posting import lock_lead
from app.db import db
from app.lib import clock
from app.live import wake
from app.messaging.due import one_by_one
from app.messaging.models import Delivery

BATCH = 50
ANSWERED = "Somebody has answered before this alert left"


def watch_hand_overs(now: datetime | None = None) -> int:
    """Call staff where somebody waits, and send what is due; how many alerts were tried."""
    now = now or clock.now()
    call_staff(now)
    return send_alerts(now)


def send_alerts(now: datetime) -> int:
    """Send the alerts that are due; how many were tried. Several workers may run it."""
    due = or_(Delivery.not_before.is_(None), Delivery.not_before <= now)
    alerts = (Delivery.purpose == PURPOSE, Delivery.dedupe_key.startswith(KEY))
    query = select(Delivery.id).where(*alerts, Delivery.status == "queued", due)
    found = list(db.session.scalars(query.order_by(Delivery.id).limit(BATCH)))
    db.session.rollback()
    return one_by_one(found, lambda delivery_id, at: messaging.deliver(delivery_id, _last_look(delivery_id), at), now)


def on_not_delivered(event: messaging.DeliveryFailed | messaging.DeliveryNotSent) -> None:
    """An alert that did not go out as a text goes as an email."""
    delivery = db.session.get_one(Delivery, event.delivery_id)
    if delivery.purpose != PURPOSE or delivery.channel != "sms" or event.reason == ANSWERED:
        return
    alert = db.session.scalar(select(HandOverAlert).where(HandOverAlert.delivery_id == delivery.id))
    if alert is not None:
        queue_mail_instead(alert, clock.now())
        wake(JOB)


def _last_look(delivery_id: int) -> Callable[[], str | None]:
    return lambda: _answered(delivery_id)


def _answered(delivery_id: int) -> str | None:
    """Whether nobody waits any more as they did. A takeover and an answer lock the lead first, as this does."""
    query = select(Conversation.lead_id, Conversation.id, HandOverAlert.waiting_since).join(
        HandOverAlert, HandOverAlert.conversation_id == Conversation.id
    )
    row = db.session.execute(query.where(HandOverAlert.delivery_id == delivery_id)).one_or_none()
    if row is None:
        return ANSWERED
    lock_lead(row.lead_id)
    since = db.session.scalar(select(Conversation.waiting_since).where(Conversation.id == row.id))
    return None if since == row.waiting_since else ANSWERED
