"""What the assistant has told: the price of each service as the customer was given it, and what was not let through."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.catalog.pricing import Price
from app.db import Base, CreatedAt, Id


class PriceReceipt(Base):
    """The price that a tool gave to one lead for one service; `vehicle_class` is empty where it was not known.

    `shown_at` is when the customer first saw it: from then on it is theirs, whatever the price list says.
    """

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
    shown_at: Mapped[datetime | None]

    @property
    def price(self) -> Price:
        """The price as it was given."""
        return Price(self.kind, self.low_cents, self.high_cents, self.currency)


class WithheldSentence(Base):
    """A sentence of the assistant's that its proof did not let through, for staff to review.

    `kind` is price, claim, moment or language; `reason` says why in words; `outcome` is rewritten, replaced (by an
    honest line, and a person was called) or dropped. Kept for a limited time: `withheld.KEPT_DAYS`.
    """

    __tablename__ = "withheld_sentences"
    __table_args__ = (
        CheckConstraint("kind IN ('price', 'claim', 'moment', 'language')", name="kind"),
        CheckConstraint("outcome IN ('rewritten', 'replaced', 'dropped')", name="outcome"),
        Index("ix_withheld_sentences_location", "location_id", "created_at"),
        Index("ix_withheld_sentences_created", "created_at"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    lead_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="CASCADE"), index=True)
    reply_id: Mapped[int | None] = mapped_column(BigInteger)
    sentence: Mapped[str]
    kind: Mapped[str]
    reason: Mapped[str]
    outcome: Mapped[str]
    created_at: Mapped[datetime] = CreatedAt()
