"""Planned contact: one row per lead, step and channel."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Id


class TouchPoint(Base):
    """One planned contact. Its delivery holds whether it was sent; `reason` says why it was not, or not yet.

    `channel` is `any` for the first that is allowed, or one that must be used. A worker that holds the row says until
    when in `claimed_until`.
    """

    __tablename__ = "touch_points"
    __table_args__ = (
        UniqueConstraint("lead_id", "step", "channel"),
        CheckConstraint("channel IN ('any', 'sms', 'email')", name="channel"),
        CheckConstraint("status IN ('planned', 'done', 'skipped')", name="status"),
        Index("ix_touch_points_due", "due_at", postgresql_where="status = 'planned'"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    lead_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="CASCADE"))
    step: Mapped[int] = mapped_column(Integer)
    channel: Mapped[str] = mapped_column(default="any", server_default="any")
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="planned", server_default="planned")
    reason: Mapped[str | None]
    delivery_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("deliveries.id"), index=True)
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = CreatedAt()

    def done(self, reason: str | None = None) -> None:
        """It went out, or may have: it is never sent again."""
        self.status, self.reason, self.claimed_until = "done", reason, None

    def skip(self, reason: str) -> None:
        """It will not go out."""
        self.status, self.reason, self.claimed_until = "skipped", reason, None

    def postpone(self, until: datetime, reason: str) -> None:
        """It waits, or is tried once more after it did not arrive."""
        self.status, self.due_at, self.reason, self.claimed_until = "planned", until, reason, None
