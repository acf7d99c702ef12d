"""What machines told us, each delivery once."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Id


class WebhookEvent(Base):
    """One verified delivery. `status` is new, claimed, done, parked (ten failures) or unknown_store.

    Of one object, one at a time is claimed.
    """

    __tablename__ = "webhook_events"
    __table_args__ = (
        UniqueConstraint("source", "delivery_id"),
        UniqueConstraint("source", "account", "object_table", "object_id", "operation", "version"),
        CheckConstraint("status IN ('new', 'claimed', 'done', 'parked', 'unknown_store')", name="status"),
        Index("ix_webhook_events_open", "next_attempt_at", postgresql_where="status IN ('new', 'claimed')"),
        Index(
            "uq_webhook_events_at_work",
            "source",
            "account",
            "object_table",
            "object_id",
            unique=True,
            postgresql_where="status = 'claimed'",
        ),
        # What is old lies together: the index for forgetting costs next to nothing under a flood.
        Index("ix_webhook_events_received", "received_at", postgresql_using="brin"),
        Index("ix_webhook_events_shown", "received_at", postgresql_where="status IN ('parked', 'unknown_store')"),
    )

    id: Mapped[int] = Id()
    source: Mapped[str]
    delivery_id: Mapped[str]
    account: Mapped[str]
    company_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("companies.id"))
    object_table: Mapped[str]
    object_id: Mapped[str]
    operation: Mapped[str]
    version: Mapped[str]
    payload: Mapped[dict[str, Any]]
    request_id: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="new", server_default="new")
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime]
    last_error: Mapped[str | None]
    received_at: Mapped[datetime] = CreatedAt()
    finished_at: Mapped[datetime | None]
