"""The delivery ledger: what is to go out, written before anything is sent."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from app.db import db, prepared
from app.lib import clock
from app.messaging.gate import ASKED, PURPOSES
from app.messaging.models import Delivery
from app.messaging.port import Outgoing
from app.messaging.unsubscribe import unsubscribe_headers

# Asked for every message.
LOCKED = prepared(
    select(Delivery)
    .where(Delivery.id == bindparam("delivery_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)

TEXTED = prepared(
    select(Delivery.id)
    .where(
        Delivery.company_id == bindparam("company_id"),
        Delivery.recipient == bindparam("number"),
        Delivery.channel == "sms",
        Delivery.status.in_(("sending", "sent", "delivered", "unknown")),
    )
    .limit(1)
)

_table: Any = Delivery.__table__
_given = (
    "company_id", "location_id", "lead_id", "channel", "purpose", "sender", "recipient", "subject", "text", "html",
    "calendar", "headers", "asked_at", "dedupe_key", "public_id",
)  # fmt: skip
QUEUED = prepared(
    select(Delivery).from_statement(
        insert(_table)
        .values({name: bindparam(name) for name in _given})
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
        .returning(_table)
    )
)


def queue(
    *,
    company_id: int,
    location_id: int | None,
    lead_id: int | None,
    channel: str,
    purpose: str,
    recipient: str,
    text: str,
    dedupe_key: str,
    subject: str | None = None,
    html: str | None = None,
    sender: str | None = None,
    headers: Mapping[str, str] | None = None,
    asked_at: datetime | None = None,
    calendar: str | None = None,
) -> Delivery:
    """The delivery of this intent, queued now or found from before: one `dedupe_key` is one row, as first queued.

    `headers` are an email's own, `calendar` an .ics file that goes with it. `asked_at` is when the person wrote or did
    what this answers; without it, an answer counts from now.

    Writes a row and sends nothing; `deliver` sends. Raises ValueError for a purpose that the gate does not know.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"unknown purpose: {purpose}")
    whose = {"company_id": company_id, "location_id": location_id, "lead_id": lead_id}
    way = {"channel": channel, "purpose": purpose, "sender": sender, "recipient": recipient}
    words = {"subject": subject, "text": text, "html": html, "calendar": calendar, "headers": headers and dict(headers)}
    asked = {"asked_at": asked_at or clock.now() if purpose in ASKED else None}
    row = {**whose, **way, **words, **asked, "dedupe_key": dedupe_key, "public_id": secrets.token_urlsafe(16)}
    written: Delivery | None = db.session.scalar(QUEUED, row)
    return written or db.session.execute(select(Delivery).where(Delivery.dedupe_key == dedupe_key)).scalar_one()


def texted(company_id: int, number: str) -> bool:
    """Whether a text of the company may have reached this number before: the first one says how to stop."""
    return db.session.scalar(TEXTED, {"company_id": company_id, "number": number}) is not None


def locked(delivery_id: int) -> Delivery:
    """The delivery as committed now; nobody else sends or concludes it until the transaction ends."""
    return db.session.execute(LOCKED, {"delivery_id": delivery_id}).scalar_one()


def outgoing(delivery: Delivery) -> Outgoing:
    """The message as a transport takes it."""
    return Outgoing(
        public_id=delivery.public_id,
        sender=delivery.sender,
        recipient=delivery.recipient,
        subject=delivery.subject,
        text=delivery.text,
        html=delivery.html,
        headers=_headers(delivery),
        calendar=delivery.calendar,
    )


def give_up(delivery: Delivery, reason: str, now: datetime) -> None:
    """Have a queued delivery never be sent: it has become of no use. The caller holds its row."""
    delivery.status, delivery.reason, delivery.finished_at, delivery.not_before = "not_sent", reason, now, None


def _headers(delivery: Delivery) -> dict[str, str]:
    if delivery.channel != "email":
        return {}
    leaving = unsubscribe_headers(delivery.purpose, delivery.company_id, delivery.recipient)
    return {**leaving, **(delivery.headers or {})}
