"""Who generates a reply: whoever holds its lease. One that has run out is for anybody to take."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from app.chat.quick import quick

LEASE = "interval '6 seconds'"

CLAIM = text(f"""
    UPDATE replies SET status = 'running', attempt = attempt + 1, lease_owner = :owner,
        lease_until = clock_timestamp() + {LEASE}
    FROM conversations
    WHERE replies.id = :reply_id AND conversations.id = conversation_id
      AND (status = 'pending' OR (status = 'running' AND lease_until < clock_timestamp()))
    RETURNING replies.id, replies.company_id, replies.location_id, conversation_id, message_id, attempt, rounds, to_seq,
        lead_id, (
            SELECT channel FROM messages WHERE messages.conversation_id = conversations.id AND author = 'customer'
            ORDER BY seq DESC LIMIT 1
        ) AS channel, conversations.language
""")  # noqa: S608

RENEW = text(f"""
    UPDATE replies SET lease_until = clock_timestamp() + {LEASE}
    WHERE lease_owner = :owner AND status = 'running' AND id = ANY(:reply_ids)
""")  # noqa: S608

EXPIRED = text("""
    SELECT id FROM replies WHERE status IN ('pending', 'running') AND lease_until < clock_timestamp()
    ORDER BY lease_until LIMIT :limit
""")

BEGUN = text("SELECT seq, part, text, created_at FROM messages WHERE id = :message_id")


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
    channel: str = "web"
    language: str | None = None


def claim(reply_id: int, owner: str, now: datetime) -> Claimed | None:
    """Take the reply, unless somebody has it under an unexpired lease or it has ended."""
    with quick() as connection:
        row = connection.execute(CLAIM, {"reply_id": reply_id, "owner": owner}).one_or_none()
        if row is None:
            return None
        begun = connection.execute(BEGUN, {"message_id": row.message_id}).one() if row.message_id else None
    return Claimed(
        row.id, row.company_id, row.location_id, row.conversation_id, row.lead_id, row.attempt, row.to_seq,
        list(row.rounds or []), row.message_id,
        begun.seq if begun else 0, begun.part if begun else 0, begun.text if begun else "",
        begun.created_at if begun else now,
        row.channel or "web", row.language,
    )  # fmt: skip


def renew(owner: str, reply_ids: list[int]) -> None:
    """Keep the leases of what this process is generating."""
    with quick() as connection:
        connection.execute(RENEW, {"owner": owner, "reply_ids": reply_ids})


def expired(limit: int = 20) -> list[int]:
    """Open replies that nobody generates any more."""
    with quick() as connection:
        return list(connection.scalars(EXPIRED, {"limit": limit}))
