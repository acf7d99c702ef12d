"""A follow-up that comes to its end without an answer: the lead is lost. The caller holds the lead's row."""

from datetime import datetime

from sqlalchemy import func, select

from app.db import db
from app.leads.models import Lead
from app.leads.moves import move
from app.leads.timeline import note
from app.touchpoints.models import SequenceRun, TouchPoint

SYSTEM = "system"
NOBODY_REACHED = "The follow-up is over and nothing could be sent: please call the customer"


def finish(run: SequenceRun, reason: str, now: datetime) -> None:
    """The sequence has come to its end."""
    run.status, run.reason, run.by, run.changed_at = "finished", reason, SYSTEM, now


def give_up(lead: Lead, run: SequenceRun, now: datetime, besides: str = "") -> bool:
    """End the run; whether the lead is lost by it. Where nothing could be sent it is left for staff to call.

    `besides` says what else the lead is lost for.
    """
    contacts = contacts_of(lead.id)
    if not contacts:
        finish(run, NOBODY_REACHED, now)
        note(lead.id, "touch_point", NOBODY_REACHED, SYSTEM, now)
        return False
    words = f"no answer to {contacts} {'message' if contacts == 1 else 'messages'}{besides}"
    finish(run, f"The last contact went out: {words}", now)
    return move(lead, "lost", words, now)


def contacts_of(lead_id: int) -> int:
    """How many contacts of the lead's follow-up went out."""
    sent = select(func.count()).where(TouchPoint.lead_id == lead_id, TouchPoint.status == "done")
    return db.session.scalar(sent) or 0
