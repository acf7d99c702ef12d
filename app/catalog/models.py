"""What a store sells: services with their prices, per vehicle class where they depend on it, now and earlier."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.pricing import Price
from app.db import Base, CreatedAt, Id

KINDS = "kind IN ('exact', 'from', 'range', 'ask', 'to_confirm')"
LISTED_KINDS = "listed_kind IN ('exact', 'to_confirm')"


class Service(Base):
    """One row of one store's catalogue. `gone_at` is set when ShopMonkey no longer has it.

    `kind` to `high_cents` is the price that holds: the store's own since `price_set_at`, else what ShopMonkey lists
    (`listed_kind`, `listed_cents`, with everything it is made of in `price_parts`). `odd_reason` says why the listed
    price cannot be right; until the store sets its own, such a service is offered to nobody.
    """

    __tablename__ = "services"
    __table_args__ = (
        UniqueConstraint("location_id", "shopmonkey_id"),
        CheckConstraint(KINDS, name="kind"),
        CheckConstraint(LISTED_KINDS, name="listed_kind"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    shopmonkey_id: Mapped[str]
    shopmonkey_version: Mapped[int | None]
    name: Mapped[str]
    category: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    duration_minutes: Mapped[int | None] = mapped_column(Integer)
    kind: Mapped[str]
    low_cents: Mapped[int | None]
    high_cents: Mapped[int | None]
    currency: Mapped[str] = mapped_column(default="USD", server_default="USD")
    price_set_at: Mapped[datetime | None]
    listed_kind: Mapped[str] = mapped_column(default="to_confirm", server_default="to_confirm")
    listed_cents: Mapped[int | None]
    price_parts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    odd_reason: Mapped[str | None]
    gone_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = CreatedAt()

    class_prices: Mapped[list["ClassPrice"]] = relationship(
        lazy="selectin", order_by="ClassPrice.low_cents", cascade="all, delete-orphan"
    )

    @property
    def price(self) -> Price:
        """The price that holds for every vehicle, or the span over the classes where it depends on the vehicle."""
        return Price(self.kind, self.low_cents, self.high_cents, self.currency)

    @property
    def listed_price(self) -> Price:
        """The price that ShopMonkey lists."""
        return Price(self.listed_kind, self.listed_cents, None, self.currency)

    @property
    def quarantined(self) -> bool:
        """Whether its price cannot be right and the store has not set its own."""
        return self.odd_reason is not None and self.price_set_at is None

    def price_for(self, vehicle_class: str | None) -> Price:
        """The price for that class of vehicle; the general one where no class price is kept."""
        for row in self.class_prices:
            if row.vehicle_class == vehicle_class:
                return Price(row.kind, row.low_cents, row.high_cents, self.currency)
        return self.price


class ClassPrice(Base):
    """A service's price for one class of vehicle: always the store's own, ShopMonkey knows none."""

    __tablename__ = "class_prices"
    __table_args__ = (UniqueConstraint("service_id", "vehicle_class"), CheckConstraint(KINDS, name="kind"))

    id: Mapped[int] = Id()
    service_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("services.id", ondelete="CASCADE"))
    vehicle_class: Mapped[str]
    kind: Mapped[str]
    low_cents: Mapped[int | None]
    high_cents: Mapped[int | None]


class PriceVersion(Base):
    """What a service's price was from `valid_from` until `valid_to`; open while it holds. `source`: shopmonkey, store.

    `class_prices` maps vehicle class to cents.
    """

    __tablename__ = "price_versions"
    __table_args__ = (
        CheckConstraint(KINDS, name="kind"),
        Index("uq_price_versions_open", "service_id", unique=True, postgresql_where=text("valid_to IS NULL")),
        Index("ix_price_versions_service", "service_id", "valid_from"),
    )

    id: Mapped[int] = Id()
    service_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("services.id", ondelete="CASCADE"))
    source: Mapped[str]
    kind: Mapped[str]
    low_cents: Mapped[int | None]
    high_cents: Mapped[int | None]
    class_prices: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime | None]


class StagedService(Base):
    """A row on its way into a catalogue: seen by a sync, live only once the whole sync is.

    `state`: listed (to be offered), hidden (listed, but deleted or not bookable: to be looked up), gone (a look-up
    said so).
    """

    __tablename__ = "staged_services"
    __table_args__ = (
        CheckConstraint("state IN ('listed', 'hidden', 'gone')", name="state"),
        {"prefixes": ["UNLOGGED"]},
    )

    batch: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    shopmonkey_id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    shopmonkey_version: Mapped[int | None]
    name: Mapped[str]
    category: Mapped[str]
    description: Mapped[str]
    duration_minutes: Mapped[int | None] = mapped_column(Integer)
    listed_kind: Mapped[str]
    listed_cents: Mapped[int | None]
    price_parts: Mapped[dict[str, Any]]
    odd_reason: Mapped[str | None]
