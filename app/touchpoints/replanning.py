"""A changed sequence reaches the leads on their way: only what is not yet due changes."""

from datetime import datetime

from sqlalchemy import select, true

from app.db import db
from app.leads.models import Lead
from app.touchpoints.last_look import lock_lead
from app.touchpoints.models import RUNNING, Sequence, SequenceRun, Step, TouchPoint
from app.touchpoints.planning import add_touch_points, rows_for, settles, timing_of, when_due

BATCH = 100
TAKEN_OUT = "The step was taken out of the sequence"
DAY_PASSED = "Its new day had already passed"


def replan_changed(now: datetime) -> int:
    """Bring every run to the present version of its sequence; how many it were. Commits every hundred."""
    total = 0
    while True:
        done = _replan_some(now)
        total += done
        if done < BATCH:
            return total


def replan(lead: Lead, run: SequenceRun, sequence: Sequence, now: datetime) -> None:
    """Bring one run to the present version. The caller holds the lead's row.

    What is due already, has gone out or was asked for by staff stays as it was planned.
    """
    steps = {step.number: step for step in timing_of(sequence)}
    rows = list(db.session.scalars(select(TouchPoint).where(TouchPoint.lead_id == lead.id)))
    for touch_point in rows:
        if _may_change(touch_point, now):
            _change(lead, run, touch_point, steps.get(touch_point.step), now)
    known = {touch_point.step for touch_point in rows}
    new = rows_for(lead, [step for number, step in steps.items() if number not in known], run.counted_from, now)
    status = "paused" if run.status == "paused" else "planned"
    add_touch_points([{**row, "status": status} for row in new])
    run.version = sequence.version
    planned = select(TouchPoint.due_at).where(
        TouchPoint.lead_id == lead.id, TouchPoint.status.in_(("planned", "paused"))
    )
    run.settles_at = settles(max(db.session.scalars(planned), default=now))
    db.session.flush()


def _replan_some(now: datetime) -> int:
    # Sequence by sequence, each a look into the index: joined at once, every run there is would be read.
    behind = select(SequenceRun.lead_id).where(
        SequenceRun.sequence_id == Sequence.id,
        SequenceRun.version < Sequence.version,
        SequenceRun.status.in_(RUNNING),
    )
    some = behind.limit(BATCH).lateral("some")
    lead_ids = list(db.session.scalars(select(some.c.lead_id).select_from(Sequence).join(some, true()).limit(BATCH)))
    for lead_id in lead_ids:
        lead = lock_lead(lead_id)
        run = db.session.get_one(SequenceRun, lead_id, populate_existing=True)
        sequence = db.session.get_one(Sequence, run.sequence_id, populate_existing=True)
        replan(lead, run, sequence, now)
        db.session.commit()
    db.session.commit()
    return len(lead_ids)


def _may_change(touch_point: TouchPoint, now: datetime) -> bool:
    due = touch_point.planned_for or touch_point.due_at
    return touch_point.coming and touch_point.delivery_id is None and due > now and not touch_point.asked_by


def _change(lead: Lead, run: SequenceRun, touch_point: TouchPoint, step: Step | None, now: datetime) -> None:
    if step is None:
        touch_point.skip(TAKEN_OUT)
        return
    touch_point.step_id, touch_point.channel = step.id, step.channel
    due = when_due(lead.id, lead.location.timezone, step, run.counted_from)
    if due == touch_point.planned_for:
        return
    if due < now:
        touch_point.skip(DAY_PASSED)
    else:
        touch_point.due_at = touch_point.planned_for = due
