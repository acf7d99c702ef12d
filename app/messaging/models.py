"""The delivery ledger and the consent ledger: every SMS and email, who allowed what, and who cannot be reached."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Id

STATUSES = ("queued", "sending", "sent", "delivered", "undelivered", "failed", "unknown", "not_sent")


class Delivery(Base):
    """One SMS or email handed, or not handed, to a provider. `reason` says in plain words why it was not sent.

    `dedupe_key` names the intent (one touch point, one confirmation): the same intent twice is one row.
    A queued one may have been held back or refused for now: then `not_before` says when it may be tried again.
    `headers` are an email's own; `message_id` is the message of a conversation that it carries.
    `asked_at` is when the person wrote or did what this answers. `counted_at` is when an unasked text was handed over:
    it counts against the most that one person may get in 24 hours.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("channel IN ('sms', 'email')", name="channel"),
        CheckConstraint(f"status IN ({', '.join(repr(status) for status in STATUSES)})", name="status"),
        Index("ix_deliveries_lead_created", "lead_id", "created_at"),
        Index("ix_deliveries_recipient", "recipient", "id"),
        Index(
            "ix_deliveries_unpriced",
            "sent_at",
            postgresql_where="cost IS NULL AND provider = 'twilio' AND provider_id IS NOT NULL",
        ),
        Index(
            "ix_deliveries_counted", "company_id", "recipient", "counted_at", postgresql_where="counted_at IS NOT NULL"
        ),
        Index(
            "ix_deliveries_open", "status", "created_at", postgresql_where="status IN ('queued', 'sending', 'unknown')"
        ),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("locations.id"))
    lead_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="SET NULL"))
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    public_id: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    purpose: Mapped[str]
    sender: Mapped[str | None]
    recipient: Mapped[str]
    subject: Mapped[str | None]
    text: Mapped[str]
    html: Mapped[str | None]
    calendar: Mapped[str | None]
    headers: Mapped[dict[str, Any] | None]
    message_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("messages.id", ondelete="SET NULL"), index=True
    )
    status: Mapped[str] = mapped_column(default="queued", server_default="queued")
    reason: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    provider: Mapped[str | None]
    provider_id: Mapped[str | None] = mapped_column(index=True)
    error_code: Mapped[str | None]
    segments: Mapped[int | None] = mapped_column(Integer)
    cost: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))
    cost_asked_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    sending_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = CreatedAt()


class DeliveryEvent(Base):
    """One status that a provider reported, as it came: append-only, the same report once."""

    __tablename__ = "delivery_events"
    __table_args__ = (
        UniqueConstraint("delivery_id", "provider_id", "status", "error_code", postgresql_nulls_not_distinct=True),
    )

    id: Mapped[int] = Id()
    delivery_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("deliveries.id", ondelete="CASCADE"))
    provider_id: Mapped[str]
    status: Mapped[str]
    error_code: Mapped[str | None]
    at: Mapped[datetime]


class InboundMail(Base):
    """One email that came in: an answer, an automatic one, a bounce or a complaint. `message_id` is its own."""

    __tablename__ = "inbound_mails"
    __table_args__ = (
        UniqueConstraint("company_id", "message_id"),
        CheckConstraint("kind IN ('answer', 'automatic', 'bounce', 'complaint')", name="kind"),
        Index("ix_inbound_mails_lead", "lead_id", "id"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    lead_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="SET NULL"))
    kind: Mapped[str]
    message_id: Mapped[str]
    sender: Mapped[str]
    subject: Mapped[str]
    received_at: Mapped[datetime]


class ConsentAttestation(Base):
    """The words on a website form by which people agree to be written to, as a manager attested them.

    Append-only: a changed form is a new `version`. `location_id` is None where the form serves the whole company.
    """

    __tablename__ = "consent_attestations"
    __table_args__ = (
        UniqueConstraint("company_id", "location_id", "version", postgresql_nulls_not_distinct=True),
        CheckConstraint("covers_sms OR covers_email", name="covers"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("locations.id"))
    version: Mapped[int] = mapped_column(Integer)
    text: Mapped[str]
    page: Mapped[str | None]
    covers_sms: Mapped[bool]
    covers_email: Mapped[bool]
    attested_by: Mapped[str]
    attested_at: Mapped[datetime]


class Consent(Base):
    """One entry of the consent ledger, keyed by company, channel and normalised address.

    Append-only: the database refuses to change or delete one. `scope` says how far it reaches: the store of
    `location_id`, the company, or every company here. An implied one ends at `expires_at`. `wording` or the attestation
    says what the person agreed to, or wrote.
    """

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("kind IN ('opt_in', 'opt_out')", name="kind"),
        CheckConstraint("channel IN ('sms', 'email')", name="channel"),
        CheckConstraint("scope IN ('location', 'company', 'franchise')", name="scope"),
        CheckConstraint("scope <> 'location' OR location_id IS NOT NULL", name="location"),
        Index("ix_consents_address", "company_id", "channel", "address", "id"),
        Index("ix_consents_franchise", "channel", "address", postgresql_where="scope = 'franchise'"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("locations.id"))
    channel: Mapped[str]
    address: Mapped[str]
    scope: Mapped[str] = mapped_column(default="company", server_default="company")
    kind: Mapped[str]
    source: Mapped[str]
    wording: Mapped[str | None]
    attestation_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("consent_attestations.id"))
    at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class BadNumber(Base):
    """A number that cannot receive SMS, or a mailbox that takes no mail, with the provider's error that said so."""

    __tablename__ = "bad_numbers"

    company_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str | None]
    since: Mapped[datetime]
