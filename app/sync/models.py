"""How far each company has been read from ShopMonkey."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class OrderWatermark(Base):
    """Orders created before `complete_until` have all been read by polling; `error` is what stopped the last poll."""

    __tablename__ = "order_watermarks"

    company_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    complete_until: Mapped[datetime]
    polled_at: Mapped[datetime | None]
    error: Mapped[str | None]
