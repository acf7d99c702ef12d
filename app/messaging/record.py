"""Writes what became of a delivery that was handed to a provider."""

from datetime import datetime

from sqlalchemy import select

from app.db import db
from app.lib import events
from app.messaging.consents import record_consent
from app.messaging.events import DeliveryFailed, DeliveryPostponed, DeliverySent, DeliveryUnknown
from app.messaging.models import Delivery
from app.messaging.outcomes import Outcome
from app.ops.metrics import DELIVERIES


def write_outcome(delivery_id: int, attempt: int, outcome: Outcome, now: datetime) -> str:
    """Write the outcome of one attempt, publish its event and commit; the delivery's status afterwards.

    An attempt that somebody else has already cleared up stays as it is, except that unknown becomes known.
    """
    statement = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    delivery = db.session.execute(statement.execution_options(populate_existing=True)).scalar_one()
    if delivery.attempt == attempt and delivery.status in ("sending", "unknown"):
        _write(delivery, outcome, now)
        _publish(delivery, outcome)
        if outcome.opted_out:
            _opt_out(delivery, outcome, now)
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


def _opt_out(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    record_consent(
        company_id=delivery.company_id,
        location_id=delivery.location_id,
        channel=delivery.channel,
        address=delivery.recipient,
        kind="opt_out",
        source=f"{delivery.provider}, error {outcome.code}",
        at=now,
    )
