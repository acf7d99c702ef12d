"""Companies (ShopMonkey accounts) and locations (stores), with their settings per level."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, CreatedAt, EncryptedText, Id


class Company(Base):
    """One ShopMonkey account. Secrets here win over the environment's defaults."""

    __tablename__ = "companies"

    id: Mapped[int] = Id()
    shopmonkey_id: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    currency: Mapped[str] = mapped_column(default="USD", server_default="USD")
    shopmonkey_api_key: Mapped[str | None] = mapped_column(EncryptedText)
    shopmonkey_webhook_secret: Mapped[str | None] = mapped_column(EncryptedText)
    mail_inbound_secret: Mapped[str | None] = mapped_column(EncryptedText)
    mail_reply_domain: Mapped[str | None]
    created_at: Mapped[datetime] = CreatedAt()

    settings: Mapped["CompanySettings | None"] = relationship(lazy="joined")


class ShopMonkeyKey(Base):
    """A key that reads only some stores of a company; stores without one are read with the company's own."""

    __tablename__ = "shopmonkey_keys"

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id", ondelete="CASCADE"), index=True)
    secret: Mapped[str] = mapped_column(EncryptedText)
    created_at: Mapped[datetime] = CreatedAt()


class SettingsColumns:
    """What each level may set. NULL inherits: location from company, company from the environment.

    `assistant_terms` is what the assistant may say of warranty, deposit and the like. `first_token_seconds` and
    `stall_seconds` are how long a provider may be silent before its first word and after it.
    `texts_from`, `texts_until` (the recipient's local time) and `most_texts_in_24_hours` only narrow the law.
    """

    ai_primary: Mapped[str | None]
    anthropic_model: Mapped[str | None]
    openai_model: Mapped[str | None]
    twilio_messaging_service_sid: Mapped[str | None]
    sms_number: Mapped[str | None]
    mail_from: Mapped[str | None]
    assistant_name: Mapped[str | None]
    assistant_tone: Mapped[str | None]
    assistant_terms: Mapped[str | None]
    first_token_seconds: Mapped[int | None] = mapped_column(Integer)
    stall_seconds: Mapped[int | None] = mapped_column(Integer)
    texts_from: Mapped[time | None]
    texts_until: Mapped[time | None]
    most_texts_in_24_hours: Mapped[int | None] = mapped_column(Integer)


class CompanySettings(SettingsColumns, Base):
    __tablename__ = "company_settings"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True)


class LocationSettings(SettingsColumns, Base):
    __tablename__ = "location_settings"

    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True)


class Location(Base):
    """One store: where it is, how it looks, when it is open, and whether it may reach real people."""

    __tablename__ = "locations"
    __table_args__ = (UniqueConstraint("company_id", "shopmonkey_id"),)

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    shopmonkey_id: Mapped[str]
    name: Mapped[str]
    timezone: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    website: Mapped[str | None]
    address1: Mapped[str | None]
    address2: Mapped[str | None]
    city: Mapped[str | None]
    state: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str] = mapped_column(default="US", server_default="US")
    tagline: Mapped[str | None]
    brand_color: Mapped[str] = mapped_column(default="#1f2937", server_default="#1f2937")
    live: Mapped[bool] = mapped_column(default=False, server_default="false")
    shopmonkey_key_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("shopmonkey_keys.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = CreatedAt()

    company: Mapped[Company] = relationship(lazy="joined")
    shopmonkey_key: Mapped[ShopMonkeyKey | None] = relationship(lazy="select")
    settings: Mapped[LocationSettings | None] = relationship(lazy="joined")
    hours: Mapped[list["OpeningHours"]] = relationship(
        lazy="selectin", order_by="(OpeningHours.weekday, OpeningHours.opens)", cascade="all, delete-orphan"
    )

    @property
    def address(self) -> str:
        """The postal address on one line, as far as it is known."""
        parts = (self.address1, self.address2, self.city, f"{self.state or ''} {self.postal_code or ''}".strip())
        return ", ".join(part for part in parts if part)


class OpeningHours(Base):
    """One open stretch of a weekday (0 = Monday), in the store's zone; a break is two rows. No rows: hours unknown."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens < closes", name="order"),
    )

    id: Mapped[int] = Id()
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int] = mapped_column(SmallInteger)
    opens: Mapped[time]
    closes: Mapped[time]


class SpecialDays(Base):
    """Days on which other hours hold than the week's: a holiday, a closure, an open Sunday. They win over the week.

    `stretches` are ["HH:MM", "HH:MM"] pairs by the store's clock; none at all: closed.
    """

    __tablename__ = "special_days"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="order"),
        Index("ix_special_days_location", "location_id", "last_day"),
    )

    id: Mapped[int] = Id()
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id", ondelete="CASCADE"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    name: Mapped[str]
    stretches: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    created_at: Mapped[datetime] = CreatedAt()
