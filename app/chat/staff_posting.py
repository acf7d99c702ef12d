"""What staff write to a customer: on the page, and by the way that the customer wrote last."""

from datetime import datetime

from app.chat import outward, posting
from app.chat.items import State
from app.chat.message_rules import clean
from app.chat.posting import Posted
from app.chat.thread import message_by_client_id
from app.db import db


class NotHeld(Exception):
    """Staff may only write after taking the conversation over."""


def post_staff_message(
    conversation_id: int, staff_user_id: int, name: str, message: str, client_message_id: str, now: datetime
) -> Posted:
    """Store a staff member's message, once per `client_message_id`. Raises NotHeld unless staff hold the thread."""
    message = clean(message)
    row = posting.next_seq(conversation_id, now)
    known = message_by_client_id(conversation_id, client_message_id)
    if known is not None or row.holder != "staff":
        db.session.rollback()
        if known is None:
            raise NotHeld
        return Posted(known, posting.state_of(row, typing=False), None, is_new=False)
    way = outward.way_of(conversation_id)
    if way:
        message = outward.worded_by_staff(way.channel, message)
    item = posting.write(
        row,
        author="staff",
        message=message,
        now=now,
        channel=way.channel if way else "web",
        author_name=name,
        staff_user_id=staff_user_id,
        client_message_id=client_message_id,
    )
    if way:
        outward.carry(conversation_id, item.seq, message)
    db.session.execute(posting.conversation(conversation_id).values(waiting_since=None, waiting_reason=None))
    state = State(typing=False, holder="staff", holder_name=row.holder_name, waiting=False)
    posting.commit(conversation_id, item, state)
    return Posted(item, state, None, is_new=True)
