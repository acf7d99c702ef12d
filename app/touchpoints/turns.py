"""Whether it is this touch point's turn: what stops the sequence, leaves this contact out, or holds it back."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from app.db import db
from app.leads.models import Lead
from app.touchpoints.last_look import Standing, may_text, reason_to_stop, standing_of
from app.touchpoints.models import Sequence, SequenceRun, Step, TouchPoint
from app.touchpoints.planning import FIRST_STEP, SWITCHED_OFF, start_sequence
from app.touchpoints.replanning import replan
from app.touchpoints.rules import HELD, OPENED, Choice, opened_hold
from app.touchpoints.runs import stop
from app.touchpoints.sequences import step_values
from app.touchpoints.step_rules import unmet

OVERTAKEN = "The next contact came due first"
# What is later than that, after an outage or because nothing lets it go, does not surprise anybody any more.
LATEST = timedelta(days=3)
TOO_LATE = "It came due more than three days ago"

# Asked for every message: built once.
LATER_AND_DUE = (
    select(TouchPoint.id)
    .where(
        TouchPoint.lead_id == bindparam("lead_id"),
        TouchPoint.status == "planned",
        TouchPoint.step != bindparam("step"),
        TouchPoint.planned_for > bindparam("planned_for"),
        TouchPoint.due_at <= bindparam("now"),
    )
    .limit(1)
)


def turn_of(touch_point: TouchPoint, lead: Lead, now: datetime) -> Choice | None:
    """Why the touch point does not go out (yet), or None when it is its turn. The caller holds the lead's row."""
    standing = standing_of(lead.id)
    reason = reason_to_stop(lead, standing)
    if reason and reason != HELD:
        stop(lead.id, reason, now)
        return Choice(None, reason)
    if reason:
        return Choice(None, reason)
    run, sequence = _up_to_date(touch_point, lead, standing, now)
    if touch_point.status != "planned":
        return Choice(None, touch_point.reason)
    if run is None or sequence is None:
        return Choice(None, "It belongs to no sequence")
    return _left_out(touch_point, lead, sequence, now) or _held_back(touch_point, lead, now)


def _up_to_date(
    touch_point: TouchPoint, lead: Lead, standing: Standing, now: datetime
) -> tuple[SequenceRun | None, Sequence | None]:
    """The lead's run, at the present version of its sequence, and that."""
    run, sequence = standing.run, standing.sequence
    if run is None:
        run = _adopt(touch_point, lead, now)
        sequence = db.session.get(Sequence, run.sequence_id) if run else None
    if run and sequence and run.version != sequence.version:
        replan(lead, run, sequence, now)
        db.session.refresh(touch_point)
    return run, sequence


def _adopt(touch_point: TouchPoint, lead: Lead, now: datetime) -> SequenceRun | None:
    """Begin the run of a touch point that was planned before there were sequences."""
    run = start_sequence(lead, now)
    if run is not None:
        of_version = Step.sequence_id == run.sequence_id, Step.version == run.version
        touch_point.step_id = db.session.scalar(select(Step.id).where(*of_version, Step.number == touch_point.step))
    return run


def _left_out(touch_point: TouchPoint, lead: Lead, sequence: Sequence, now: datetime) -> Choice | None:
    if not sequence.active:
        return Choice(None, SWITCHED_OFF)
    if not touch_point.asked_by and _overtaken(touch_point, now):
        return Choice(None, OVERTAKEN)
    if not touch_point.asked_by and now - (touch_point.planned_for or now) > LATEST:
        return Choice(None, TOO_LATE)
    step = step_values(touch_point.step_id or 0)
    reason = step.conditions and unmet(
        step.conditions,
        opened=lead.opened_at is not None,
        has_vehicle=bool(lead.vehicle and lead.vehicle.name),
        sms_consent=may_text(lead, now),
    )
    return Choice(None, reason) if reason else None


def _held_back(touch_point: TouchPoint, lead: Lead, now: datetime) -> Choice | None:
    if touch_point.asked_by or touch_point.step == FIRST_STEP:
        return None
    until = opened_hold(lead.last_opened_at, now)
    return Choice(None, OPENED, sms_at=until, waits=True) if until else None


def _overtaken(touch_point: TouchPoint, now: datetime) -> bool:
    """Whether a later contact is due too: after an outage or a long hold only the newest goes out."""
    than = {"lead_id": touch_point.lead_id, "step": touch_point.step, "now": now}
    than["planned_for"] = touch_point.planned_for or touch_point.due_at
    return db.session.scalar(LATER_AND_DUE, than) is not None
