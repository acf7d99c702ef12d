"""Deliveries that have served their purpose are deleted: they hold what people wrote, and nothing reads them again."""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_

from app.db import db
from app.webhooks.models import WebhookEvent

# One that is done is kept for whoever asks what came; its senders repeat themselves for five days at most. What led
# nowhere waits for staff, but not for ever: by then the order has been read otherwise, or the person was answered.
KEPT = {"done": timedelta(days=30), "parked": timedelta(days=180), "unknown_store": timedelta(days=180)}


def forget_old() -> int:
    """Delete what is older than KEPT allows, by the database's clock; how many. Commits."""
    old = delete(WebhookEvent).where(or_(*(_older(status, kept) for status, kept in KEPT.items())))
    gone = db.session.execute(old.returning(WebhookEvent.id).execution_options(synchronize_session=False)).all()
    db.session.commit()
    return len(gone)


def _older(status: str, kept: timedelta) -> ColumnElement[bool]:
    return and_(WebhookEvent.status == status, WebhookEvent.received_at < func.now() - kept)
