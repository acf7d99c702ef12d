"""The life of a reply in the tables: claimed under a lease, its text stored piece by piece, ended once.

Reply text goes by a connection that does not wait for the disk: after a crash of the database the newest words may be
missing from the stored text, which the next attempt then writes again. Everything else commits durably.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from flask import current_app
from sqlalchemy import Connection, Engine, create_engine, select, text, update

from app.chat import feed
from app.chat.items import Item, State
from app.chat.models import Conversation, Message, Reply
from app.chat.thread import COLUMNS
from app.db import db
from app.leads.models import Lead
from app.live import hub

LEASE = "interval '6 seconds'"

CLAIM = text(f"""
    UPDATE replies SET status = 'running', attempt = attempt + 1, lease_owner = :owner,
        lease_until = clock_timestamp() + {LEASE}
    WHERE id = :reply_id AND (status = 'pending' OR (status = 'running' AND lease_until < clock_timestamp()))
    RETURNING id, company_id, location_id, conversation_id, message_id, attempt, rounds, to_seq
""")  # noqa: S608

RENEW = text(f"""
    UPDATE replies SET lease_until = clock_timestamp() + {LEASE}
    WHERE lease_owner = :owner AND status = 'running' AND id = ANY(:reply_ids)
""")  # noqa: S608

EXPIRED = text("""
    SELECT id FROM replies WHERE status IN ('pending', 'running') AND lease_until < clock_timestamp()
    ORDER BY lease_until LIMIT :limit
""")

# The conversation's row is locked first: a takeover that committed before makes the whole statement do nothing.
FIRST_WORDS = text("""
    WITH held AS (
        UPDATE conversations SET last_seq = last_seq + 1, last_message_at = :now
        WHERE id = :conversation_id AND holder = 'assistant'
          AND EXISTS (SELECT FROM replies WHERE id = :reply_id AND attempt = :attempt AND status = 'running')
        RETURNING id, company_id, location_id, last_seq
    ), written AS (
        INSERT INTO messages (company_id, location_id, conversation_id, seq, changed_seq, part, author, channel, status,
                              text, created_at)
        SELECT company_id, location_id, id, last_seq, last_seq, :part, 'assistant', 'web', 'streaming', :text, :now
        FROM held RETURNING id, seq
    ), linked AS (
        UPDATE replies SET message_id = written.id FROM written WHERE replies.id = :reply_id RETURNING replies.id
    )
    SELECT written.id, written.seq, pg_notify('live', jsonb_set(jsonb_set(jsonb_set(CAST(:note AS jsonb),
        '{seq}', to_jsonb(seq)), '{item,seq}', to_jsonb(seq)), '{item,changed_seq}', to_jsonb(seq))::text)
    FROM written, linked
""")

MORE_WORDS = text("""
    WITH held AS (
        SELECT id FROM conversations WHERE id = :conversation_id AND holder = 'assistant' FOR NO KEY UPDATE
    ), written AS (
        UPDATE messages SET text = :text, part = :part FROM held, replies
        WHERE messages.id = :message_id AND replies.id = :reply_id
          AND replies.attempt = :attempt AND replies.status = 'running'
        RETURNING messages.id
    )
    SELECT pg_notify('live', :note) FROM written
""")


class Silenced(Exception):
    """The reply may say no more: staff took over, or another process holds its lease."""


@dataclass(slots=True)
class Claimed:
    """A reply that this process generates, with what earlier attempts left."""

    id: int
    company_id: int
    location_id: int
    conversation_id: int
    lead_id: int
    attempt: int
    to_seq: int
    rounds: list[dict[str, Any]]
    message_id: int | None
    seq: int
    part: int
    text: str
    first_words_at: datetime


def claim(reply_id: int, owner: str, now: datetime) -> Claimed | None:
    """Take the reply, unless somebody has it under an unexpired lease or it has ended. Commits."""
    row = db.session.execute(CLAIM, {"reply_id": reply_id, "owner": owner}).one_or_none()
    if row is None:
        db.session.rollback()
        return None
    lead_id = db.session.scalar(select(Conversation.lead_id).where(Conversation.id == row.conversation_id))
    assert lead_id is not None
    columns = (Message.seq, Message.part, Message.text, Message.created_at)
    begun = (
        db.session.execute(select(*columns).where(Message.id == row.message_id)).one_or_none()
        if row.message_id
        else None
    )
    db.session.commit()
    return Claimed(
        row.id, row.company_id, row.location_id, row.conversation_id, lead_id, row.attempt, row.to_seq,
        list(row.rounds or []), row.message_id,
        begun.seq if begun else 0, begun.part if begun else 0, begun.text if begun else "",
        begun.created_at if begun else now,
    )  # fmt: skip


def renew(owner: str, reply_ids: list[int]) -> None:
    """Keep the leases of what this process is generating. Commits."""
    db.session.execute(RENEW, {"owner": owner, "reply_ids": reply_ids})
    db.session.commit()


def expired(limit: int = 20) -> list[int]:
    """Open replies that nobody generates any more."""
    found = list(db.session.scalars(EXPIRED, {"limit": limit}))
    db.session.rollback()
    return found


def show(reply: Claimed, whole_text: str) -> None:
    """Store the text so far, then show it to every watcher. Raises Silenced, and then nothing was shown."""
    reply.part += 1
    item = _item(reply, whole_text, "streaming")
    state = State(typing=False, holder="assistant", holder_name=None, waiting=False) if reply.part == 1 else None
    note = {"feed": feed.feed_name(reply.conversation_id), **feed.note_of(item, None), "origin": hub().origin}
    common = {
        "conversation_id": reply.conversation_id, "reply_id": reply.id, "attempt": reply.attempt,
        "part": reply.part, "text": whole_text, "note": orjson.dumps(note).decode(),
    }  # fmt: skip
    with _text_engine().connect() as connection:
        if reply.message_id is None:
            _first_words(connection, reply, common)
        elif connection.execute(MORE_WORDS, {**common, "message_id": reply.message_id}).one_or_none() is None:
            raise Silenced
    shown = feed.note_of(_item(reply, whole_text, "streaming"), state)
    hub().hand_over(feed.feed_name(reply.conversation_id), shown)
    reply.text = whole_text


def keep_round(reply: Claimed, kept: dict[str, Any]) -> None:
    """Store a finished round of tools. Commits."""
    reply.rounds.append(kept)
    mine = (Reply.id == reply.id, Reply.attempt == reply.attempt)
    db.session.execute(update(Reply).where(*mine).values(rounds=reply.rounds))
    db.session.commit()


def finish(
    reply: Claimed, whole_text: str, now: datetime, *, unproven: list[str], error: str | None = None
) -> int | None:
    """End the reply with its whole text. Returns the next reply where the customer wrote meanwhile. Raises Silenced.

    With `error` the reply has failed: `whole_text` then ends with an honest line, and staff are called.
    """
    db.session.execute(update(Lead).where(Lead.id == reply.lead_id).values(last_ai_at=now))
    row = _take_turn(reply, now, calls_staff=error is not None)
    ended = {"status": "failed" if error else "done", "finished_at": now, "lease_until": None}
    mine = (Reply.id == reply.id, Reply.attempt == reply.attempt, Reply.status == "running")
    values = {**ended, "unproven": unproven or None, "error": error}
    if row is None or db.session.execute(update(Reply).where(*mine).values(**values)).rowcount == 0:  # type: ignore[attr-defined]
        db.session.rollback()
        raise Silenced
    item = _whole_message(reply, row, whole_text, now)
    next_id = _next_reply(reply)
    state = State(
        typing=next_id is not None, holder="assistant", holder_name=None, waiting=row.waiting_since is not None
    )
    hand_over = feed.announce_item(reply.conversation_id, item, state)
    db.session.commit()
    hand_over()
    return next_id


def _first_words(connection: Connection, reply: Claimed, common: dict[str, Any]) -> None:
    row = connection.execute(FIRST_WORDS, {**common, "now": reply.first_words_at}).one_or_none()
    if row is None:
        raise Silenced
    reply.message_id, reply.seq = row.id, row.seq


def _item(reply: Claimed, whole_text: str, status: str) -> Item:
    return Item(
        seq=reply.seq, changed_seq=reply.seq, part=reply.part, author="assistant", author_name=None, channel="web",
        status=status, text=whole_text, client_message_id=None, created_at=reply.first_words_at,
    )  # fmt: skip


def _take_turn(reply: Claimed, now: datetime, *, calls_staff: bool) -> Any:
    change: dict[str, Any] = {"last_seq": Conversation.last_seq + 1, "last_message_at": now}
    if calls_staff:
        change |= {"waiting_since": now, "waiting_reason": "The assistant could not answer."}
    returning = (Conversation.last_seq, Conversation.waiting_since)
    mine = (Conversation.id == reply.conversation_id, Conversation.holder == "assistant")
    return db.session.execute(update(Conversation).where(*mine).values(**change).returning(*returning)).one_or_none()


def _whole_message(reply: Claimed, row: Any, whole_text: str, now: datetime) -> Item:
    values: dict[str, Any] = {"text": whole_text, "status": "whole", "changed_seq": row.last_seq}
    if reply.message_id is not None:
        written = update(Message).where(Message.id == reply.message_id).values(**values).returning(*COLUMNS)
        return Item.from_row(db.session.execute(written).one())
    message = Message(
        company_id=reply.company_id, location_id=reply.location_id, conversation_id=reply.conversation_id,
        seq=row.last_seq, author="assistant", created_at=now, **values,
    )  # fmt: skip
    db.session.add(message)
    db.session.flush()
    db.session.execute(update(Reply).where(Reply.id == reply.id).values(message_id=message.id))
    return Item(**{name: getattr(message, name) for name in Item.__slots__})


def _next_reply(reply: Claimed) -> int | None:
    """Open the next reply if the customer wrote after what this one read."""
    newer = (Message.conversation_id == reply.conversation_id, Message.author == "customer", Message.seq > reply.to_seq)
    to_seq = db.session.scalar(select(Message.seq).where(*newer).order_by(Message.seq.desc()).limit(1))
    if to_seq is None:
        return None
    following = Reply(
        company_id=reply.company_id, location_id=reply.location_id, conversation_id=reply.conversation_id,
        to_seq=to_seq, lease_until=db.session.scalar(text("SELECT clock_timestamp() + interval '3 seconds'")),
    )  # fmt: skip
    db.session.add(following)
    db.session.flush()
    return following.id


def _text_engine() -> Engine:
    found: Engine | None = current_app.extensions.get("reply_text_engine")
    if found is None:
        found = create_engine(
            db.engine.url, pool_size=5, max_overflow=5, isolation_level="AUTOCOMMIT", pool_reset_on_return=None,
            hide_parameters=True,
            connect_args={"options": "-c synchronous_commit=off"},
        )  # fmt: skip
        current_app.extensions["reply_text_engine"] = found
    return found
