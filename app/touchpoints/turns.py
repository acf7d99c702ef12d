"""Whether it is this touch point's turn: what stops the sequence, leaves this contact out, or holds it back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, literal_column, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from app.db import db, prepared
from app.leads.models import Lead
from app.locations.models import Company, Location
from app.touchpoints.last_look import (
    STANDING_COLUMNS,
    Standing,
    lock,
    may_text,
    reason_to_stop,
    standing_of,
    with_standing,
)
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

_later = aliased(TouchPoint)
_later_and_due = exists().where(
    _later.lead_id == TouchPoint.lead_id,
    _later.status == literal_column("'planned'"),
    _later.step != TouchPoint.step,
    _later.planned_for > func.coalesce(TouchPoint.planned_for, TouchPoint.due_at),
    _later.due_at <= bindparam("now"),
)
# Asked for every message, with all that its text needs.
DUE = prepared(
    with_standing(select(TouchPoint, Lead, _later_and_due, *STANDING_COLUMNS).join(Lead, Lead.id == TouchPoint.lead_id))
    .where(TouchPoint.id == bindparam("touch_point_id"))
    .options(
        lazyload("*"),
        joinedload(Lead.customer),
        joinedload(Lead.vehicle),
        joinedload(Lead.location).joinedload(Location.settings),
        joinedload(Lead.location).joinedload(Location.company).joinedload(Company.settings),
    )
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Due:
    """A touch point, its lead and how that stands, as committed now. `overtaken`: a later contact is due too, after an
    outage or a long hold; only the newest goes out."""

    touch_point: TouchPoint
    lead: Lead
    overtaken: bool
    standing: Standing


def lock_due(touch_point_id: int, lead_id: int, now: datetime) -> Due:
    """Read under the lead's lock: another worker, whose claim had run out, may have sent it meanwhile."""
    lock(lead_id)
    found = db.session.execute(DUE, {"touch_point_id": touch_point_id, "now": now}).one()
    touch_point, lead, overtaken, *standing = found
    return Due(touch_point, lead, overtaken, Standing(*standing))


def turn_of(due: Due, now: datetime) -> Choice | None:
    """Why the touch point does not go out (yet), or None when it is its turn. The caller holds the lead's row."""
    touch_point, lead, standing = due.touch_point, due.lead, due.standing
    reason = reason_to_stop(standing)
    if reason and reason != HELD:
        stop(lead.id, reason, now)
        return Choice(None, reason)
    if reason:
        return Choice(None, reason)
    if not standing.up_to_date:
        standing = _bring_up_to_date(touch_point, lead, standing, now)
    if touch_point.status != "planned":
        return Choice(None, touch_point.reason)
    if standing.run_status is None:
        return Choice(None, "It belongs to no sequence")
    return _left_out(due, standing, now) or _held_back(touch_point, lead, now)


def _bring_up_to_date(touch_point: TouchPoint, lead: Lead, standing: Standing, now: datetime) -> Standing:
    """Give the lead its run, at the present version of its sequence; how it stands then."""
    run = _adopt(touch_point, lead, now) if standing.run_status is None else db.session.get(SequenceRun, lead.id)
    if run is None:
        return standing
    sequence = db.session.get_one(Sequence, run.sequence_id)
    if run.version != sequence.version:
        replan(lead, run, sequence, now)
        db.session.refresh(touch_point)
    return standing_of(lead.id)


def _adopt(touch_point: TouchPoint, lead: Lead, now: datetime) -> SequenceRun | None:
    """Begin the run of a touch point that was planned before there were sequences."""
    run = start_sequence(lead, now)
    if run is not None:
        of_version = Step.sequence_id == run.sequence_id, Step.version == run.version
        touch_point.step_id = db.session.scalar(select(Step.id).where(*of_version, Step.number == touch_point.step))
    return run


def _left_out(due: Due, standing: Standing, now: datetime) -> Choice | None:
    touch_point, lead = due.touch_point, due.lead
    if not standing.active:
        return Choice(None, SWITCHED_OFF)
    if not touch_point.asked_by and due.overtaken:
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
