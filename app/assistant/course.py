"""What steers one answer: whose words, which provider and model first, and how much it may cost.

Read once in a few seconds for a store, by each process: a change is in force everywhere within KEPT_SECONDS. What the
whole company has spent is many rows, and read less often.
"""

import threading
import time
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select, text

from app.assistant.brief import StoreBrief
from app.assistant.experiments import Variant, answering, mark, variant_of
from app.assistant.limits import Limits, limits_for
from app.assistant.models import Experiment, PromptVersion
from app.assistant.prompt import VERSION
from app.assistant.prompt_versions import label_of, published_version, words_of
from app.db import db

KEPT_SECONDS = 5.0
COMPANY_KEPT_SECONDS = 30.0

SPENT_TODAY = text("""
    SELECT coalesce(sum(coalesce(cost_estimate, cost)), 0) FROM provider_calls
    WHERE location_id IN (SELECT id FROM locations WHERE company_id = :company_id
                          AND (CAST(:location_id AS bigint) IS NULL OR id = :location_id))
      AND created_at > now() - interval '24 hours'
""")


@dataclass(frozen=True, slots=True)
class Course:
    """How this lead is answered. `store` has the settings that its variant asks for."""

    store: StoreBrief
    words: str
    prompt_version: str
    variant: str | None
    limits: Limits
    store_day: Decimal
    company_day: Decimal


@dataclass(frozen=True, slots=True)
class _Running:
    id: int
    after_lead_id: int
    variants: tuple[Variant, ...]
    words: dict[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Steering:
    words: str
    label: str
    running: _Running | None
    limits: Limits
    store_day: Decimal
    company_day: Decimal


_kept: dict[int, tuple[StoreBrief, float, _Steering]] = {}
_company_days: dict[int, tuple[float, Decimal]] = {}
_lock = threading.Lock()


def course_for(store: StoreBrief, lead_id: int) -> Course:
    """The lead's course. Uses the session where what is kept is too old."""
    steering = _steering_of(store)
    usual = Course(
        store, steering.words, steering.label, None, steering.limits, steering.store_day, steering.company_day
    )
    running = steering.running
    if running is None or lead_id <= running.after_lead_id:
        return usual
    assigned = variant_of(running.id, lead_id, running.variants)
    variant = answering(assigned, running.variants)
    words, label = running.words.get(variant.prompt_version_id or 0, (steering.words, steering.label))
    return replace(
        usual,
        store=answered_by(store, variant.provider, variant.model),
        words=words,
        prompt_version=label,
        # Leads of a variant that was switched off count for nobody any more.
        variant=None if assigned.off else mark(running.id, variant.label),
    )


def answered_by(store: StoreBrief, provider: str | None, model: str | None) -> StoreBrief:
    """The store with that provider asked first, and by that model."""
    if provider is None:
        return store
    changed: dict[str, Any] = {"ai_primary": provider, **({f"{provider}_model": model} if model else {})}
    return replace(store, settings=replace(store.settings, **changed))


def forget_courses() -> None:
    """Read everything anew for the next answer."""
    with _lock:
        _kept.clear()
        _company_days.clear()


def _steering_of(store: StoreBrief) -> _Steering:
    found = _kept.get(store.location_id)
    if found and found[0] is store and time.monotonic() - found[1] < KEPT_SECONDS:
        return found[2]
    steering = _read(store)
    with _lock:
        _kept[store.location_id] = (store, time.monotonic(), steering)
    return steering


def _read(store: StoreBrief) -> _Steering:
    published = published_version(store.company_id)
    return _Steering(
        words_of(published),
        label_of(VERSION, published),
        _running_at(store),
        limits_for(store.company_id, store.location_id),
        _spent_today(store.company_id, store.location_id),
        _company_day(store.company_id),
    )


def _company_day(company_id: int) -> Decimal:
    found = _company_days.get(company_id)
    if found and time.monotonic() - found[0] < COMPANY_KEPT_SECONDS:
        return found[1]
    spent = _spent_today(company_id, None)
    with _lock:
        _company_days[company_id] = (time.monotonic(), spent)
    return spent


def _spent_today(company_id: int, location_id: int | None) -> Decimal:
    return db.session.execute(SPENT_TODAY, {"company_id": company_id, "location_id": location_id}).scalar_one()


def _running_at(store: StoreBrief) -> _Running | None:
    here = (Experiment.location_id == store.location_id) | Experiment.location_id.is_(None)
    query = select(Experiment).where(Experiment.company_id == store.company_id, Experiment.status == "running", here)
    found = db.session.scalar(query)
    if found is None:
        return None
    tried = [variant.prompt_version for variant in found.variants if variant.prompt_version is not None]
    return _Running(
        found.id,
        found.after_lead_id or 0,
        tuple(
            Variant(row.label, row.weight, row.provider, row.model, row.prompt_version_id, row.off_at is not None)
            for row in found.variants
        ),
        {version.id: _told(version) for version in tried},
    )


def _told(version: PromptVersion) -> tuple[str, str]:
    return words_of(version), label_of(VERSION, version)
