"""Writes what became of a delivery that was handed to a provider."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, bindparam, select, update

from app.db import db, prepared
from app.lib import events
from app.messaging.events import DeliveryFailed, DeliveryPostponed, DeliverySent, DeliveryUnknown
from app.messaging.failures import verdict
from app.messaging.ledger import locked
from app.messaging.models import Delivery
from app.messaging.outcomes import Outcome
from app.messaging.port import Sent
from app.messaging.statuses import conclude
from app.ops.metrics import DELIVERIES


def write_outcome(delivery_id: int, attempt: int, outcome: Outcome, now: datetime) -> str:
    """Write the outcome of one attempt, publish its event and commit; the delivery's status afterwards.

    An attempt that somebody else has already cleared up stays as it is, except that unknown becomes known. Where the
    provider's own report was faster, only what it did not say is added.
    """
    delivery = _written(delivery_id, attempt, outcome, now)
    if delivery is None:
        delivery = locked(delivery_id)
        if delivery.attempt == attempt and outcome.sent:
            _complete(delivery, outcome.sent)
    else:
        _publish(delivery, outcome)
        if outcome.status == "failed":
            conclude(delivery, verdict(outcome.code), outcome.code, now)
    status = delivery.status
    DELIVERIES.labels(delivery.channel, status).inc()
    db.session.commit()
    return status


def _written(delivery_id: int, attempt: int, outcome: Outcome, now: datetime) -> Delivery | None:
    """The delivery with the outcome on it, its row held; None where this attempt waits for none any more."""
    values: dict[str, Any] = {
        "status": outcome.status, "reason": outcome.reason, "error_code": outcome.code, "not_before": outcome.not_before
    }  # fmt: skip
    if outcome.sent:
        values.update(provider_id=outcome.sent.provider_id, cost=outcome.sent.cost, sent_at=now)
        values.update({"segments": outcome.sent.segments} if outcome.sent.segments else {})
    if outcome.final or outcome.status in ("sent", "failed"):
        values["finished_at"] = now
    this = {"this_delivery": delivery_id, "this_attempt": attempt}
    return db.session.scalar(_writing(tuple(values)), {**this, **values})


@lru_cache
def _writing(names: tuple[str, ...]) -> Executable:
    """Writes these columns of an attempt that still waits for its outcome, and returns the delivery."""
    table: Any = Delivery.__table__
    statement = (
        update(table)
        .where(table.c.id == bindparam("this_delivery"), table.c.attempt == bindparam("this_attempt"))
        .where(table.c.status.in_(("sending", "unknown")))
        .values({name: bindparam(name) for name in names})
        .returning(table)
    )
    return prepared(select(Delivery).from_statement(statement).execution_options(populate_existing=True))


def _publish(delivery: Delivery, outcome: Outcome) -> None:
    reason = outcome.reason or ""
    about = (delivery.id, delivery.lead_id)
    match outcome.status:
        case "sent":
            events.publish(DeliverySent(*about))
        case "failed":
            events.publish(DeliveryFailed(*about, reason, outcome.code))
        case "unknown":
            events.publish(DeliveryUnknown(*about, reason))
        case "queued":
            events.publish(DeliveryPostponed(*about, reason))


def _complete(delivery: Delivery, sent: Sent) -> None:
    if delivery.provider_id in (None, sent.provider_id):
        delivery.segments, delivery.cost = sent.segments or delivery.segments, delivery.cost or sent.cost
