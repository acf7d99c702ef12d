"""Every call to a provider is a row, so that every dollar is on one."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Id


class ProviderCall(Base):
    """One streamed call. Tokens and cost are NULL where the provider did not tell: unknown is never 0.

    `outcome` is ok, error, cut (no stop reason), stalled, or aborted (we stopped reading). `cost_at_least`: the call
    was broken off, and tokens and cost are those that the provider had counted by then. `cost_estimate` is what limits
    count for a call whose cost is not whole; NULL where it is, or where nothing can have been spent.
    """

    __tablename__ = "provider_calls"
    __table_args__ = (
        Index("ix_provider_calls_created", "created_at"),
        Index("ix_provider_calls_location_created", "location_id", "created_at"),
        Index("ix_provider_calls_variant", "variant", postgresql_where="variant IS NOT NULL"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("locations.id"))
    reply_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("replies.id", ondelete="SET NULL"), index=True)
    provider: Mapped[str]
    model: Mapped[str]
    model_served: Mapped[str | None]
    prompt_version: Mapped[str | None]
    variant: Mapped[str | None]
    round: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    outcome: Mapped[str]
    stop_reason: Mapped[str | None]
    error: Mapped[str | None]
    request_id: Mapped[str | None]
    input_tokens: Mapped[int | None] = mapped_column(Integer)
    cache_read_tokens: Mapped[int | None] = mapped_column(Integer)
    cache_write_tokens: Mapped[int | None] = mapped_column(Integer)
    output_tokens: Mapped[int | None] = mapped_column(Integer)
    usage: Mapped[dict[str, Any] | None]
    cost: Mapped[Decimal | None] = mapped_column(Numeric(12, 8))
    cost_at_least: Mapped[bool] = mapped_column(default=False, server_default="false")
    cost_estimate: Mapped[Decimal | None] = mapped_column(Numeric(12, 8))
    first_token_ms: Mapped[int | None] = mapped_column(Integer)
    total_ms: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = CreatedAt()
