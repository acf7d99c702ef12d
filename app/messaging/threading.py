"""Which emails belong together, by their Message-IDs (RFC 5322, 3.6.4)."""

from email.utils import unquote

from sqlalchemy import select

from app.db import db
from app.messaging.models import Delivery, InboundMail

MOST_REFERENCES = 8


def thread_headers(lead_id: int) -> dict[str, str]:
    """`In-Reply-To` the last email to or from this lead, and the `References` up to it; none before the first."""
    sent = select(Delivery.sent_at.label("at"), Delivery.provider_id.label("message_id")).where(
        Delivery.lead_id == lead_id,
        Delivery.channel == "email",
        Delivery.provider_id.like("<%"),
        Delivery.sent_at.is_not(None),
    )
    received = select(InboundMail.received_at.label("at"), InboundMail.message_id).where(
        InboundMail.lead_id == lead_id, InboundMail.kind == "answer", InboundMail.message_id.like("<%")
    )
    both = sent.union_all(received).subquery()
    newest = db.session.scalars(select(both.c.message_id).order_by(both.c.at.desc()).limit(MOST_REFERENCES)).all()
    if not newest:
        return {}
    return {"In-Reply-To": newest[0], "References": " ".join(newest[::-1])}


def last_subject(lead_id: int) -> str | None:
    """The subject of the last email that this lead sent us."""
    theirs = select(InboundMail.subject).where(InboundMail.lead_id == lead_id, InboundMail.kind == "answer")
    return db.session.scalar(theirs.order_by(InboundMail.id.desc()).limit(1))


def delivery_named_by(message_id: str) -> Delivery | None:
    """The email of ours with this Message-ID, which is made of its delivery's own id."""
    public_id = unquote(message_id.strip()).partition("@")[0]
    return db.session.scalar(select(Delivery).where(Delivery.public_id == public_id, Delivery.channel == "email"))
