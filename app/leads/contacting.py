"""A message of ours went out to a lead: its link counts from then, and a new lead is contacted."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from app.db import db, prepared
from app.leads.events import LeadMoved
from app.leads.models import Lead
from app.leads.stages import advanced
from app.leads.timeline import note
from app.lib import events

# By the row, not by the session's unit of work: it is done for every message.
STAGE = prepared(select(Lead.stage).where(Lead.id == bindparam("lead_id")).with_for_update(key_share=True))
CONTACTED = prepared(
    update(Lead.__table__)  # type: ignore[arg-type]
    .where(Lead.id == bindparam("lead_id"))
    .values(stage=bindparam("to"), link_sent_at=bindparam("at"))
)


def stage_of(lead_id: int) -> str:
    """The lead's stage, its row held until the transaction ends."""
    return db.session.execute(STAGE, {"lead_id": lead_id}).scalar_one()


def contacted(lead_id: int, stage: str, at: datetime, why: str, now: datetime) -> None:
    """The lead, at `stage` as its holder knows, was written to at that time."""
    to = advanced(stage, "contacted")
    db.session.execute(CONTACTED, {"lead_id": lead_id, "to": to, "at": at})
    if to != stage:
        note(lead_id, "stage", f"{to.capitalize()}: {why}", "system", now)
        events.publish(LeadMoved(lead_id, to))
