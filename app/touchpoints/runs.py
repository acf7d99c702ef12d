"""What ends or holds a lead's sequence, and what staff do with it. The lead's row is held, or it is taken here.

A touch point whose delivery is written already is left to the fence: it may be on its way. The fence asks the run.
"""

from datetime import datetime

from sqlalchemy import select, update

from app.db import db
from app.leads.models import Lead
from app.leads.moves import move
from app.leads.timeline import note
from app.live import wake
from app.touchpoints.due_times import days_to_catch_up, moved, place_of
from app.touchpoints.last_look import lock_lead
from app.touchpoints.models import SequenceRun, TouchPoint
from app.touchpoints.planning import JOB, settles

SYSTEM = "system"


class NotPossible(Exception):
    """The sequence or touch point is past that; the message says so to staff."""


def stop(lead_id: int, reason: str, now: datetime, by: str = SYSTEM) -> bool:
    """End the lead's sequence for good, with its line in the timeline; False when nothing was running or planned."""
    run = db.session.get(SequenceRun, lead_id, populate_existing=True)
    was_running = run is not None and run.runs
    if run is not None and was_running:
        run.status, run.reason, run.by, run.changed_at = "stopped", reason, by, now
    coming = update(TouchPoint).where(
        TouchPoint.lead_id == lead_id, TouchPoint.status.in_(("planned", "paused")), TouchPoint.delivery_id.is_(None)
    )
    skipped = coming.values(status="skipped", reason=reason, claimed_until=None).returning(TouchPoint.id)
    stopped = bool(db.session.scalars(skipped).all()) or was_running
    if stopped:
        note(lead_id, "touch_point", f"Follow-up stopped: {reason}", by, now)
    return stopped


def pause(lead: Lead, by: str, now: datetime) -> None:
    """Hold everything that is to come until somebody resumes. Raises NotPossible."""
    run = _running(lead)
    if run.status == "paused":
        return
    run.status, run.reason, run.by, run.changed_at = "paused", f"{by} paused the follow-up", by, now
    _change_all(lead.id, "planned", "paused")
    note(lead.id, "touch_point", f"{by} paused the follow-up", by, now)


def resume(lead: Lead, by: str, now: datetime) -> None:
    """Go on. Where the next contact's time has passed, all that is to come moves by whole days. Raises NotPossible."""
    run = _running(lead)
    if run.status != "paused":
        return
    run.status, run.reason, run.by, run.changed_at = "running", None, None, now
    days = _catch_up(lead, run, now)
    _change_all(lead.id, "paused", "planned")
    later = f"; what is to come moved by {days} {'day' if days == 1 else 'days'}" if days else ""
    note(lead.id, "touch_point", f"{by} resumed the follow-up{later}", by, now)


def skip(lead: Lead, touch_point_id: int, by: str, now: datetime) -> None:
    """Leave one contact out. Raises NotPossible."""
    touch_point = _coming(lead, touch_point_id)
    touch_point.skip(f"{by} left it out")
    day = touch_point.due_at.astimezone(place_of(lead.location.timezone))
    note(lead.id, "touch_point", f"{by} left out the contact of {day:%B} {day.day}", by, now)


def send_early(lead: Lead, touch_point_id: int, by: str, now: datetime) -> None:
    """Let one contact pass the fence now; what the fence forbids still waits or stays. Raises NotPossible."""
    run, touch_point = _running(lead), _coming(lead, touch_point_id)
    if run.status == "paused":
        raise NotPossible("The follow-up is paused. Resume it first.")
    touch_point.due_at, touch_point.asked_by, touch_point.claimed_until = now, by, None
    note(lead.id, "touch_point", f"{by} asked to send the next contact now", by, now)
    wake(JOB)


def spoke_by_phone(lead: Lead, by: str, now: datetime) -> None:
    """A person has talked with the customer: nothing more goes out by itself, and the lead is engaged.

    Raises NotPossible for a lead that is won or lost.
    """
    locked = lock_lead(lead.id)
    if locked.closed:
        raise NotPossible("The lead is closed.")
    stop(lead.id, f"{by} spoke with the customer by phone", now, by)
    if not move(locked, "engaged", f"{by} spoke with the customer by phone", now, by):
        note(lead.id, "call", f"{by} spoke with the customer by phone", by, now)


def _running(lead: Lead) -> SequenceRun:
    lock_lead(lead.id)
    run = db.session.get(SequenceRun, lead.id, populate_existing=True)
    if run is None or not run.runs:
        raise NotPossible("No follow-up is running for this lead.")
    return run


def _coming(lead: Lead, touch_point_id: int) -> TouchPoint:
    lock_lead(lead.id)
    statement = select(TouchPoint).where(TouchPoint.id == touch_point_id, TouchPoint.lead_id == lead.id)
    found = db.session.scalar(statement.execution_options(populate_existing=True))
    if found is None or not found.coming or found.delivery_id:
        raise NotPossible("That contact has gone out or was left out meanwhile.")
    return found


def _change_all(lead_id: int, before: str, after: str) -> None:
    every = update(TouchPoint).where(
        TouchPoint.lead_id == lead_id, TouchPoint.status == before, TouchPoint.delivery_id.is_(None)
    )
    db.session.execute(every.values(status=after, claimed_until=None))


def _catch_up(lead: Lead, run: SequenceRun, now: datetime) -> int:
    """Move the paused touch points so that the first is not in the past; by how many days."""
    rows = select(TouchPoint).where(TouchPoint.lead_id == lead.id, TouchPoint.status == "paused")
    waiting = list(db.session.scalars(rows.order_by(TouchPoint.due_at)))
    if not waiting:
        return 0
    zone, days = lead.location.timezone, days_to_catch_up(waiting[0].due_at, now)
    if days:
        run.counted_from = moved(run.counted_from, zone, days)
        for touch_point in waiting:
            touch_point.due_at = touch_point.planned_for = moved(touch_point.due_at, zone, days)
    run.settles_at = settles(waiting[-1].due_at)
    return days
