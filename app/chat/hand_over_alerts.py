"""Whoever waits for a person gets one: the store's people are told at once, its managers where nobody has answered.

What starts it is `waiting_since` of a conversation, whoever has set it. Alerts are rows first, each person once for
each time that a customer waits; the fence sends them, unless somebody has answered by then.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from app.accounts.alert_rules import ESCALATE_AFTER, ladder
from app.accounts.models import StaffUser
from app.chat.events import HandOverAsked
from app.chat.hand_over_writing import queue_alert
from app.chat.models import Conversation, HandOverAlert
from app.chat.posting import lock_lead
from app.db import db
from app.leads.models import Lead
from app.leads.timeline import note
from app.lib import clock
from app.live import wake
from app.locations.models import Location

JOB = "hand_overs"
BATCH = 50

log = logging.getLogger(__name__)


def on_asked(event: HandOverAsked) -> None:
    """A person was asked for: the worker need not wait for its next look."""
    wake(JOB)


def call_staff(now: datetime | None = None) -> int:
    """Write the alerts for everybody who waits and of whom staff, or after ten minutes managers, were not told.

    Returns for how many conversations. Commits each by itself. Several workers may run it.
    """
    now = now or clock.now()
    called = 0
    for conversation_id, lead_id in _due(now):
        try:
            called += _call(conversation_id, lead_id, now)
        except Exception:
            # One that cannot be told must not keep the others waiting.
            log.exception("staff could not be called to conversation %s; it is tried again", conversation_id)
            db.session.rollback()
    return called


def _due(now: datetime) -> Sequence[Any]:
    waiting = Conversation.waiting_since
    untold = Conversation.staff_called_for.is_distinct_from(waiting)
    late = and_(waiting <= now - ESCALATE_AFTER, Conversation.managers_called_for.is_distinct_from(waiting))
    query = select(Conversation.id, Conversation.lead_id).where(
        waiting.is_not(None), Conversation.holder == "assistant", or_(untold, late)
    )
    found = db.session.execute(query.order_by(waiting, Conversation.id).limit(BATCH)).all()
    db.session.rollback()
    return found


def _call(conversation_id: int, lead_id: int, now: datetime) -> bool:
    lock_lead(lead_id)
    query = select(Conversation).where(Conversation.id == conversation_id).with_for_update(key_share=True)
    conversation = db.session.execute(query.execution_options(populate_existing=True)).scalar_one()
    since = conversation.waiting_since
    if since is None or conversation.holder != "assistant":
        db.session.rollback()
        return False
    steps, lead = ladder(_people(conversation)), db.session.get_one(Lead, lead_id)
    if conversation.staff_called_for != since:
        told = _tell(steps[:1], lead, conversation, now) or "nobody, for nobody wants to be"
        said = f"{_asked(conversation)} Told: {told}"
        conversation.staff_called_for = since
    elif conversation.managers_called_for != since and now - since >= ESCALATE_AFTER:
        told = _tell(steps[1:2], lead, conversation, now) or "nobody else is there"
        said = f"Nobody answered for ten minutes. Told: {told}"
        conversation.managers_called_for = since
    else:
        db.session.rollback()
        return False
    note(lead.id, "hand_over", said, "system", now)
    wake(JOB)
    db.session.commit()
    return True


def _people(conversation: Conversation) -> list[StaffUser]:
    """Everybody of the store who could be told."""
    of_store = or_(
        StaffUser.role == "franchise_admin", StaffUser.locations.any(Location.id == conversation.location_id)
    )
    query = select(StaffUser).where(StaffUser.company_id == conversation.company_id, StaffUser.active, of_store)
    return list(db.session.scalars(query.order_by(StaffUser.id)))


def _tell(steps: list[list[StaffUser]], lead: Lead, conversation: Conversation, now: datetime) -> str:
    """Queue an alert for everybody of the step who has none yet; their names and ways."""
    assert conversation.waiting_since is not None
    had = select(HandOverAlert.staff_user_id).where(
        HandOverAlert.conversation_id == conversation.id, HandOverAlert.waiting_since == conversation.waiting_since
    )
    known = set(db.session.scalars(had))
    new = [one for step in steps for one in step if one.id not in known]
    for staff in new:
        queue_alert(staff, lead, conversation, now)
    return ", ".join(f"{one.name} by {'text' if one.alert_by == 'sms' else 'email'}" for one in new)


def _asked(conversation: Conversation) -> str:
    reason = (conversation.waiting_reason or "").strip().rstrip(".")
    return f"The customer waits for a person: {reason}." if reason else "The customer waits for a person."
