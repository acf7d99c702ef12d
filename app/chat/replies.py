"""A reply's text in the tables: stored piece by piece, shown once stored, ended once.

The text goes by connections that do not wait for the disk; the whole answer commits durably.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, text, update

from app.ai.calls import keep_calls
from app.chat import feed, outward
from app.chat.events import HandOverAsked
from app.chat.items import Item, State
from app.chat.leases import Claimed
from app.chat.models import Message, Reply
from app.chat.quick import quick
from app.db import Prepared, db
from app.lib.events import publish
from app.live import hub

# The conversation's row is locked first: a takeover that committed before makes the whole statement do nothing.
FIRST_WORDS = Prepared(
    "first_words",
    """
    WITH held AS (
        UPDATE conversations SET last_seq = last_seq + 1, last_message_at = :now
        WHERE id = :conversation_id AND holder = 'assistant'
          AND EXISTS (SELECT FROM replies WHERE id = :reply_id AND attempt = :attempt AND status = 'running')
        RETURNING id, company_id, location_id, last_seq
    ), written AS (
        INSERT INTO messages (company_id, location_id, conversation_id, seq, changed_seq, part, author, channel, status,
                              text, created_at)
        SELECT company_id, location_id, id, last_seq, last_seq, :part, 'assistant', :channel, 'streaming', :text, :now
        FROM held RETURNING id, seq
    ), linked AS (
        UPDATE replies SET message_id = written.id FROM written WHERE replies.id = :reply_id RETURNING replies.id
    )
    SELECT written.id, written.seq, pg_notify('live', jsonb_set(jsonb_set(jsonb_set(CAST(:note AS jsonb),
        '{seq}', to_jsonb(seq)), '{item,seq}', to_jsonb(seq)), '{item,changed_seq}', to_jsonb(seq))::text)
    FROM written, linked
    """,
    conversation_id="bigint", reply_id="bigint", attempt="int", now="timestamptz", part="int", channel="text",
    text="text", note="text",
)  # fmt: skip

MORE_WORDS = Prepared(
    "more_words",
    """
    WITH held AS (
        SELECT id FROM conversations WHERE id = :conversation_id AND holder = 'assistant' FOR NO KEY UPDATE
    ), written AS (
        UPDATE messages SET text = :text, part = :part FROM held, replies
        WHERE messages.id = :message_id AND replies.id = :reply_id AND replies.attempt = :attempt
          AND replies.status = 'running'
        RETURNING messages.id
    )
    SELECT pg_notify('live', :note) FROM written
    """,
    conversation_id="bigint", reply_id="bigint", attempt="int", message_id="bigint", part="int", text="text",
    note="text",
)  # fmt: skip

COULD_NOT = "The assistant could not answer."

# The lead's row before the conversation's, as everywhere.
FINISH = Prepared(
    "finish_reply",
    """
    WITH spoke AS (
        UPDATE leads SET last_ai_at = :now WHERE id = :lead_id RETURNING id
    ), turn AS (
        UPDATE conversations SET last_seq = last_seq + 1, last_message_at = :now,
            waiting_since = CASE WHEN :failed THEN coalesce(waiting_since, :now)
                                 WHEN waiting_reason = :could_not THEN NULL ELSE waiting_since END,
            waiting_reason = CASE WHEN :failed THEN coalesce(waiting_reason, :could_not)
                                  WHEN waiting_reason = :could_not THEN NULL ELSE waiting_reason END
        FROM spoke WHERE conversations.id = :conversation_id AND holder = 'assistant' RETURNING last_seq, waiting_since
    ), ended AS (
        UPDATE replies SET status = CASE WHEN :failed THEN 'failed' ELSE 'done' END, finished_at = :now,
            to_seq = :to_seq, lease_until = NULL, unproven = CAST(:unproven AS jsonb), error = :error
        FROM turn WHERE replies.id = :reply_id AND attempt = :attempt AND status = 'running' RETURNING replies.id
    ), written AS (
        UPDATE messages SET text = :text, status = 'whole', changed_seq = turn.last_seq, card = CAST(:card AS jsonb)
        FROM turn, ended WHERE messages.id = :message_id RETURNING messages.id
    )
    SELECT turn.last_seq, turn.waiting_since FROM turn, ended LEFT JOIN written ON true
    """,
    lead_id="bigint", conversation_id="bigint", reply_id="bigint", attempt="int", message_id="bigint", to_seq="bigint",
    now="timestamptz", text="text", card="text", failed="boolean", error="text", unproven="text", could_not="text",
)  # fmt: skip

# Asked apart from FINISH, which may have waited for a message to commit and would not see it.
NEWER = text("""
    SELECT max(seq) FROM messages WHERE conversation_id = :conversation_id AND author = 'customer' AND seq > :to_seq
""")


class Silenced(Exception):
    """The reply may say no more: staff took over, or another process holds its lease."""


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
    with quick() as connection:
        if reply.message_id is None:
            _first_words(connection, reply, common)
        elif MORE_WORDS.run(connection, **common, message_id=reply.message_id).one_or_none() is None:
            raise Silenced
    shown = feed.note_of(_item(reply, whole_text, "streaming"), state)
    hub().hand_over(feed.feed_name(reply.conversation_id), shown)
    reply.text = whole_text


def keep_round(reply: Claimed, kept: dict[str, Any], calls: list[dict[str, Any]]) -> None:
    """Store a finished round of tools, and the calls that led to it. Commits, and empties `calls`."""
    reply.rounds.append(kept)
    mine = (Reply.id == reply.id, Reply.attempt == reply.attempt)
    db.session.execute(update(Reply).where(*mine).values(rounds=reply.rounds))
    keep_calls(calls)
    db.session.commit()
    calls.clear()


def finish(
    reply: Claimed,
    whole_text: str,
    now: datetime,
    *,
    unproven: list[str],
    calls: list[dict[str, Any]],
    error: str | None = None,
) -> int | None:
    """End the reply with its whole text. Returns the next reply where the customer wrote meanwhile. Raises Silenced.

    `calls` are the rows of its calls to providers that are not yet kept: they are kept with it, and the list emptied.
    Where the customer wrote by SMS or email, the answer is queued for the same way. With `error` the reply has failed:
    `whole_text` then ends with an honest line, and staff are called, until an answer follows.
    """
    whole_text = outward.worded(reply.lead_id, reply.channel, whole_text, reply.language)
    card = _card(reply)
    values = {
        "card": _json(card), "lead_id": reply.lead_id, "to_seq": reply.to_seq,
        "conversation_id": reply.conversation_id, "reply_id": reply.id, "attempt": reply.attempt, "now": now,
        "message_id": reply.message_id, "text": whole_text, "failed": error is not None, "error": error,
        "unproven": _json(unproven), "could_not": COULD_NOT,
    }  # fmt: skip
    row = FINISH.run(db.session.connection(), **values).one_or_none()
    if row is None:
        db.session.rollback()
        raise Silenced
    _call_staff(reply, error, row.waiting_since == now)
    item = _whole_message(reply, row.last_seq, whole_text, now, card)
    if reply.channel != "web":
        outward.carry(reply.conversation_id, item.seq, whole_text)
    newer = _newer(reply, row.last_seq)
    next_id = None if newer is None else _open_next(reply, newer)
    keep_calls(calls)
    hand_over = feed.announce_item(reply.conversation_id, item, _state_after(row, typing=next_id is not None))
    db.session.commit()
    calls.clear()
    hand_over()
    return next_id


def _state_after(row: Any, *, typing: bool) -> State:
    return State(typing=typing, holder="assistant", holder_name=None, waiting=row.waiting_since is not None)


def _call_staff(reply: Claimed, error: str | None, waits_from_now: bool) -> None:
    if error is not None and waits_from_now:
        publish(HandOverAsked(reply.conversation_id, reply.lead_id, COULD_NOT))


def _json(value: object) -> str | None:
    return orjson.dumps(value).decode() if value else None


def _first_words(connection: Connection, reply: Claimed, common: dict[str, Any]) -> None:
    row = FIRST_WORDS.run(connection, **common, now=reply.first_words_at, channel=reply.channel).one_or_none()
    if row is None:
        raise Silenced
    reply.message_id, reply.seq = row.id, row.seq


def _item(reply: Claimed, whole_text: str, status: str) -> Item:
    return Item(
        seq=reply.seq, changed_seq=reply.seq, part=reply.part, author="assistant", author_name=None,
        channel=reply.channel,
        status=status, text=whole_text, client_message_id=None, created_at=reply.first_words_at,
    )  # fmt: skip


def _card(reply: Claimed) -> dict[str, Any] | None:
    """The card that the answer's last tool left to be shown with it."""
    return next((kept["card"] for kept in reversed(reply.rounds) if "card" in kept), None) or None


def _whole_message(reply: Claimed, seq: int, whole_text: str, now: datetime, card: dict[str, Any] | None) -> Item:
    if reply.message_id is not None:
        return replace(_item(reply, whole_text, "whole"), changed_seq=seq, card=card)
    message = Message(
        company_id=reply.company_id, location_id=reply.location_id, conversation_id=reply.conversation_id,
        seq=seq, changed_seq=seq, author="assistant", channel=reply.channel, text=whole_text, status="whole",
        created_at=now, **({"card": card} if card else {}),
    )  # fmt: skip
    db.session.add(message)
    db.session.flush()
    db.session.execute(update(Reply).where(Reply.id == reply.id).values(message_id=message.id))
    return Item(**{name: getattr(message, name) for name in Item.__slots__})


def _newer(reply: Claimed, last_seq: int) -> int | None:
    """The customer's newest message that this reply has not read."""
    own = 2 if reply.seq > reply.to_seq else 1
    if last_seq == reply.to_seq + own:
        return None  # every message takes a number: there is none that is not this reply's
    return db.session.scalar(NEWER, {"conversation_id": reply.conversation_id, "to_seq": reply.to_seq})


def _open_next(reply: Claimed, to_seq: int) -> int:
    """Open the reply to what the customer wrote after this one had read."""
    following = Reply(
        company_id=reply.company_id, location_id=reply.location_id, conversation_id=reply.conversation_id,
        to_seq=to_seq, lease_until=text("clock_timestamp() + interval '3 seconds'"),
    )  # fmt: skip
    db.session.add(following)
    db.session.flush()
    return following.id
