"""A lead's timeline: what happened, in words that staff can read."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert
from sqlalchemy.dialects.postgresql import JSONB

from app.db import db, prepared
from app.leads.models import LeadEvent

# By the row, not by the session's unit of work: every step that a lead takes writes one.
LINE = prepared(
    insert(LeadEvent.__table__)  # type: ignore[arg-type]
    .values(detail=bindparam("detail", type_=JSONB(none_as_null=True)))
    .inline()
)


def note(lead_id: int, kind: str, text: str, actor: str, now: datetime, detail: dict[str, Any] | None = None) -> None:
    """Add one line, in the caller's transaction. `actor`: system, customer, assistant or a staff member's name."""
    line = {"lead_id": lead_id, "at": now, "kind": kind, "text": text, "actor": actor, "detail": detail}
    db.session.execute(LINE, line)
