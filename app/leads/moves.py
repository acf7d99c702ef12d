"""Moving a lead from stage to stage, with its line in the timeline and its event."""

from datetime import datetime

from app.leads.events import LeadClosed, LeadMoved
from app.leads.models import Lead
from app.leads.stages import advanced, reached
from app.leads.timeline import note
from app.lib import events


def move(lead: Lead, to: str, why: str, now: datetime, actor: str = "system") -> bool:
    """Let the lead earn stage `to`; False when that changes nothing. The caller holds the lead's row."""
    stage = advanced(lead.stage, to)
    if stage == lead.stage:
        return False
    lead.stage = stage
    lead.closed_reason = why if lead.closed else None
    note(lead.id, "stage", f"{stage.capitalize()}: {why}", actor, now)
    events.publish(LeadClosed(lead.id, stage, why) if lead.closed else LeadMoved(lead.id, stage))
    return True


def reopen(lead: Lead, why: str, now: datetime, actor: str = "system") -> bool:
    """Open a lost lead again, as far as it had come; False when it is not lost. The caller holds the lead's row.

    What was stopped when it was lost stays stopped.
    """
    if lead.stage != "lost":
        return False
    lead.stage = reached(contacted=lead.link_sent_at is not None, engaged=lead.first_engaged_at is not None)
    lead.closed_reason = None
    note(lead.id, "stage", f"{lead.stage.capitalize()} again: {why}", actor, now)
    events.publish(LeadMoved(lead.id, lead.stage))
    return True


def leave_booked(lead: Lead, why: str, now: datetime, actor: str = "system") -> bool:
    """Put a booked lead back as far as it had come before; False when it is not booked. The caller holds its row."""
    if lead.stage != "booked":
        return False
    lead.stage = reached(contacted=lead.link_sent_at is not None, engaged=lead.first_engaged_at is not None)
    note(lead.id, "stage", f"{lead.stage.capitalize()} again: {why}", actor, now)
    events.publish(LeadMoved(lead.id, lead.stage))
    return True
