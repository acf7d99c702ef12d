"""Writes what became of a delivery that was handed to a provider."""

from datetime import datetime

from sqlalchemy import select

from app.db import db
from app.lib import events
from app.messaging.events import DeliveryFailed, DeliveryPostponed, DeliverySent, DeliveryUnknown
from app.messaging.failures import verdict
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
    statement = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    delivery = db.session.execute(statement.execution_options(populate_existing=True)).scalar_one()
    if delivery.attempt == attempt and delivery.status in ("sending", "unknown"):
        _write(delivery, outcome, now)
        _publish(delivery, outcome)
        if outcome.status == "failed":
            conclude(delivery, verdict(outcome.code), outcome.code, now)
    elif delivery.attempt == attempt and outcome.sent:
        _complete(delivery, outcome.sent)
    status = delivery.status
    DELIVERIES.labels(delivery.channel, status).inc()
    db.session.commit()
    return status


def _write(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    delivery.status, delivery.reason, delivery.error_code = outcome.status, outcome.reason, outcome.code
    delivery.not_before = outcome.not_before
    if outcome.sent:
        delivery.provider_id, delivery.cost = outcome.sent.provider_id, outcome.sent.cost
        delivery.segments = outcome.sent.segments or delivery.segments
        delivery.sent_at = now
    if outcome.final or outcome.status in ("sent", "failed"):
        delivery.finished_at = now


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
