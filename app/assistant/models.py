"""What the assistant has told: the price of each service, as the customer was given it."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog.pricing import Price
from app.db import Base, Id


class PriceReceipt(Base):
    """The price that a tool gave to one lead for one service; `vehicle_class` is empty where it was not known."""

    __tablename__ = "price_receipts"
    __table_args__ = (UniqueConstraint("lead_id", "service_id", "vehicle_class"),)

    id: Mapped[int] = Id()
    lead_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="CASCADE"))
    service_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("services.id", ondelete="CASCADE"))
    vehicle_class: Mapped[str] = mapped_column(default="", server_default="")
    kind: Mapped[str]
    low_cents: Mapped[int | None]
    high_cents: Mapped[int | None]
    currency: Mapped[str]
    given_at: Mapped[datetime]

    @property
    def price(self) -> Price:
        """The price as it was given."""
        return Price(self.kind, self.low_cents, self.high_cents, self.currency)
