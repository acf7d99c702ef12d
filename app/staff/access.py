"""Find what an address of the dashboard names, or 404."""

from sqlalchemy import select

from app.accounts import row_or_404, staff_or_401
from app.chat.models import Conversation
from app.db import db
from app.leads.models import Lead


def lead_or_404(public_id: str) -> Lead:
    """The lead, if it is of a store that the signed-in staff may see."""
    return row_or_404(staff_or_401(), Lead, public_id)


def conversation_of(lead: Lead) -> Conversation | None:
    """The lead's conversation; None until somebody has opened it."""
    return db.session.scalar(select(Conversation).where(Conversation.lead_id == lead.id))
