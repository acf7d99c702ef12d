"""How far each company has been read from ShopMonkey, and what is on its way there."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Id


class Watermark:
    """Orders created before `complete_until` have all been read by polling; `error` is what stopped the last poll.

    `newest_store_at` is the youngest store that the last poll knew: a store added since is looked back for.
    `refused` says that ShopMonkey does not take the key: only a person can mend that. The last round of second looks
    began at `looked_again_at` and has come to orders created at `looked_again_until`; none: it is through.
    """

    complete_until: Mapped[datetime]
    polled_at: Mapped[datetime | None]
    error: Mapped[str | None]
    newest_store_at: Mapped[datetime | None]
    looked_again_at: Mapped[datetime | None]
    looked_again_until: Mapped[datetime | None]
    refused: Mapped[bool] = mapped_column(default=False, server_default="false")


class OrderWatermark(Watermark, Base):
    """How far the company's own key has been read."""

    __tablename__ = "order_watermarks"

    company_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )


class KeyWatermark(Watermark, Base):
    """How far a key that some stores have of their own has been read: one that fails holds back only itself."""

    __tablename__ = "key_watermarks"

    key_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("shopmonkey_keys.id", ondelete="CASCADE"), primary_key=True
    )


class UnreadOrder(Base):
    """An order that polling, or a later look, was shown and could not take in.

    Polling goes on without it once it is set aside. It is tried again at `next_attempt_at`; none: it waits for a
    person. `store` is ShopMonkey's id of the location, as the list showed it.
    """

    __tablename__ = "unread_orders"
    __table_args__ = (Index("ix_unread_orders_due", "company_id", "next_attempt_at"),)

    company_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    shopmonkey_order_id: Mapped[str] = mapped_column(primary_key=True)
    order_number: Mapped[str | None]
    store: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    error: Mapped[str]
    set_aside_at: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = CreatedAt()


class SyncTurn(Base):
    """Which worker has a company's `job` at the moment: nobody else until `until`, by the database's clock."""

    __tablename__ = "sync_turns"

    company_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    job: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]


class WorkflowColumn(Base):
    """A store's workflow column, by the id that its orders name. Ids differ from store to store, names need not."""

    __tablename__ = "workflow_columns"

    location_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    shopmonkey_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    read_at: Mapped[datetime]


class WebhookRegistration(Base):
    """What the last look at a company's webhook in ShopMonkey showed; `problem` is in words that staff can read."""

    __tablename__ = "webhook_registrations"

    company_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    checked_at: Mapped[datetime]
    shopmonkey_id: Mapped[str | None]
    problem: Mapped[str | None]
    mended_at: Mapped[datetime | None]


class StoreSetup(Base):
    """What is left to do in ShopMonkey for a store that was added: tried at `due_at`, until nothing is due.

    `webhook_id` is the registration that tells of the store; `error` is what stopped the last attempt.
    """

    __tablename__ = "store_setups"

    location_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    webhook_id: Mapped[str | None]
    error: Mapped[str | None]
    updated_at: Mapped[datetime] = CreatedAt()


class VisitPush(Base):
    """One visit on its way to ShopMonkey's calendar: what is wanted there, and what is known to be there.

    `payload` is the visit as last told; each change raises `revision`, and `pushed_revision` follows once ShopMonkey
    has it. At `strayed_at` it was seen that somebody gave the visit other times in ShopMonkey, or (without them) took
    it off. `posted` tells of a POST whose end nobody has seen, or whose fruit may still turn up: it is looked for
    before anything else. `pushed` holds the fields that ShopMonkey surely has. No `next_attempt_at`: it waits for a
    person, or for nothing.
    """

    __tablename__ = "visit_pushes"
    __table_args__ = (
        UniqueConstraint("company_id", "visit_key"),
        CheckConstraint("operation IN ('booked', 'moved', 'cancelled')", name="operation"),
        CheckConstraint("status IN ('queued', 'sending', 'done', 'stuck')", name="status"),
        Index("ix_visit_pushes_due", "next_attempt_at", postgresql_where="next_attempt_at IS NOT NULL"),
        Index("ix_visit_pushes_strayed", "location_id", postgresql_where="strayed_at IS NOT NULL"),
        Index("ix_visit_pushes_stuck", "company_id", "changed_at", postgresql_where="status = 'stuck'"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    lead_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="SET NULL"), index=True)
    visit_key: Mapped[str]
    operation: Mapped[str]
    payload: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    pushed_revision: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    status: Mapped[str] = mapped_column(default="queued", server_default="queued")
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    next_attempt_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    shopmonkey_appointment_id: Mapped[str | None] = mapped_column(index=True)
    posted: Mapped[dict[str, Any] | None]
    pushed: Mapped[dict[str, Any] | None]
    last_error: Mapped[str | None]
    strayed_at: Mapped[datetime | None]
    strayed_starts_at: Mapped[datetime | None]
    strayed_ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = CreatedAt()
    changed_at: Mapped[datetime] = CreatedAt()
    finished_at: Mapped[datetime | None]


class CalendarRead(Base):
    """When a store's day was last read from ShopMonkey's calendar."""

    __tablename__ = "calendar_reads"

    location_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("locations.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    read_at: Mapped[datetime]


class CatalogRun(Base):
    """One sync of one store's catalogue: at most one is queued or running per store.

    `listed` of `total` promised rows have been seen in `walks`. Who works on it holds `lease` until `leased_until`;
    after that another worker goes on from where it stopped.
    """

    __tablename__ = "catalog_runs"
    __table_args__ = (
        CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name="status"),
        Index(
            "uq_catalog_runs_open",
            "location_id",
            unique=True,
            postgresql_where=text("status IN ('queued', 'running')"),
        ),
        Index("ix_catalog_runs_location", "location_id", "id"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(default="queued", server_default="queued")
    asked_by: Mapped[str]
    created_at: Mapped[datetime] = CreatedAt()
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    walks: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    quiet_walks: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    listed: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    total: Mapped[int | None] = mapped_column(Integer)
    new: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    changed: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    same: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    gone: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    odd: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    error: Mapped[str | None]
