"""The answer follows: what no provider could answer is asked again, later and later, until one can or staff have.

The first failure told the customer and called staff; a follow-up that fails says nothing more.
"""

from typing import Any

from sqlalchemy import text

from app.ai.port import AssistantTurn, CustomerTurn, ProviderError, Turn
from app.assistant.loop import NoAnswer
from app.chat.leases import Claimed
from app.db import db

WAITS = (20, 60, 180, 600, 1800, 3600)  # seconds to the next try; then it is left to staff
ANSWER_NOW = (
    "[Your last message could not be an answer, or stopped short. "
    "Answer what the customer wrote last, whole, and do not mention this note.]"
)

MARK = text("""
    UPDATE replies SET follow_up_at = clock_timestamp() + :wait * interval '1 second'
    WHERE id = :reply_id AND attempt = :attempt AND status = 'running'
""")

FAIL = text("""
    UPDATE replies SET status = 'failed', finished_at = clock_timestamp(), lease_until = NULL, error = :error
    WHERE id = :reply_id AND attempt = :attempt AND status = 'running'
""")

# The newest reply of a conversation that the assistant holds: else somebody has answered, or will.
DUE = text("""
    UPDATE replies SET follow_up_at = NULL
    FROM (
        SELECT id FROM replies WHERE follow_up_at <= clock_timestamp() AND status = 'failed'
        ORDER BY follow_up_at LIMIT 20 FOR UPDATE SKIP LOCKED
    ) AS due, conversations
    WHERE replies.id = due.id AND conversations.id = replies.conversation_id
    RETURNING replies.*, conversations.holder = 'assistant' AND NOT EXISTS (
        SELECT FROM replies AS later WHERE later.conversation_id = replies.conversation_id AND later.id > replies.id
    ) AS still_open
""")

AGAIN = text("""
    INSERT INTO replies (company_id, location_id, conversation_id, to_seq, follow_up, lease_until)
    VALUES (:company_id, :location_id, :conversation_id, :to_seq, :follow_up,
            clock_timestamp() + interval '3 seconds')
    ON CONFLICT (conversation_id) WHERE status IN ('pending', 'running') DO NOTHING RETURNING id
""")


def answerable(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """Turns that end with the customer's side, as providers want them."""
    if turns and isinstance(turns[-1], AssistantTurn):
        return (*turns, CustomerTurn(ANSWER_NOW))
    return turns


def follow_later(reply: Claimed, error: NoAnswer) -> None:
    """Have the reply followed up, if it failed for want of a provider. Commits."""
    outage = isinstance(error.__cause__, ProviderError) and error.__cause__.kind != "invalid"
    if not outage or reply.follow_up >= len(WAITS):
        return
    db.session.execute(MARK, {"reply_id": reply.id, "attempt": reply.attempt, "wait": WAITS[reply.follow_up]})
    db.session.commit()


def fail_quietly(reply: Claimed, error: str) -> None:
    """End a follow-up that could not answer either: the customer knows already, and staff are called. Commits."""
    db.session.execute(FAIL, {"reply_id": reply.id, "attempt": reply.attempt, "error": error})
    db.session.commit()


def reopened() -> list[int]:
    """Open a new reply where it is time to ask again; their ids, for whoever generates them. Commits."""
    due = db.session.execute(DUE).all()
    opened = [reply_id for row in due if row.still_open and (reply_id := _again(row)) is not None]
    db.session.commit()
    return opened


def _again(row: Any) -> int | None:
    given = {
        "company_id": row.company_id, "location_id": row.location_id, "conversation_id": row.conversation_id,
        "to_seq": row.to_seq, "follow_up": row.follow_up + 1,
    }  # fmt: skip
    return db.session.scalar(AGAIN, given)
