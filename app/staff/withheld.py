"""Sentences of the assistant's that its proof did not let through, a page at a time."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.accounts import within
from app.accounts.models import StaffUser
from app.assistant.models import WithheldSentence
from app.db import db
from app.leads.models import Lead
from app.locations.models import Location

PAGE = 50


def withheld_page(staff: StaffUser, kind: str, before: int | None) -> tuple[Sequence[Any], int | None]:
    """(sentence, lead, store) of their stores, newest first; and where the next page goes on."""
    query = (
        select(WithheldSentence, Lead, Location)
        .join(Lead, Lead.id == WithheldSentence.lead_id)
        .join(Location, Location.id == WithheldSentence.location_id)
        .where(within(staff, WithheldSentence))
        .order_by(WithheldSentence.id.desc())
    )
    if kind:
        query = query.where(WithheldSentence.kind == kind)
    if before is not None:
        query = query.where(WithheldSentence.id < before)
    rows = db.session.execute(query.limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1][0].id if len(rows) > PAGE else None
