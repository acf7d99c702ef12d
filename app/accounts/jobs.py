"""Mails to staff, sent apart from the request that asked for them, so that its duration tells nothing."""

from sqlalchemy import select

from app import messaging
from app.db import db
from app.messaging.models import Delivery


def send_staff_mail(limit: int = 20) -> int:
    """Send the queued mails to staff, oldest first; returns how many were looked at. Several workers may run it."""
    queued = select(Delivery.id).where(Delivery.purpose == "staff", Delivery.status == "queued")
    waiting = list(db.session.scalars(queued.order_by(Delivery.created_at).limit(limit)))
    db.session.commit()
    for delivery_id in waiting:
        messaging.deliver(delivery_id, lambda: None)
    return len(waiting)
