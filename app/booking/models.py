"""A store's capacity, what takes it, and the appointments."""

import secrets
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKey, Index, Integer, SmallInteger, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import text

from app.booking.rules import Rules
from app.db import Base, CreatedAt, Id

ABILITIES = ("tint", "film", "coating", "detail", "wash", "audio", "lift")
STATUSES = ("held", "booked", "cancelled", "no_show", "done", "expired")
TAKES_A_BAY = "status IN ('held', 'booked')"


def new_public_id() -> str:
    """What stands for an appointment in addresses and calendar files."""
    return secrets.token_urlsafe(12)


class Bay(Base):
    """One place where one car is worked on at a time; `abilities` are of ABILITIES. No bays: nothing is bookable."""

    __tablename__ = "bays"
    __table_args__ = (UniqueConstraint("location_id", "name"),)

    id: Mapped[int] = Id()
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id", ondelete="CASCADE"))
    name: Mapped[str]
    abilities: Mapped[list[Any]]
    created_at: Mapped[datetime] = CreatedAt()


class BookingRules(Base):
    """A store's own rules for bookings; without a row the usual ones hold (`rules.Rules`, which says what each is)."""

    __tablename__ = "booking_rules"
    __table_args__ = (
        CheckConstraint("step_minutes BETWEEN 5 AND 480", name="step_minutes"),
        CheckConstraint("horizon_days BETWEEN 1 AND 365", name="horizon_days"),
        CheckConstraint("buffer_minutes BETWEEN 0 AND 480", name="buffer_minutes"),
        CheckConstraint("lead_minutes BETWEEN 0 AND 43200", name="lead_minutes"),
        CheckConstraint("change_minutes BETWEEN 0 AND 43200", name="change_minutes"),
        CheckConstraint("usual_minutes BETWEEN 15 AND 2400", name="usual_minutes"),
        CheckConstraint("nights BETWEEN 0 AND 14", name="nights"),
    )

    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True)
    buffer_minutes: Mapped[int] = mapped_column(Integer, default=15, server_default="15")
    lead_minutes: Mapped[int] = mapped_column(Integer, default=120, server_default="120")
    last_start: Mapped[time | None]
    horizon_days: Mapped[int] = mapped_column(Integer, default=60, server_default="60")
    step_minutes: Mapped[int] = mapped_column(Integer, default=30, server_default="30")
    nights: Mapped[int] = mapped_column(SmallInteger, default=7, server_default="7")
    change_minutes: Mapped[int] = mapped_column(Integer, default=1440, server_default="1440")
    usual_minutes: Mapped[int] = mapped_column(Integer, default=120, server_default="120")

    @property
    def rules(self) -> Rules:
        """The rules as the pure functions take them."""
        return Rules(
            buffer=timedelta(minutes=self.buffer_minutes),
            lead_time=timedelta(minutes=self.lead_minutes),
            last_start=self.last_start,
            horizon_days=self.horizon_days,
            step=timedelta(minutes=self.step_minutes),
            nights=self.nights,
            change_until=timedelta(minutes=self.change_minutes),
            usual=timedelta(minutes=self.usual_minutes),
        )


class Block(Base):
    """Time that staff keep free, in one bay or (`bay_id` NULL) in all of the store."""

    __tablename__ = "blocks"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_blocks_location_ends", "location_id", "ends_at"),
    )

    id: Mapped[int] = Id()
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id", ondelete="CASCADE"))
    bay_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("bays.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(default="", server_default="")
    by: Mapped[str]
    created_at: Mapped[datetime] = CreatedAt()


class BusyTime(Base):
    """A visit that stands in ShopMonkey's calendar and is none of ours: it takes one suitable bay.

    `abilities` is what its bay needs, as far as its order says; `recurring` where it is one of a series.
    """

    __tablename__ = "busy_times"
    __table_args__ = (
        UniqueConstraint("location_id", "shopmonkey_id", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_busy_times_location_ends", "location_id", "ends_at"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id", ondelete="CASCADE"))
    shopmonkey_id: Mapped[str]
    shopmonkey_order_id: Mapped[str | None]
    name: Mapped[str] = mapped_column(default="", server_default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    recurring: Mapped[bool] = mapped_column(default=False, server_default="false")
    abilities: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    read_at: Mapped[datetime] = CreatedAt()


class Appointment(Base):
    """One car in one bay. `starts_at` to `ends_at` is what its customer is told; the bay is taken until `busy_until`.

    A hold (`held`) ends at `hold_until`. Services, prices and times are copies, as quoted. `minutes` is the work's
    open time, `abilities` what its bay needs. `client_id` is the asker's own name for the request: asked twice, it is
    one appointment. `sequence` counts what calendars must be told. At `confirmed_at` its customer said
    that they will come. Two that take the same bay at one time cannot be.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(status) for status in STATUSES)})", name="status"),
        CheckConstraint("starts_at < ends_at AND ends_at <= busy_until", name="order"),
        CheckConstraint("(status = 'held') = (hold_until IS NOT NULL)", name="hold"),
        ExcludeConstraint(
            (text("int8range(bay_id, bay_id, '[]')"), "&&"),
            ("during", "&&"),
            where=text(f"{TAKES_A_BAY} AND bay_id IS NOT NULL"),
            using="gist",
            name="ex_appointments_bay_during",
        ),
        Index("ix_appointments_ahead", "location_id", "busy_until", postgresql_where=text(TAKES_A_BAY)),
        Index("ix_appointments_holds", "hold_until", postgresql_where=text("status = 'held'")),
        Index("ix_appointments_location_starts", "location_id", "starts_at"),
        Index("ix_appointments_lead", "lead_id", "starts_at"),
        Index("ix_appointments_bay", "bay_id"),
        Index(
            "uq_appointments_lead_client", "lead_id", "client_id", unique=True,
            postgresql_where=text("lead_id IS NOT NULL"),
        ),
        Index(
            "uq_appointments_location_client", "location_id", "client_id", unique=True,
            postgresql_where=text("lead_id IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = Id()
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    lead_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("leads.id"))
    bay_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("bays.id", ondelete="SET NULL"))
    status: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    busy_until: Mapped[datetime]
    during: Mapped[Range[datetime]] = mapped_column(
        TSTZRANGE, Computed("tstzrange(starts_at, busy_until)", persisted=True)
    )
    hold_until: Mapped[datetime | None]
    hold_renewed: Mapped[bool] = mapped_column(default=False, server_default="false")
    minutes: Mapped[int] = mapped_column(Integer)
    abilities: Mapped[list[Any]]
    price_kind: Mapped[str]
    low_cents: Mapped[int | None]
    high_cents: Mapped[int | None]
    currency: Mapped[str]
    price_wording: Mapped[str]
    client_id: Mapped[str]
    sequence: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    customer_name: Mapped[str | None]
    customer_phone: Mapped[str | None]
    customer_email: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="", server_default="")
    booked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    created_at: Mapped[datetime] = CreatedAt()

    bay: Mapped[Bay | None] = relationship(lazy="select")
    services: Mapped[list["AppointmentService"]] = relationship(
        lazy="selectin", order_by="AppointmentService.position", cascade="all, delete-orphan"
    )
    changes: Mapped[list["AppointmentChange"]] = relationship(lazy="select", order_by="AppointmentChange.id")

    def holds(self, now: datetime) -> bool:
        """Whether it keeps its bay at `now`: booked, or a hold that has not run out."""
        return self.status == "booked" or (self.hold_until is not None and self.hold_until > now)


class AppointmentService(Base):
    """One service of an appointment, as it was named, priced and timed when it was quoted."""

    __tablename__ = "appointment_services"
    __table_args__ = (UniqueConstraint("appointment_id", "position"),)

    id: Mapped[int] = Id()
    appointment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("appointments.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(SmallInteger)
    service_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("services.id", ondelete="SET NULL"))
    name: Mapped[str]
    minutes: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str]
    low_cents: Mapped[int | None]
    high_cents: Mapped[int | None]
    currency: Mapped[str]
    wording: Mapped[str]


class AppointmentChange(Base):
    """What was done to an appointment: who, when, why, from what to what. Append-only."""

    __tablename__ = "appointment_changes"
    __table_args__ = (Index("ix_appointment_changes_appointment", "appointment_id", "id"),)

    id: Mapped[int] = Id()
    appointment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("appointments.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    change: Mapped[str]
    actor_kind: Mapped[str]
    actor: Mapped[str]
    why: Mapped[str] = mapped_column(default="", server_default="")
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    from_starts_at: Mapped[datetime | None]
    to_starts_at: Mapped[datetime]
    from_bay_id: Mapped[int | None]
    to_bay_id: Mapped[int | None]
