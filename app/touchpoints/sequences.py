"""Finding, copying and saving sequences. A save is a new version; versions are never changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy import case, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.db import db
from app.live import wake
from app.locations.models import Location
from app.touchpoints.default_sequence import default_sequence
from app.touchpoints.models import RUNNING, Sequence, SequenceRun, SequenceVersion, Step
from app.touchpoints.step_rules import StepValues

JOB = "sequences"
SYSTEM = "system"


class SavedMeanwhile(Exception):
    """Somebody else saved the sequence since it was looked at."""


def sequence_for(location: Location, now: datetime) -> Sequence:
    """The store's own sequence, else its company's; the company's first is made from the default."""
    whose = (Sequence.location_id == location.id) | Sequence.location_id.is_(None)
    own_first = case((Sequence.location_id.is_(None), 1), else_=0)
    found = select(Sequence).where(Sequence.company_id == location.company_id, whose).order_by(own_first).limit(1)
    return db.session.scalar(found) or company_sequence(location.company_id, now)


def company_sequence(company_id: int, now: datetime) -> Sequence:
    """The company's sequence, made from the default where there is none. Flushes."""
    query = select(Sequence).where(Sequence.company_id == company_id, Sequence.location_id.is_(None))
    found = db.session.scalar(query)
    if found is not None:
        return found
    name, steps = default_sequence()
    statement = upsert(Sequence).values(company_id=company_id, name=name, next_number=len(steps))
    made = db.session.scalar(
        statement.on_conflict_do_nothing(
            index_elements=["company_id"], index_where=Sequence.location_id.is_(None)
        ).returning(Sequence.id)
    )
    sequence = db.session.scalars(query).one()
    if made is not None:
        _write_version(sequence, steps, "The usual follow-up", SYSTEM, now)
    return sequence


def own_sequence(location: Location, by: str, now: datetime) -> Sequence:
    """The store's own sequence, made as a copy of the company's; leads on their way there follow it from now on."""
    found = db.session.scalar(select(Sequence).where(Sequence.location_id == location.id))
    if found is not None:
        return found
    model = company_sequence(location.company_id, now)
    own = Sequence(
        company_id=location.company_id, location_id=location.id, name=f"{model.name} · {location.name}",
        active=model.active, next_number=model.next_number,
    )  # fmt: skip
    db.session.add(own)
    db.session.flush()
    _write_version(own, steps_of(model), f"Copied from {model.name}, version {model.version}", by, now)
    # Version 0: each is then brought to the new sequence by the job.
    of_store = update(SequenceRun).where(SequenceRun.location_id == location.id, SequenceRun.status.in_(RUNNING))
    db.session.execute(of_store.values(sequence_id=own.id, version=0))
    wake(JOB)
    return own


def steps_of(sequence: Sequence, version: int | None = None) -> list[StepValues]:
    """The steps of that version, of the present one where none is named, in the order of their time."""
    rows = select(Step).where(Step.sequence_id == sequence.id, Step.version == (version or sequence.version))
    return [values_of(step) for step in db.session.scalars(rows.order_by(Step.position))]


def values_of(step: Step) -> StepValues:
    """The row as it is edited."""
    return StepValues(
        step.number, step.day, step.at, step.after_minutes, step.channel, tuple(step.conditions), step.texts
    )


def step_values(step_id: int) -> StepValues:
    """The step of that row. Rows never change: each process reads one once."""
    known = cast(dict[int, StepValues], current_app.extensions.setdefault("touch_point_steps", {}))
    if step_id not in known:
        known[step_id] = values_of(db.session.get_one(Step, step_id))
    return known[step_id]


def save(sequence: Sequence, steps: Iterable[StepValues], change: str, by: str, seen: int, now: datetime) -> int:
    """Make `steps` the next version of the sequence as it was `seen`; how many leads on their way it reaches.

    What is due already stays as it is. Raises SavedMeanwhile.
    """
    locked = select(Sequence).where(Sequence.id == sequence.id).with_for_update()
    sequence = db.session.execute(locked.execution_options(populate_existing=True)).scalar_one()
    if sequence.version != seen:
        raise SavedMeanwhile
    sequence.version += 1
    _write_version(sequence, steps, change, by, now)
    wake(JOB)
    return on_their_way(sequence.id)


def on_their_way(sequence_id: int) -> int:
    """How many leads follow the sequence and have not come to its end."""
    theirs = SequenceRun.sequence_id == sequence_id, SequenceRun.status.in_(RUNNING)
    return db.session.scalar(select(func.count()).select_from(SequenceRun).where(*theirs)) or 0


def not_there_yet(sequence: Sequence) -> int:
    """How many of them the job has not yet brought to the present version."""
    theirs = SequenceRun.sequence_id == sequence.id, SequenceRun.status.in_(RUNNING)
    old = SequenceRun.version < sequence.version
    return db.session.scalar(select(func.count()).select_from(SequenceRun).where(*theirs, old)) or 0


def _write_version(sequence: Sequence, steps: Iterable[StepValues], change: str, by: str, now: datetime) -> None:
    db.session.flush()
    version = SequenceVersion(sequence_id=sequence.id, version=sequence.version, change=change, made_by=by, made_at=now)
    db.session.add(version)
    db.session.flush()
    rows = []
    for position, step in enumerate(sorted(steps, key=lambda step: step.order)):
        number = step.number
        if number is None:
            number, sequence.next_number = sequence.next_number, sequence.next_number + 1
        rows.append(_row(sequence, step, number, position))
    if rows:
        db.session.execute(insert(Step), rows)
    db.session.flush()


def _row(sequence: Sequence, step: StepValues, number: int, position: int) -> dict[str, object]:
    return {
        "sequence_id": sequence.id, "version": sequence.version, "number": number, "position": position,
        "day": step.day, "at": step.at, "after_minutes": step.after_minutes, "channel": step.channel,
        "conditions": list(step.conditions), "texts": {name: dict(texts) for name, texts in step.texts.items()},
    }  # fmt: skip
