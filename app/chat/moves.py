"""A conversation follows its lead to another store."""

from sqlalchemy import update

from app.chat.models import Conversation, Message, Reply
from app.db import db


def move_to_store(lead_id: int, location_id: int) -> None:
    """Make the lead's conversation, with all that was said, the other store's: its staff see it from the commit on."""
    moved = update(Conversation).where(Conversation.lead_id == lead_id).values(location_id=location_id)
    conversation_id = db.session.scalar(moved.returning(Conversation.id))
    if conversation_id is None:
        return
    for table in (Message, Reply):
        rows = update(table).where(table.conversation_id == conversation_id)
        db.session.execute(rows.values(location_id=location_id))
