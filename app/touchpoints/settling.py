"""After the last contact without an answer the lead is lost; it opens again as soon as the customer writes."""

from datetime import datetime

from sqlalchemy import func, select

from app.db import db
from app.touchpoints.giving_up import give_up
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
        for lead_id in lead_ids:
            given_up = _settle(lead_id, now)
            db.session.commit()
            if given_up:
                lost += 1 + lose_joined(lead_id, "no answer to the follow-up of the order before", now)
        if len(lead_ids) < BATCH:
            return lost


def _settling(now: datetime) -> list[int]:
    due = select(SequenceRun.lead_id).where(SequenceRun.status == "running", SequenceRun.settles_at <= now)
    found = list(db.session.scalars(due.order_by(SequenceRun.settles_at).limit(BATCH)))
    db.session.commit()
    return found


def _settle(lead_id: int, now: datetime) -> bool:
    lead = lock_lead(lead_id)
    run = db.session.get_one(SequenceRun, lead_id, populate_existing=True)
    if run.status != "running" or run.settles_at > now:
        return False
    reason = reason_to_stop(standing_of(lead_id))
    if reason:
        stop(lead_id, reason, now)
        return False
    later = _something_later(lead_id)
    if later is not None and settles(later) > now:
        run.settles_at = settles(later)
        return False
    return give_up(lead, run, now)


def _something_later(lead_id: int) -> datetime | None:
    """When the newest contact went out or is to go out. What waits was held back and goes first."""
    counts = TouchPoint.status.in_(("planned", "done"))
    return db.session.scalar(select(func.max(TouchPoint.due_at)).where(TouchPoint.lead_id == lead_id, counts))
