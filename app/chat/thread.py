"""Reading a conversation: its newest page, older pages, and whatever changed since a feed position."""

from sqlalchemy import Select, exists, or_, select

from app.chat.items import Item, State, Thread
from app.chat.models import Conversation, Message, Reply
from app.db import db

PAGE = 50
OPEN = ("pending", "running")
COLUMNS = tuple(getattr(Message, name) for name in Item.__slots__)


def thread(conversation_id: int, before: int | None = None) -> Thread:
    """The newest messages (or the page before seq `before`), oldest first, with the state below them.

    Reads the feed position first: what lands meanwhile is then repeated by the feed, never missed.
    """
    row = db.session.execute(_state_query(conversation_id)).one()
    query = _messages(conversation_id).order_by(Message.seq.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(Message.seq < before)
    items = [Item.from_row(found) for found in db.session.execute(query)]
    page = items[:PAGE][::-1]
    return Thread(conversation_id, row.last_seq, page, _state(row, page), has_older=len(items) > PAGE)


def changes(conversation_id: int, after_seq: int) -> tuple[list[Item], State, int]:
    """Everything a watcher at `after_seq` lacks, oldest first: changed messages and any that is still being written."""
    row = db.session.execute(_state_query(conversation_id)).one()
    query = _messages(conversation_id).where(or_(Message.changed_seq > after_seq, Message.status == "streaming"))
    items = [Item.from_row(found) for found in db.session.execute(query.order_by(Message.seq))]
    return items, _state(row, items), row.last_seq


def message_by_client_id(conversation_id: int, client_message_id: str) -> Item | None:
    """The message that the browser gave this id, if it arrived."""
    query = _messages(conversation_id).where(Message.client_message_id == client_message_id)
    row = db.session.execute(query).one_or_none()
    return Item.from_row(row) if row else None


def answer_to(conversation_id: int, seq: int) -> tuple[Item | None, bool]:
    """The assistant's finished answer that has read message `seq`, if any, and whether staff hold the thread."""
    read_it = exists().where(Reply.message_id == Message.id, Reply.to_seq >= seq, Reply.status.in_(("done", "failed")))
    row = db.session.execute(_messages(conversation_id).where(read_it).order_by(Message.seq).limit(1)).one_or_none()
    holder = db.session.scalar(select(Conversation.holder).where(Conversation.id == conversation_id))
    return (Item.from_row(row) if row else None), holder == "staff"


def _messages(conversation_id: int) -> Select:
    return select(*COLUMNS).where(Message.conversation_id == conversation_id)


def _state_query(conversation_id: int) -> Select:
    answering = exists().where(Reply.conversation_id == Conversation.id, Reply.status.in_(OPEN))
    return select(
        Conversation.last_seq,
        Conversation.holder,
        Conversation.holder_name,
        Conversation.waiting_since,
        answering.label("answering"),
    ).where(Conversation.id == conversation_id)


def _state(row, items: list[Item]) -> State:  # type: ignore[no-untyped-def]
    writing = any(item.streaming for item in items)
    return State(
        typing=row.answering and not writing,
        holder=row.holder,
        holder_name=row.holder_name,
        waiting=row.waiting_since is not None,
    )
