"""What providers report after they took a message: kept as it came, and brought onto the delivery."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.lib import events
from app.messaging.bad_numbers import mark_bad, out_of_reach
from app.messaging.consents import record_consent
from app.messaging.events import DeliveryFailed, DeliveryPostponed, DeliverySent
from app.messaging.failures import Verdict, verdict
from app.messaging.models import Delivery, DeliveryEvent
from app.messaging.status_rules import FAILING, advances, ours
from app.ops.metrics import DELIVERIES

log = logging.getLogger(__name__)

MOST_TRIES = 2
GONE_OUT = ("sent", "delivered")


def take_status(public_id: str, provider_id: str, status: str, error_code: str | None, at: datetime) -> bool:
    """Keep a reported status and let the highest of them decide; whether the delivery's own status changed.

    Found by the id that we put into the callback's address: a report may come before our own commit of the provider's
    id. Publishes the delivery's events, in the caller's transaction. Reports of unknown deliveries are ignored.
    """
    statement = select(Delivery).where(Delivery.public_id == public_id).with_for_update()
    delivery = db.session.execute(statement.execution_options(populate_existing=True)).scalar_one_or_none()
    if delivery is None:
        log.warning("a provider reports on a message that is not ours: %s", provider_id)
        return False
    before = _heard(delivery.id, provider_id)
    if not _keep(delivery.id, provider_id, status, error_code, at):
        return False
    if error_code and not delivery.error_code and delivery.provider_id == provider_id:
        delivery.error_code = error_code
    if delivery.provider_id not in (None, provider_id) or not advances(status, before):
        return False
    return _advance(delivery, provider_id, status, error_code, at)


def on_twilio_status(account: str, payload: Mapping[str, Any], received_at: datetime, now: datetime) -> None:
    """Take a stored status callback. Commits."""
    take_status(
        payload.get("delivery", ""),
        payload["MessageSid"],
        payload["MessageStatus"],
        payload.get("ErrorCode") or None,
        received_at,
    )
    db.session.commit()


def _heard(delivery_id: int, provider_id: str) -> list[str]:
    of_message = (DeliveryEvent.delivery_id == delivery_id, DeliveryEvent.provider_id == provider_id)
    return list(db.session.scalars(select(DeliveryEvent.status).where(*of_message)))


def _keep(delivery_id: int, provider_id: str, status: str, error_code: str | None, at: datetime) -> bool:
    values = {
        "delivery_id": delivery_id,
        "provider_id": provider_id,
        "status": status,
        "error_code": error_code,
        "at": at,
    }
    stored = insert(DeliveryEvent).values(values).on_conflict_do_nothing().returning(DeliveryEvent.id)
    return db.session.scalar(stored) is not None


def _advance(delivery: Delivery, provider_id: str, status: str, error_code: str | None, at: datetime) -> bool:
    was = delivery.status
    if was in ("queued", "not_sent"):
        # An earlier try's last words; this delivery is on its way again, or was held back.
        return False
    delivery.provider_id = provider_id
    delivery.sent_at = delivery.sent_at or at
    if status in FAILING:
        _not_delivered(delivery, status, error_code, at)
    else:
        delivery.status, delivery.reason = ours(status), None
        delivery.finished_at = at
        if was not in GONE_OUT:
            events.publish(DeliverySent(delivery.id, delivery.lead_id))
    if delivery.status != was:
        DELIVERIES.labels(delivery.channel, delivery.status).inc()
    return delivery.status != was


def _not_delivered(delivery: Delivery, status: str, error_code: str | None, at: datetime) -> None:
    code = error_code or delivery.error_code
    found = verdict(code)
    conclude(delivery, found, code, at)
    if (
        found.again_after
        and _tries(delivery.id) < MOST_TRIES
        and not (found.kind == "unreachable" and out_of_reach(delivery))
    ):
        delivery.status, delivery.reason, delivery.error_code = "queued", f"{found.words}: one more try follows", code
        delivery.provider_id, delivery.not_before, delivery.finished_at = None, at + found.again_after, None
        events.publish(DeliveryPostponed(delivery.id, delivery.lead_id, delivery.reason))
        return
    delivery.status, delivery.reason, delivery.error_code = ours(status), found.words, code
    delivery.finished_at = at
    events.publish(DeliveryFailed(delivery.id, delivery.lead_id, found.words, code))


def conclude(delivery: Delivery, found: Verdict, code: str | None, at: datetime) -> None:
    """Write what an error says beyond this delivery: an address that is no good, a person who wants no more."""
    if found.kind == "bad_number" or (found.kind == "unreachable" and out_of_reach(delivery)):
        mark_bad(delivery.company_id, delivery.recipient, code, at)
    elif found.kind == "opted_out":
        record_consent(
            company_id=delivery.company_id,
            location_id=delivery.location_id,
            channel=delivery.channel,
            address=delivery.recipient,
            kind="opt_out",
            source=f"{delivery.provider}, error {code}",
            at=at,
        )
    elif found.kind == "sender":
        log.error("texts do not arrive, and a setting is at fault: %s", found.words)


def _tries(delivery_id: int) -> int:
    """How many messages of this delivery a provider has given up."""
    ended = (DeliveryEvent.delivery_id == delivery_id, DeliveryEvent.status.in_(FAILING))
    return db.session.scalar(select(func.count(DeliveryEvent.provider_id.distinct())).where(*ended)) or 0
