"""What each text cost, and what a missed callback would have said: asked of the provider some time afterwards.

Twilio knows the price minutes after the message and tells it nowhere but in the message itself.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from app.db import db
from app.lib import clock
from app.messaging.models import Delivery
from app.messaging.port import Report, TransportError
from app.messaging.statuses import take_status
from app.messaging.transports import transports

ASK_AFTER = timedelta(minutes=15)
ASK_AGAIN = timedelta(hours=6)
GIVE_UP_AFTER = timedelta(days=3)
BATCH = 50

log = logging.getLogger(__name__)


def ask_costs(now: datetime | None = None, limit: int = BATCH) -> int:
    """Ask about texts that have no price yet, a few times each; how many were asked about."""
    look_up = getattr(transports().sms, "look_up", None)
    if look_up is None:
        return 0
    found = _unpriced(now or clock.now(), limit)
    for delivery_id, public_id, provider_id in found:
        try:
            report: Report = look_up(provider_id)
        except TransportError as error:
            log.warning("a text could not be asked about: %s", error.message)
            continue
        take_status(public_id, provider_id, report.status, report.code, now or clock.now())
        told = {"cost": report.cost, "segments": func.coalesce(report.segments, Delivery.segments)}
        db.session.execute(update(Delivery).where(Delivery.id == delivery_id).values(**told))
        db.session.commit()
    return len(found)


def _unpriced(now: datetime, limit: int) -> list[tuple[int, str, str]]:
    """Claimed by the time they were asked about: two workers do not ask twice. Commits."""
    due = or_(Delivery.cost_asked_at.is_(None), Delivery.cost_asked_at < now - ASK_AGAIN)
    waiting = (
        select(Delivery.id)
        .where(
            Delivery.cost.is_(None),
            Delivery.provider == "twilio",
            Delivery.provider_id.is_not(None),
            Delivery.sent_at.between(now - GIVE_UP_AFTER, now - ASK_AFTER),
            due,
        )
        .order_by(Delivery.sent_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = update(Delivery).where(Delivery.id.in_(waiting)).values(cost_asked_at=now)
    rows = db.session.execute(claimed.returning(Delivery.id, Delivery.public_id, Delivery.provider_id)).all()
    db.session.commit()
    return [(row.id, row.public_id, str(row.provider_id)) for row in rows]
