"""What we owe a person and when: a lead's whole sequence as rows, one running sequence per person and store."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.leads.models import Customer, Lead
from app.leads.timeline import note
from app.live import wake
from app.touchpoints.due_times import due_at, spread_of
from app.touchpoints.giving_up import give_up
from app.touchpoints.last_look import lock_lead
from app.touchpoints.models import RUNNING, Sequence, SequenceRun, Step, TouchPoint
from app.touchpoints.sequences import sequence_for

JOB = "touchpoints"
FIRST_STEP = 0
# How long after the last contact an answer is waited for before the lead counts as lost: a weekend.
SETTLING = timedelta(days=2)
SWITCHED_OFF = "The sequence is switched off"


def start_sequence(lead: Lead, now: datetime) -> SequenceRun | None:
    """The lead's run with all its touch points, the first due now; None where it needs none or joins the person's own.

    A lead without a customer has nobody to contact yet. Any number of calls plan it once. Writes rows in the caller's
    transaction; the worker sends after the commit.
    """
    if lead.closed or lead.first_engaged_at or lead.customer_id is None:
        return None
    known = db.session.get(SequenceRun, lead.id)
    if known is not None:
        return known
    running = _running_sequence(lead, now)
    if running:
        order = running.order_number or running.order_name or running.public_id
        text = f"Joins the running follow-up of order {order}: no second first touch"
        note(lead.id, "touch_point", text, "system", now)
        return None
    sequence = sequence_for(lead.location, now)
    if not sequence.active:
        note(lead.id, "touch_point", f"No follow-up: {SWITCHED_OFF[0].lower()}{SWITCHED_OFF[1:]}", "system", now)
        return None
    wake(JOB)
    return _start(lead, lead.customer_id, sequence, now)


def plan(lead: Lead, step: int, channel: str, due: datetime, step_id: int | None = None) -> TouchPoint:
    """The touch point of this lead, step and channel: planned now, or found from before."""
    row = {**_whose(lead), "step": step, "step_id": step_id, "channel": channel, "due_at": due, "planned_for": due}
    key = ["lead_id", "step", "channel"]
    db.session.execute(insert(TouchPoint).values(row).on_conflict_do_nothing(index_elements=key))
    return db.session.execute(select(TouchPoint).filter_by(lead_id=lead.id, step=step, channel=channel)).scalar_one()


def when_due(lead_id: int, zone: str, step: Step, counted_from: datetime) -> datetime:
    """When that step is due for this lead."""
    spread = spread_of(lead_id, step.number)
    return due_at(counted_from, zone, step.day, step.at, step.after_minutes, spread)


def timing_of(sequence: Sequence) -> list[Step]:
    """The steps of the present version, without their texts."""
    rows = select(Step.id, Step.number, Step.day, Step.at, Step.after_minutes, Step.channel).where(
        Step.sequence_id == sequence.id, Step.version == sequence.version
    )
    return list(db.session.execute(rows.order_by(Step.position)))  # type: ignore[arg-type]


def settles(latest: datetime) -> datetime:
    """When a lead whose last contact is then, and who says nothing, counts as lost."""
    return latest + SETTLING


def rows_for(lead: Lead, steps: list[Step], counted_from: datetime, after: datetime) -> list[dict[str, Any]]:
    """A row for each step that is due no earlier than `after`."""
    zone, rows = lead.location.timezone, list[dict[str, Any]]()
    for step in steps:
        due = when_due(lead.id, zone, step, counted_from)
        if due >= after:
            same = {"step": step.number, "step_id": step.id, "channel": step.channel}
            rows.append({**_whose(lead), **same, "due_at": due, "planned_for": due})
    return rows


def add_touch_points(rows: list[dict[str, Any]]) -> None:
    """Write the rows; those that are there already stay as they are."""
    if rows:
        key = ["lead_id", "step", "channel"]
        db.session.execute(insert(TouchPoint).values(rows).on_conflict_do_nothing(index_elements=key))


def _start(lead: Lead, customer_id: int, sequence: Sequence, now: datetime) -> SequenceRun:
    rows = rows_for(lead, timing_of(sequence), now, now)
    latest: datetime = max((row["due_at"] for row in rows), default=now)
    run = SequenceRun(
        lead_id=lead.id, company_id=lead.company_id, location_id=lead.location_id, customer_id=customer_id,
        sequence_id=sequence.id, version=sequence.version, counted_from=now, status="running",
        settles_at=settles(latest),
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    add_touch_points(rows)
    return run


def _whose(lead: Lead) -> dict[str, Any]:
    return {"company_id": lead.company_id, "location_id": lead.location_id, "lead_id": lead.id}


def _running_sequence(lead: Lead, now: datetime) -> Lead | None:
    """Another open lead of the same person at the same store whose run has something to come.

    A run that has nothing to come, or whose lead has gone on, ends here: its place is free.
    """
    _lock_person(lead)
    coming = select(TouchPoint.id).where(
        TouchPoint.lead_id == SequenceRun.lead_id,
        TouchPoint.status.in_(("planned", "paused")),
    )
    statement = (
        select(SequenceRun, Lead, coming.exists())
        .join(Lead, Lead.id == SequenceRun.lead_id)
        .where(
            SequenceRun.customer_id.in_(same_person(lead)),
            SequenceRun.location_id == lead.location_id,
            SequenceRun.status.in_(RUNNING),
        )
        .order_by(SequenceRun.lead_id)
    )
    for run, other, has_more in db.session.execute(statement).all():
        if has_more and not _gone_on(other):
            return other
        _end(run, now)
    db.session.flush()
    return None


def _end(run: SequenceRun, now: datetime) -> None:
    """End the run of another lead: lost for want of an answer, unless it has had one."""
    other = lock_lead(run.lead_id)
    db.session.refresh(run)
    if not run.runs:
        return
    if _gone_on(other):
        run.status, run.changed_at, run.reason = "stopped", now, "The customer has answered"
    else:
        give_up(other, run, now, "; the customer has asked again with another order")


def _gone_on(lead: Lead) -> bool:
    return lead.first_engaged_at is not None or lead.stage not in ("new", "contacted")


def same_person(lead: Lead) -> Select[int]:
    """The customers who are this lead's person: a form on a website makes a new one of each quote.

    The same number or address is the same person: nobody is written to twice because a shop's system knows them twice.
    """
    assert lead.customer is not None
    phone, email = lead.customer.phone, lead.customer.email
    same = [Customer.id == lead.customer_id]
    same += [Customer.phone == phone] if phone else []
    same += [Customer.email == email] if email else []
    return select(Customer.id).where(Customer.company_id == lead.company_id, or_(*same))


def _lock_person(lead: Lead) -> None:
    """Two orders of one person may arrive at once: the second waits here until the first one's plan is committed."""
    assert lead.customer is not None
    told = (f"customer {lead.customer_id}", lead.customer.phone, lead.customer.email)
    for one in sorted(filter(None, told)):
        key = func.hashtextextended(f"sequence:{lead.location_id}:{one}", 0)
        db.session.execute(select(func.pg_advisory_xact_lock(key)))
