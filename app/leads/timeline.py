"""A lead's timeline: what happened, in words that staff can read."""

from datetime import datetime
from typing import Any

from app.db import db
from app.leads.models import LeadEvent


def note(
    lead_id: int, kind: str, text: str, actor: str, now: datetime, detail: dict[str, Any] | None = None
) -> LeadEvent:
    """Add one line, in the caller's transaction. `actor`: system, customer, assistant or a staff member's name."""
    event = LeadEvent(lead_id=lead_id, at=now, kind=kind, text=text, actor=actor, detail=detail)
    db.session.add(event)
    return event
