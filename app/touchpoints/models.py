"""Planned contact: one row per lead and step."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Id


class TouchPoint(Base):
    """One planned contact. Its delivery holds whether it was sent; `reason` says in plain words why it was not."""

    __tablename__ = "touch_points"
    __table_args__ = (
        UniqueConstraint("lead_id", "step"),
        CheckConstraint("status IN ('planned', 'done', 'skipped')", name="status"),
        Index("ix_touch_points_due", "due_at", postgresql_where="status = 'planned'"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    lead_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="CASCADE"))
    step: Mapped[int] = mapped_column(Integer)
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="planned", server_default="planned")
    reason: Mapped[str | None]
    delivery_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("deliveries.id"))
    created_at: Mapped[datetime] = CreatedAt()
