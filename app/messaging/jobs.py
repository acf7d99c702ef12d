"""What the worker does for messaging: clear up what nobody saw the end of."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from app.db import db
from app.lib import clock
from app.messaging.ledger import outgoing
from app.messaging.models import Delivery
from app.messaging.outcomes import Outcome, taken
from app.messaging.port import Outgoing, Transport, TransportError
from app.messaging.record import write_outcome
from app.messaging.transports import transports

# Longer than any transport's own timeouts together: by then no process is still waiting for an answer.
PATIENCE = timedelta(minutes=5)
BATCH = 50

CANNOT_ASK = "Whether this message went out is not known, and {provider} cannot be asked: it is not sent again"
NOT_FOUND = "{provider} shows no such message: it probably did not go out; it is not sent again by itself"

log = logging.getLogger(__name__)


def reconcile(now: datetime | None = None, limit: int = BATCH) -> int:
    """Clear up deliveries whose sender died or never got an answer; how many were settled.

    The provider is asked where it can be: found is sent. Else it stays or becomes unknown, and is never sent again.
    """
    now = now or clock.now()
    settled = 0
    for delivery_id in _unseen(limit):
        settled += _settle(delivery_id, now)
    return settled


def _unseen(limit: int) -> list[int]:
    # The database's clock, not the app's: a lease must not depend on which clock a sandbox shows.
    overdue = Delivery.sending_at < func.now() - PATIENCE
    open_ended = or_(Delivery.status == "sending", (Delivery.status == "unknown") & Delivery.finished_at.is_(None))
    statement = select(Delivery.id).where(open_ended, overdue).order_by(Delivery.id).limit(limit)
    found = list(db.session.execute(statement).scalars())
    db.session.commit()
    return found


def _settle(delivery_id: int, now: datetime) -> bool:
    delivery = db.session.get_one(Delivery, delivery_id)
    provider, attempt, since = delivery.provider or "The provider", delivery.attempt, delivery.sending_at
    message, transport = outgoing(delivery), transports().of(delivery.channel)
    db.session.commit()
    if transport is None or transport.name != provider or not transport.can_ask or since is None:
        outcome = Outcome("unknown", CANNOT_ASK.format(provider=provider), final=True)
    else:
        try:
            outcome = _asked(transport, message, since)
        except TransportError as error:
            log.warning("%s could not be asked about a message: %s", provider, error.message)
            return False
    write_outcome(delivery_id, attempt, outcome, now)
    return True


def _asked(transport: Transport, message: Outgoing, since: datetime) -> Outcome:
    found = transport.find(message, since)
    if found:
        return taken(found)
    return Outcome("unknown", NOT_FOUND.format(provider=transport.name), final=True)
