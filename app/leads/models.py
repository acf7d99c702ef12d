"""Customers, vehicles and leads. One lead is one ShopMonkey order."""

import secrets
import string
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, CreatedAt, Id
from app.leads.stages import STAGES, is_closed
from app.locations.models import Location

ALPHABET = string.ascii_letters + string.digits


def new_public_id() -> str:
    """What stands for a lead in addresses: 12 random letters and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


class Customer(Base):
    """A person as ShopMonkey knows them, `read_at` for the last time; they may know several stores of the company."""

    __tablename__ = "customers"
    __table_args__ = (UniqueConstraint("company_id", "shopmonkey_id"),)

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    shopmonkey_id: Mapped[str]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(index=True)
    email: Mapped[str | None] = mapped_column(index=True)
    sms_opt_in: Mapped[bool] = mapped_column(default=False, server_default="false")
    email_subscribed: Mapped[bool] = mapped_column(default=False, server_default="false")
    language: Mapped[str | None]
    state: Mapped[str | None]
    postal_code: Mapped[str | None]
    shopmonkey_version: Mapped[int | None]
    read_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = CreatedAt()

    @property
    def name(self) -> str:
        """Both names, or an honest stand-in where ShopMonkey has none."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or "Customer"


class Vehicle(Base):
    """A customer's vehicle. `type` is ShopMonkey's ("Sedan", "SUV", …)."""

    __tablename__ = "vehicles"
    __table_args__ = (UniqueConstraint("company_id", "shopmonkey_id"),)

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    shopmonkey_id: Mapped[str]
    year: Mapped[int | None] = mapped_column(Integer)
    make: Mapped[str | None]
    model: Mapped[str | None]
    submodel: Mapped[str | None]
    type: Mapped[str | None]
    color: Mapped[str | None]
    shopmonkey_version: Mapped[int | None]
    created_at: Mapped[datetime] = CreatedAt()

    @property
    def name(self) -> str:
        """`2021 Toyota Camry SE`, as far as it is known; empty where nothing is."""
        return " ".join(str(part) for part in (self.year, self.make, self.model, self.submodel) if part)


class Lead(Base):
    """One ShopMonkey order that may become work: who asks, for which vehicle, at which store, and how far it came.

    Reading its order again failed last at `order_tried_at`.
    """

    __tablename__ = "leads"
    __table_args__ = (
        UniqueConstraint("company_id", "shopmonkey_order_id"),
        CheckConstraint(f"stage IN ({', '.join(repr(stage) for stage in STAGES)})", name="stage"),
        Index("ix_leads_location_created", "location_id", "created_at"),
        Index("ix_leads_company_created", "company_id", "created_at"),
        Index("ix_leads_open_read", "company_id", "order_read_at", postgresql_where="stage NOT IN ('won', 'lost')"),
    )

    id: Mapped[int] = Id()
    public_id: Mapped[str] = mapped_column(unique=True, default=new_public_id)
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    customer_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("customers.id"), index=True)
    vehicle_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("vehicles.id"))
    shopmonkey_order_id: Mapped[str]
    order_number: Mapped[str | None]
    order_name: Mapped[str | None]
    order_created_at: Mapped[datetime | None]
    order_updated_at: Mapped[datetime | None]
    order_version: Mapped[int | None]
    order_read_at: Mapped[datetime | None]
    order_tried_at: Mapped[datetime | None]
    order_deleted_at: Mapped[datetime | None]
    order_message_count: Mapped[int | None] = mapped_column(Integer)
    order_messaged_at: Mapped[datetime | None]
    stage: Mapped[str] = mapped_column(default="new", server_default="new", index=True)
    closed_reason: Mapped[str | None]
    link_generation: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    link_sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    last_opened_at: Mapped[datetime | None]
    first_engaged_at: Mapped[datetime | None]
    last_ai_at: Mapped[datetime | None]
    last_visit_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = CreatedAt()

    location: Mapped[Location] = relationship(lazy="joined")
    customer: Mapped[Customer | None] = relationship(lazy="joined")
    vehicle: Mapped[Vehicle | None] = relationship(lazy="joined")
    services: Mapped[list["RequestedService"]] = relationship(
        lazy="selectin", order_by="RequestedService.position", cascade="all, delete-orphan"
    )

    @property
    def closed(self) -> bool:
        """Won or lost: nothing more goes out by itself."""
        return is_closed(self.stage)


class LeadRule(Base):
    """Which orders of a company are leads. Empty lists narrow nothing; a company without a row uses the usual rule.

    `columns` are names of workflow columns, `name_patterns` order names in which `*` stands for anything. An order
    older than `max_age_hours` is never made a lead: nobody is texted about a quote of last year by a first sync.
    """

    __tablename__ = "lead_rules"
    __table_args__ = (CheckConstraint("max_age_hours BETWEEN 1 AND 720", name="max_age_hours"),)

    company_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    columns: Mapped[list[Any]]
    name_patterns: Mapped[list[Any]]
    statuses: Mapped[list[Any]]
    max_age_hours: Mapped[int] = mapped_column(Integer)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class RequestedService(Base):
    """A line of the lead's order. `price_cents` is the order's own quote; None where the order names no price.

    `to_confirm` says that the order prices it, but that something of the whole order may change what it comes to.
    `canned_service_id` is ShopMonkey's id of the catalogue row that the line came from, where it says so.
    """

    __tablename__ = "requested_services"
    __table_args__ = (UniqueConstraint("lead_id", "shopmonkey_id"),)

    id: Mapped[int] = Id()
    lead_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="CASCADE"))
    shopmonkey_id: Mapped[str]
    canned_service_id: Mapped[str | None]
    name: Mapped[str]
    price_cents: Mapped[int | None]
    to_confirm: Mapped[bool] = mapped_column(default=False, server_default="false")
    position: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class LeadEvent(Base):
    """One line of a lead's timeline, in words that staff can read."""

    __tablename__ = "lead_events"
    __table_args__ = (Index("ix_lead_events_lead_at", "lead_id", "at"),)

    id: Mapped[int] = Id()
    lead_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    kind: Mapped[str]
    text: Mapped[str]
    actor: Mapped[str] = mapped_column(default="system", server_default="system")
    detail: Mapped[dict[str, Any] | None]
