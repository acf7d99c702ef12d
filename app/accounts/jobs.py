"""Mails to staff, sent apart from the request that asked for them, so that its duration tells nothing."""

from collections.abc import Callable

from sqlalchemy import func, or_, select

from app import messaging
from app.accounts.sign_in import LIFETIME, MAIL_KEY
from app.db import db
from app.messaging.due import one_by_one
from app.messaging.models import Delivery

AT_ONCE = 20


def send_staff_mail() -> int:
    """Send the queued sign-in mails, oldest first; returns how many were looked at. Several workers may run it."""
    stale = (Delivery.created_at < func.now() - LIFETIME).label("stale")
    due = or_(Delivery.not_before.is_(None), Delivery.not_before <= func.now())
    mail = (Delivery.purpose == "staff", Delivery.dedupe_key.startswith(MAIL_KEY))
    queued = select(Delivery.id, stale).where(*mail, Delivery.status == "queued", due)
    waiting = list(db.session.execute(queued.order_by(Delivery.created_at).limit(AT_ONCE)))
    db.session.commit()
    return one_by_one(waiting, lambda row, now: messaging.deliver(row.id, _last_look(row.stale), now), None)


def _last_look(stale: bool) -> Callable[[], str | None]:
    return lambda: "The sign-in link in it has expired" if stale else None
