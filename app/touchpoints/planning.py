"""What we owe a person next: one running sequence per person and store."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.leads.models import Lead
from app.leads.timeline import note
from app.live import wake
from app.touchpoints.models import TouchPoint

JOB = "touchpoints"
FIRST_STEP = 0
# How long after its first touch a sequence counts as running: the owner's schedule is 30 days.
RUNNING_FOR = timedelta(days=30)


def plan_first_touch(lead: Lead, now: datetime) -> TouchPoint | None:
    """The lead's first touch point, due now; None where it needs none or joins the person's running sequence.

    A lead without a customer has nobody to contact yet. Any number of calls plan it once. Writes rows in the caller's
    transaction; the worker sends after the commit.
    """
    if lead.closed or lead.first_engaged_at or lead.customer_id is None:
        return None
    running = _running_sequence(lead, now)
    if running:
        order = running.order_number or running.order_name or running.public_id
        text = f"Joins the running follow-up of order {order}: no second first touch"
        note(lead.id, "touch_point", text, "system", now)
        return None
    wake(JOB)
    return plan(lead, FIRST_STEP, "any", now)


def plan(lead: Lead, step: int, channel: str, due_at: datetime) -> TouchPoint:
    """The touch point of this lead, step and channel: planned now, or found from before."""
    row = {
        "company_id": lead.company_id,
        "location_id": lead.location_id,
        "lead_id": lead.id,
        "step": step,
        "channel": channel,
        "due_at": due_at,
    }
    key = ["lead_id", "step", "channel"]
    db.session.execute(insert(TouchPoint).values(row).on_conflict_do_nothing(index_elements=key))
    return db.session.execute(select(TouchPoint).filter_by(lead_id=lead.id, step=step, channel=channel)).scalar_one()


def _running_sequence(lead: Lead, now: datetime) -> Lead | None:
    """Another open lead of the same person at the same store that has had, or is about to have, its first touch."""
    # Two orders of one person may arrive at once: the second waits here until the first one's plan is committed.
    key = f"sequence:{lead.location_id}:{lead.customer_id}"
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    statement = (
        select(Lead)
        .join(TouchPoint, TouchPoint.lead_id == Lead.id)
        .where(
            Lead.customer_id == lead.customer_id,
            Lead.location_id == lead.location_id,
            Lead.id != lead.id,
            Lead.stage.in_(("new", "contacted")),
            Lead.first_engaged_at.is_(None),
            TouchPoint.status != "skipped",
            TouchPoint.due_at > now - RUNNING_FOR,
        )
        .order_by(TouchPoint.id)
        .limit(1)
    )
    return db.session.execute(statement).scalars().first()
