"""Staff who sign in, and what they did."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, CreatedAt, Id
from app.locations.models import Location

ROLES = ("advisor", "store_manager", "franchise_admin")
ALERT_BY = ("email", "sms", "none")

staff_locations = Table(
    "staff_locations",
    Base.metadata,
    Column("staff_user_id", BigInteger, ForeignKey("staff_users.id", ondelete="CASCADE"), primary_key=True),
    Column("location_id", BigInteger, ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True),
)


class StaffUser(Base):
    """A person of the company. A franchise admin sees every store of it, others the stores listed.

    `alert_by` is how they want to hear of a customer who waits for a person; between `quiet_from` and `quiet_until`, by
    the store's clock, such an alert waits.
    """

    __tablename__ = "staff_users"
    __table_args__ = (
        CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", name="role"),
        CheckConstraint(f"alert_by IN ({', '.join(repr(way) for way in ALERT_BY)})", name="alert_by"),
        CheckConstraint("alert_by <> 'sms' OR phone IS NOT NULL", name="phone"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    phone: Mapped[str | None]
    alert_by: Mapped[str] = mapped_column(default="email", server_default="email")
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    session_generation: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    created_at: Mapped[datetime] = CreatedAt()

    locations: Mapped[list[Location]] = relationship(secondary=staff_locations, lazy="selectin")


class SignIn(Base):
    """One sign-in link: good once, until `expires_at`. Only the hash of its nonce is kept.

    `leads_to` is the page that it was sent for: whoever is signed in gets there by it later too.
    """

    __tablename__ = "sign_ins"

    id: Mapped[int] = Id()
    staff_user_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("staff_users.id", ondelete="CASCADE"), index=True)
    nonce_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    leads_to: Mapped[str | None]
    created_at: Mapped[datetime] = CreatedAt()


class AuditEntry(Base):
    """Who of the staff did what to what."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_company_at", "company_id", "at"),)

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    staff_user_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("staff_users.id"))
    at: Mapped[datetime]
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any] | None]
