"""After the last contact without an answer the lead is lost; it opens again as soon as the customer writes."""

from datetime import datetime

from sqlalchemy import func, select

from app.db import db
from app.touchpoints.giving_up import contacts_of, give_up
from app.touchpoints.joined import lose_joined
from app.touchpoints.last_look import lock_lead, reason_to_stop, standing_of
from app.touchpoints.models import SequenceRun, TouchPoint
from app.touchpoints.planning import settles
from app.touchpoints.runs import stop

BATCH = 100


def settle(now: datetime) -> int:
    """End the sequences whose last contact stayed without an answer for two days; how many leads were lost.

    Commits each lead. Several workers may run it at once.
    """
    lost = 0
    while True:
        lead_ids = _settling(now)
        lost += sum(_settle(lead_id, now) for lead_id in lead_ids)
        if len(lead_ids) < BATCH:
            return lost


def _settling(now: datetime) -> list[int]:
    due = select(SequenceRun.lead_id).where(SequenceRun.status == "running", SequenceRun.settles_at <= now)
    found = list(db.session.scalars(due.order_by(SequenceRun.settles_at).limit(BATCH)))
    db.session.commit()
    return found


def _settle(lead_id: int, now: datetime) -> int:
    """Those that joined go first: whoever is killed on the way leaves a run that is still to be settled."""
    over, lost = _over(lead_id, now), 0
    db.session.commit()
    if over and contacts_of(lead_id):
        lost = lose_joined(lead_id, "no answer to the follow-up of the order before", now)
    if run := over and _over(lead_id, now):
        lost += give_up(lock_lead(lead_id), run, now)
    db.session.commit()
    return lost


def _over(lead_id: int, now: datetime) -> SequenceRun | None:
    """The run, where nothing speaks against ending it; else that is written down. Locks the lead."""
    lock_lead(lead_id)
    run = db.session.get_one(SequenceRun, lead_id, populate_existing=True)
    if run.status != "running" or run.settles_at > now:
        return None
    reason = reason_to_stop(standing_of(lead_id))
    if reason:
        stop(lead_id, reason, now)
        return None
    later = _something_later(lead_id)
    if later is not None and settles(later) > now:
        run.settles_at = settles(later)
        return None
    return run


def _something_later(lead_id: int) -> datetime | None:
    """When the newest contact went out or is to go out. What waits was held back and goes first."""
    counts = TouchPoint.status.in_(("planned", "done"))
    return db.session.scalar(select(func.max(TouchPoint.due_at)).where(TouchPoint.lead_id == lead_id, counts))
