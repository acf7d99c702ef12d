"""What steers the assistant (words, experiments, limits), the prices it has told, and what was not let through."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, Index, Integer, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.catalog.pricing import Price
from app.db import Base, CreatedAt, Id


class PromptVersion(Base):
    """What a company tells its assistant beside the fixed rules. One is published, and at most one a draft.

    `tested` says whether the release gate was passed with live providers before it was published.
    """

    __tablename__ = "prompt_versions"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        CheckConstraint("status IN ('draft', 'published', 'retired')", name="status"),
        Index("uq_prompt_versions_published", "company_id", unique=True, postgresql_where="status = 'published'"),
        Index("uq_prompt_versions_draft", "company_id", unique=True, postgresql_where="status = 'draft'"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(default="draft", server_default="draft")
    persona: Mapped[str]
    tone: Mapped[str]
    rules: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]
    published_by: Mapped[str | None]
    published_at: Mapped[datetime | None]
    tested: Mapped[bool] = mapped_column(default=False, server_default="false")


class Experiment(Base):
    """Two or more ways to answer, tried side by side on the leads that come in while it runs.

    `subject` is what differs: provider, model, prompt, or same (an A/A check). `location_id` is None for every store.
    Leads up to `after_lead_id` were there before it began and take no part.
    """

    __tablename__ = "experiments"
    __table_args__ = (
        CheckConstraint("subject IN ('provider', 'model', 'prompt', 'same')", name="subject"),
        CheckConstraint("status IN ('draft', 'running', 'stopped')", name="status"),
        Index("uq_experiments_running", "company_id", unique=True, postgresql_where="status = 'running'"),
    )

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id", ondelete="CASCADE"))
    location_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("locations.id", ondelete="CASCADE"))
    name: Mapped[str]
    subject: Mapped[str]
    status: Mapped[str] = mapped_column(default="draft", server_default="draft")
    guard_percent: Mapped[int] = mapped_column(Integer, default=5, server_default="5")
    after_lead_id: Mapped[int | None] = mapped_column(BigInteger)
    up_to_lead_id: Mapped[int | None] = mapped_column(BigInteger)
    started_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stopped_why: Mapped[str | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime] = CreatedAt()

    variants: Mapped[list["ExperimentVariant"]] = relationship(
        lazy="selectin", order_by="ExperimentVariant.label", cascade="all, delete-orphan"
    )


class ExperimentVariant(Base):
    """One of the ways. The one labelled A is the control: it takes the leads of a variant that is switched off."""

    __tablename__ = "experiment_variants"
    __table_args__ = (
        UniqueConstraint("experiment_id", "label"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
    )

    id: Mapped[int] = Id()
    experiment_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("experiments.id", ondelete="CASCADE"))
    label: Mapped[str]
    weight: Mapped[int] = mapped_column(Integer)
    provider: Mapped[str | None]
    model: Mapped[str | None]
    prompt_version_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("prompt_versions.id"))
    off_at: Mapped[datetime | None]
    off_why: Mapped[str | None]

    prompt_version: Mapped[PromptVersion | None] = relationship(lazy="joined")


class SpendingLimit(Base):
    """What the assistant may cost and how often it may answer, of a company or of one store. NULL inherits."""

    __tablename__ = "spending_limits"
    __table_args__ = (UniqueConstraint("company_id", "location_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id", ondelete="CASCADE"))
    location_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("locations.id", ondelete="CASCADE"))
    conversation_dollars: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    lead_day_dollars: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    store_day_dollars: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    company_day_dollars: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    day_turns: Mapped[int | None] = mapped_column(Integer)


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

    `kind` is price, claim, moment, term, suggestion or language; `reason` says why in words; `outcome` is rewritten,
    replaced (by an honest line, and a person was called) or dropped. Kept for a limited time: `withheld.KEPT_DAYS`.
    """

    __tablename__ = "withheld_sentences"
    __table_args__ = (
        CheckConstraint("kind IN ('price', 'claim', 'moment', 'language', 'term', 'suggestion')", name="kind"),
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


class TrialRun(Base):
    """What the scripted customers found of one provider answering by one version of the words.

    `words_hash` stands for the very words that were tried, `prompt_number` for the company's version (None: only the
    fixed rules). `live` tells a real provider from a scripted model, `whole` a run of every scenario from a selection.
    `pass_one` and `pass_four` are shares: how often one try passes, and how often four in a row do (None below four).
    `results` maps a scenario's name to how it went.
    """

    __tablename__ = "trial_runs"
    __table_args__ = (Index("ix_trial_runs_words", "company_id", "words_hash", "id"),)

    id: Mapped[int] = Id()
    company_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("companies.id", ondelete="CASCADE"))
    prompt_number: Mapped[int | None] = mapped_column(Integer)
    prompt_label: Mapped[str]
    words_hash: Mapped[str]
    provider: Mapped[str]
    model: Mapped[str]
    live: Mapped[bool]
    whole: Mapped[bool]
    scenarios: Mapped[int] = mapped_column(Integer)
    runs: Mapped[int] = mapped_column(Integer)
    pass_one: Mapped[float] = mapped_column(Float)
    pass_four: Mapped[float | None] = mapped_column(Float)
    false_amounts: Mapped[int] = mapped_column(Integer)
    untrue_claims: Mapped[int] = mapped_column(Integer)
    cost: Mapped[Decimal | None] = mapped_column(Numeric(12, 6))
    results: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    created_at: Mapped[datetime] = CreatedAt()
