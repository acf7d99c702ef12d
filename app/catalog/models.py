"""What a store sells: services with their prices, per vehicle class where the price depends on it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.pricing import Price
from app.db import Base, CreatedAt, Id

KINDS = "kind IN ('exact', 'from', 'range', 'ask')"


class Service(Base):
    """One row of one store's catalogue. `gone_at` is set when ShopMonkey no longer has it."""

    __tablename__ = "services"
    __table_args__ = (UniqueConstraint("location_id", "shopmonkey_id"), CheckConstraint(KINDS, name="kind"))

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"), index=True)
    shopmonkey_id: Mapped[str]
    name: Mapped[str]
    category: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    duration_minutes: Mapped[int | None] = mapped_column(Integer)
    kind: Mapped[str]
    low_cents: Mapped[int | None]
    high_cents: Mapped[int | None]
    currency: Mapped[str] = mapped_column(default="USD", server_default="USD")
    gone_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = CreatedAt()

    class_prices: Mapped[list["ClassPrice"]] = relationship(
        lazy="selectin", order_by="ClassPrice.low_cents", cascade="all, delete-orphan"
    )

    @property
    def price(self) -> Price:
        """The price that holds for every vehicle, or the span over the classes where it depends on the vehicle."""
        return Price(self.kind, self.low_cents, self.high_cents, self.currency)

    def price_for(self, vehicle_class: str | None) -> Price:
        """The price for that class of vehicle; the general one where no class price is kept."""
        for row in self.class_prices:
            if row.vehicle_class == vehicle_class:
                return Price(row.kind, row.low_cents, row.high_cents, self.currency)
        return self.price


class ClassPrice(Base):
    """A service's price for one class of vehicle."""

    __tablename__ = "class_prices"
    __table_args__ = (UniqueConstraint("service_id", "vehicle_class"), CheckConstraint(KINDS, name="kind"))

    id: Mapped[int] = Id()
    service_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("services.id", ondelete="CASCADE"))
    vehicle_class: Mapped[str]
    kind: Mapped[str]
    low_cents: Mapped[int | None]
    high_cents: Mapped[int | None]
