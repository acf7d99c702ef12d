"""Setting an experiment up, starting and stopping it. Each flushes; the caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.assistant.course import forget_courses
from app.assistant.experiments import CONTROL, LABELS
from app.assistant.models import Experiment, ExperimentVariant
from app.assistant.prompt_versions import VersionRefused, lock_versions, version_of
from app.assistant.release_gate import check
from app.db import db
from app.leads.models import Lead

SUBJECTS = {"provider": "Provider", "model": "Model", "prompt": "Prompt version", "same": "Nothing (an A/A check)"}
PROVIDERS = ("anthropic", "openai")
LONGEST_NAME, LONGEST_MODEL = 80, 60
GUARD_MOST = 50


class ExperimentRefused(ValueError):
    """This makes no experiment, or it cannot start or stop now; the message says why, to whoever asked."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One variant as it is asked for; what its experiment is not about is left out."""

    weight: int
    provider: str | None = None
    model: str | None = None
    prompt_number: int | None = None


def plan(
    company_id: int, location_id: int | None, name: str, subject: str, guard_percent: int,
    variants: Sequence[Planned], by: str, providers: Sequence[str] = (),
) -> Experiment:  # fmt: skip
    """A new experiment, not yet started. Raises ExperimentRefused, also for words below the release gate.

    `providers` are the names of those that have a key.
    """
    name = " ".join(name.replace("\x00", "").split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise ExperimentRefused(f"Give it a name of at most {LONGEST_NAME} characters.")
    if subject not in SUBJECTS:
        raise ExperimentRefused("Choose what differs.")
    if not 2 <= len(variants) <= len(LABELS):
        raise ExperimentRefused(f"An experiment has 2 to {len(LABELS)} variants.")
    if not 1 <= guard_percent <= GUARD_MOST:
        raise ExperimentRefused(f"The guard rail is a share from 1 to {GUARD_MOST} percent.")
    rows = [_variant(company_id, subject, one, label, providers) for one, label in zip(variants, LABELS, strict=False)]
    ways = {(row.provider, row.model, row.prompt_version_id) for row in rows}
    if subject != "same" and len(ways) < len(rows):
        raise ExperimentRefused("Two of the variants are the same. To check the measuring itself, choose an A/A check.")
    made = Experiment(
        company_id=company_id, location_id=location_id, name=name, subject=subject, guard_percent=guard_percent,
        created_by=by, variants=rows,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def start(experiment: Experiment, now: datetime) -> None:
    """Let it hold for the leads that come in from now on. Raises ExperimentRefused where one is running already."""
    _one_at_a_time(experiment.company_id)
    if experiment.status != "draft":
        raise ExperimentRefused("It was started before. Plan a new one to run it again.")
    running = select(Experiment.name).filter_by(company_id=experiment.company_id, status="running")
    if (other := db.session.scalar(running)) is not None:
        raise ExperimentRefused(f"“{other}” is still running, and two at once would blur each other. Stop it first.")
    experiment.status, experiment.started_at, experiment.after_lead_id = "running", now, _newest_lead()
    db.session.flush()
    forget_courses()


def stop(experiment: Experiment, why: str, now: datetime) -> None:
    """End it: every lead is answered as usual again. Raises ExperimentRefused unless it is running."""
    _one_at_a_time(experiment.company_id)
    if experiment.status != "running":
        raise ExperimentRefused("It is not running.")
    experiment.status, experiment.stopped_at, experiment.stopped_why = "stopped", now, why[:500]
    experiment.up_to_lead_id = _newest_lead()
    db.session.flush()
    forget_courses()


def switch_off(experiment: Experiment, variant: ExperimentVariant, why: str, now: datetime) -> None:
    """Answer the variant's leads as the control from now on; with nothing left to compare, the experiment stops."""
    variant.off_at, variant.off_why = now, why
    db.session.flush()
    if all(one.off_at is not None for one in experiment.variants if one.label != CONTROL):
        stop(experiment, f"Variant {variant.label} was switched off: {why}.", now)
    forget_courses()


def _variant(company_id: int, subject: str, given: Planned, label: str, providers: Sequence[str]) -> ExperimentVariant:
    if not 1 <= given.weight <= 100:
        raise ExperimentRefused("A weight is a whole number from 1 to 100.")
    row = ExperimentVariant(label=label, weight=given.weight)
    if subject in ("provider", "model"):
        if given.provider not in PROVIDERS:
            raise ExperimentRefused(f"Choose a provider for variant {label}.")
        row.provider = given.provider
    if subject == "model":
        row.model = (given.model or "").replace("\x00", "").strip()
        if not 0 < len(row.model) <= LONGEST_MODEL:
            raise ExperimentRefused(f"Name a model for variant {label}, as its provider does.")
    if subject == "prompt":
        row.prompt_version_id = _version_id(company_id, given.prompt_number, label, providers)
    return row


def _version_id(company_id: int, number: int | None, label: str, providers: Sequence[str]) -> int:
    if number is None:
        raise ExperimentRefused(f"Choose a prompt version for variant {label}.")
    lock_versions(company_id)
    found = version_of(company_id, number)
    if found is None:
        raise ExperimentRefused(f"Variant {label}: there is no version {number}.")
    try:
        tested = check(found, providers)
    except VersionRefused as refusal:
        raise ExperimentRefused(f"Variant {label}, version {number}: {refusal}") from refusal
    if found.status == "draft":
        found.tested = tested
        found.status = "retired"  # what is tried must not change meanwhile
    return found.id


def _newest_lead() -> int:
    return db.session.scalar(select(func.max(Lead.id))) or 0


def _one_at_a_time(company_id: int) -> None:
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"experiments:{company_id}"))))
