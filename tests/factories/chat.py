"""Conversations, as they lie in the database; nothing is generated."""

from datetime import UTC, datetime, timedelta

from app.accounts.models import StaffUser
from app.chat.models import Conversation, Message
from app.db import db
from app.leads.models import Lead


def make_conversation(
    lead: Lead, *said: tuple[str, str], held_by: StaffUser | None = None, **given: object
) -> Conversation:
    """The lead's conversation; `said` are (author, text) pairs, a minute apart, the last one just now.

    Commits, as chat's own verbs do: they roll back what they refuse.
    """
    holding = {"holder": "staff", "held_by": held_by.id, "holder_name": held_by.name} if held_by else {}
    of_store = {"company_id": lead.company_id, "location_id": lead.location_id}
    conversation = Conversation(**{**of_store, "lead_id": lead.id, "last_seq": len(said), **holding, **given})
    db.session.add(conversation)
    db.session.flush()
    for seq, (author, text) in enumerate(said, 1):
        at = datetime.now(UTC) - timedelta(minutes=len(said) - seq)
        place = {"conversation_id": conversation.id, "seq": seq, "changed_seq": seq}
        db.session.add(Message(**of_store, **place, author=author, text=text, created_at=at))
        conversation.last_message_at = at
    db.session.commit()
    return conversation
