"""Who holds the thread: takeover, hand-back, and asking for a person. Each commits."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update

from app.chat import words
from app.chat.events import ConversationTakenOver, HandOverAsked
from app.chat.items import Item
from app.chat.models import Conversation, Message, Reply
from app.chat.opening_again import opens_again
from app.chat.posting import lock_lead, post_system_line
from app.chat.thread import COLUMNS
from app.db import db
from app.lib.events import publish


def take_over(conversation_id: int, staff_user_id: int, name: str, now: datetime) -> bool:
    """Give the thread to this staff member, silencing the assistant in the same commit. False if they hold it."""
    row = _lock(conversation_id)
    if row.holder == "staff" and row.held_by == staff_user_id:
        db.session.rollback()
        return False
    db.session.execute(
        _conversation(conversation_id).values(
            holder="staff",
            held_by=staff_user_id,
            holder_name=name,
            held_since=now,
            waiting_since=None,
            waiting_reason=None,
        )
    )
    cut = _silence(conversation_id)
    publish(ConversationTakenOver(conversation_id, row.lead_id, staff_user_id))
    post_system_line(conversation_id, words.joined(row.language, name), now, cut=cut)
    return True


def hand_back(conversation_id: int, name: str, now: datetime) -> int | None:
    """Let the assistant answer again. Returns the reply it owes where the customer had the last word, else None."""
    row = _lock(conversation_id)
    if row.holder == "assistant":
        db.session.rollback()
        return None
    db.session.execute(
        _conversation(conversation_id).values(
            holder="assistant", held_by=None, holder_name=None, held_since=None, handed_back_seq=Conversation.last_seq
        )
    )
    last = _last_word(conversation_id)
    owed = last.seq if last is not None and last.author == "customer" else None
    return post_system_line(conversation_id, words.left(row.language, name), now, answer_to=owed)


def hand_over(conversation_id: int, reason: str, now: datetime) -> bool:
    """Call staff to this conversation; the assistant goes on until one takes over. False if called before.

    The customer is told so, and while the store is closed, when it is open again.
    """
    row = _lock(conversation_id)
    if row.holder == "staff" or row.waiting_since is not None:
        db.session.rollback()
        return False
    db.session.execute(_conversation(conversation_id).values(waiting_since=now, waiting_reason=reason[:500]))
    publish(HandOverAsked(conversation_id, row.lead_id, reason[:500]))
    reopens = opens_again(row.location_id, now)
    line = words.team_asked(row.language, reopens)
    # The page shows the line; who texts or emails reads of it in the answer, but not when the store is open again.
    post_system_line(conversation_id, line, now, carried=reopens is not None)
    return True


def thread_held(lead_id: Any) -> ColumnElement[bool]:
    """The condition that staff hold the lead's thread; for a row's column as for a number."""
    return exists().where(Conversation.lead_id == lead_id, Conversation.holder == "staff")


def is_held(lead_id: int) -> bool:
    """Whether staff hold the lead's thread."""
    return bool(db.session.scalar(select(thread_held(lead_id))))


def _lock(conversation_id: int):  # type: ignore[no-untyped-def]
    """Lock lead, then conversation: the order every writer keeps."""
    lead_id = db.session.scalar(select(Conversation.lead_id).where(Conversation.id == conversation_id))
    assert lead_id is not None
    lock_lead(lead_id)
    columns = (
        Conversation.lead_id,
        Conversation.holder,
        Conversation.held_by,
        Conversation.waiting_since,
        Conversation.language,
        Conversation.location_id,
    )
    query = select(*columns).where(Conversation.id == conversation_id).with_for_update(key_share=True)
    return db.session.execute(query).one()


def _last_word(conversation_id: int):  # type: ignore[no-untyped-def]
    query = select(Message.seq, Message.author).where(
        Message.conversation_id == conversation_id, Message.author != "system", Message.status != "cut"
    )
    return db.session.execute(query.order_by(Message.seq.desc()).limit(1)).one_or_none()


def _conversation(conversation_id: int):  # type: ignore[no-untyped-def]
    return update(Conversation).where(Conversation.id == conversation_id)


def _silence(conversation_id: int) -> list[Item]:
    """End the open reply; what it had written stays, marked cut."""
    db.session.execute(
        update(Reply)
        .where(Reply.conversation_id == conversation_id, Reply.status.in_(("pending", "running")))
        .values(status="silenced", lease_until=None)
    )
    cut = (
        update(Message)
        .where(Message.conversation_id == conversation_id, Message.status == "streaming")
        .values(
            status="cut",
            changed_seq=select(Conversation.last_seq + 1).where(Conversation.id == conversation_id).scalar_subquery(),
        )
        .returning(*COLUMNS)
    )
    return [Item.from_row(row) for row in db.session.execute(cut)]
