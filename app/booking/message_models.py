"""The messages around a visit, each planned as a row before anything is sent."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Id


class VisitMessage(Base):
    """One message about one state of an appointment, which `sequence` names: moved meanwhile, it is not sent.

    It goes out at `due_at` or later, and no more from `useful_until` on. Nothing of its text is kept: that is written
    from the appointment's row when it is sent. `asked_at` is when the customer did what it answers. Its delivery holds
    whether it was sent; `reason` says why it was not, or not yet. A worker that holds the row says until when in
    `claimed_until`.
    """

    __tablename__ = "visit_messages"
    __table_args__ = (
        UniqueConstraint("appointment_id", "sequence", "kind", "channel"),
        CheckConstraint(
            "kind IN ('confirmation', 'change', 'cancellation', 'day_before', 'two_hours', 'after_visit')", name="kind"
        ),
        CheckConstraint("channel IN ('sms', 'email')", name="channel"),
        CheckConstraint("status IN ('planned', 'done', 'skipped')", name="status"),
        Index("ix_visit_messages_due", "due_at", postgresql_where="status = 'planned'"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    appointment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("appointments.id", ondelete="CASCADE"))
    sequence: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str]
    channel: Mapped[str]
    due_at: Mapped[datetime]
    useful_until: Mapped[datetime]
    asked_at: Mapped[datetime | None]
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
