"""Sequences and their steps, the run of a sequence for one lead, and its touch points: one row per planned contact."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Base, CreatedAt, Id

RUNNING = ("running", "paused")
# What the ledger calls its deliveries.
PURPOSE = "touch_point"


class Sequence(Base):
    """The follow-up of a company, or of one store that has its own (`location_id`). `version` is the one that counts;
    `next_number` names the next step that is added: numbers are never used twice."""

    __tablename__ = "sequences"
    __table_args__ = (
        Index("uq_sequences_company", "company_id", unique=True, postgresql_where="location_id IS NULL"),
        Index("uq_sequences_location", "location_id", unique=True, postgresql_where="location_id IS NOT NULL"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("locations.id"))
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    next_number: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    created_at: Mapped[datetime] = CreatedAt()


class SequenceVersion(Base):
    """What was saved when and by whom. Versions and their steps are never changed: the history is complete."""

    __tablename__ = "sequence_versions"

    sequence_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sequences.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    change: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime]

    steps: Mapped[list["Step"]] = relationship(lazy="select", order_by="Step.position", viewonly=True)


class Step(Base):
    """One contact of one version. `number` stays the same from version to version; `position` is its place by time.

    Due on `day` after the lead came in: at `at` by the store's clock, or `after_minutes` after the lead on day 0.
    `texts` holds by language `sms`, `subject` and `body`: templates; a missing language reads English.
    """

    __tablename__ = "steps"
    __table_args__ = (
        UniqueConstraint("sequence_id", "version", "number"),
        ForeignKeyConstraint(
            ["sequence_id", "version"], ["sequence_versions.sequence_id", "sequence_versions.version"]
        ),
        CheckConstraint("channel IN ('any', 'sms', 'email')", name="channel"),
        CheckConstraint("(at IS NULL) <> (after_minutes IS NULL)", name="one_time"),
        Index("ix_steps_version", "sequence_id", "version", "position"),
    )

    id: Mapped[int] = Id()
    sequence_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(Integer)
    day: Mapped[int] = mapped_column(Integer)
    at: Mapped[time | None]
    after_minutes: Mapped[int | None] = mapped_column(Integer)
    channel: Mapped[str]
    conditions: Mapped[list[Any]]
    texts: Mapped[dict[str, Any]]


class SequenceRun(Base):
    """The follow-up of one lead, by which version of which sequence. One person has one running at a store.

    Days count from `counted_from`: a pause moves it. `reason` and `by` say why and by whom it was paused or stopped. At
    `settles_at` a lead that has not answered is lost.
    """

    __tablename__ = "sequence_runs"
    __table_args__ = (
        CheckConstraint("status IN ('running', 'paused', 'stopped', 'finished')", name="status"),
        Index(
            "uq_sequence_runs_person",
            "customer_id",
            "location_id",
            unique=True,
            postgresql_where="status IN ('running', 'paused')",
        ),
        Index("ix_sequence_runs_settling", "settles_at", postgresql_where="status = 'running'"),
        Index(
            "ix_sequence_runs_version",
            "sequence_id",
            "version",
            postgresql_where="status IN ('running', 'paused')",
        ),
    )

    lead_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="CASCADE"), primary_key=True)
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    customer_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("customers.id"))
    sequence_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sequences.id"))
    version: Mapped[int] = mapped_column(Integer)
    counted_from: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="running", server_default="running")
    reason: Mapped[str | None]
    by: Mapped[str | None]
    changed_at: Mapped[datetime | None]
    settles_at: Mapped[datetime]

    @property
    def runs(self) -> bool:
        """Running or paused: there may be more to come."""
        return self.status in RUNNING


class TouchPoint(Base):
    """One planned contact. Its delivery holds whether it was sent; `reason` says why it was not, or not yet.

    `step` is the number of the sequence's step, `step_id` the version of it that counts, `planned_for` when it was to
    go before anything held it back, `asked_by` who of the staff sends it early. `channel` is `any` for the first that
    is allowed, or one that must be used. A worker that holds the row says until when in `claimed_until`. `attempt`
    counts deliveries that were written and then held back.
    """

    __tablename__ = "touch_points"
    __table_args__ = (
        UniqueConstraint("lead_id", "step", "channel"),
        CheckConstraint("channel IN ('any', 'sms', 'email')", name="channel"),
        CheckConstraint("status IN ('planned', 'paused', 'done', 'skipped')", name="status"),
        Index("ix_touch_points_due", "due_at", postgresql_where="status = 'planned'"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id"))
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id"))
    lead_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("leads.id", ondelete="CASCADE"))
    step: Mapped[int] = mapped_column(Integer)
    step_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("steps.id"))
    channel: Mapped[str] = mapped_column(default="any", server_default="any")
    due_at: Mapped[datetime]
    planned_for: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(default="planned", server_default="planned")
    reason: Mapped[str | None]
    asked_by: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    delivery_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("deliveries.id"), index=True)
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = CreatedAt()

    @property
    def coming(self) -> bool:
        """It has not gone out and may still do so."""
        return self.status in ("planned", "paused")

    def done(self, reason: str | None = None) -> None:
        """It went out, or may have: it is never sent again."""
        self.status, self.reason, self.claimed_until = "done", reason, None

    def skip(self, reason: str) -> None:
        """It will not go out."""
        self.status, self.reason, self.claimed_until = "skipped", reason, None

    def postpone(self, until: datetime, reason: str) -> None:
        """It waits, or is tried once more after it did not arrive."""
        # A paused one stays paused.
        if self.status == "done":
            self.status = "planned"
        self.due_at, self.reason, self.claimed_until = until, reason, None

    def put_back(self, status: str) -> None:
        """Its delivery was held back at the fence: it is planned (or paused) as before, with a new delivery to come."""
        self.status, self.delivery_id, self.claimed_until = status, None, None
        self.attempt += 1
