"""Who generates a reply: whoever holds its lease. One that has run out is for anybody to take."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from app.chat.quick import quick
from app.db import Prepared

LEASE = "interval '6 seconds'"
MOST_EARLIER = 40

CLAIM = Prepared(
    "claim_reply",
    f"""
    UPDATE replies SET status = 'running', attempt = attempt + 1, lease_owner = :owner,
        lease_until = clock_timestamp() + {LEASE}
    FROM conversations, LATERAL (
        SELECT coalesce(sum(coalesce(cost_estimate, cost)), 0) AS spent,
            coalesce(sum(coalesce(cost_estimate, cost)) FILTER (
                WHERE call.created_at > now() - interval '24 hours'), 0) AS spent_today,
            count(DISTINCT earlier.id) FILTER (
                WHERE earlier.status = 'done' AND earlier.created_at > now() - interval '24 hours') AS turns_today
        FROM replies AS earlier LEFT JOIN provider_calls AS call ON call.reply_id = earlier.id
        WHERE earlier.conversation_id = conversations.id
    ) AS used
    WHERE replies.id = :reply_id AND conversations.id = replies.conversation_id
      AND (replies.status = 'pending' OR (replies.status = 'running' AND replies.lease_until < clock_timestamp()))
    RETURNING replies.id, replies.company_id, replies.location_id, replies.conversation_id, message_id, attempt, rounds,
        to_seq, lead_id, follow_up, used.spent, used.spent_today, used.turns_today,
        conversations.language, conversations.handed_back_seq, (
            SELECT channel FROM messages WHERE messages.conversation_id = conversations.id AND author = 'customer'
            ORDER BY seq DESC LIMIT 1
        ) AS channel, conversations.waiting_since, ARRAY(
            SELECT earlier.rounds FROM replies AS earlier
            WHERE earlier.conversation_id = conversations.id AND earlier.rounds IS NOT NULL
            ORDER BY earlier.id DESC LIMIT {MOST_EARLIER}
        ) AS rounds_before
    """,  # noqa: S608
    reply_id="bigint", owner="text",
)  # fmt: skip

RENEW = text(f"""
    UPDATE replies SET lease_until = clock_timestamp() + {LEASE}
    WHERE lease_owner = :owner AND status = 'running' AND id = ANY(:reply_ids)
""")  # noqa: S608

EXPIRED = text("""
    SELECT id FROM replies WHERE status IN ('pending', 'running') AND lease_until < clock_timestamp()
    ORDER BY lease_until LIMIT 20
""")

BEGUN = text("SELECT seq, part, text, created_at FROM messages WHERE id = :message_id")


@dataclass(slots=True)
class Claimed:
    """A reply that this process generates, with what earlier attempts left, and what its conversation has used up.

    `spent` is dollars, calls that were broken off by their estimate; today is the last 24 hours. `rounds_before` are
    the rounds of tools of the conversation's answers, oldest first; `waiting` says that the team has been called.
    """

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
    follow_up: int
    spent: Decimal
    spent_today: Decimal
    turns_today: int
    channel: str = "web"
    language: str | None = None
    handed_back_seq: int | None = None
    waiting: bool = False
    rounds_before: list[dict[str, Any]] = field(default_factory=list)


def claim(reply_id: int, owner: str, now: datetime) -> Claimed | None:
    """Take the reply, unless somebody has it under an unexpired lease or it has ended."""
    with quick() as connection:
        row = CLAIM.run(connection, reply_id=reply_id, owner=owner).one_or_none()
        if row is None:
            return None
        begun = connection.execute(BEGUN, {"message_id": row.message_id}).one() if row.message_id else None
    return Claimed(
        row.id, row.company_id, row.location_id, row.conversation_id, row.lead_id, row.attempt, row.to_seq,
        list(row.rounds or []), row.message_id,
        begun.seq if begun else 0, begun.part if begun else 0, begun.text if begun else "",
        begun.created_at if begun else now, row.follow_up, row.spent, row.spent_today, row.turns_today,
        row.channel or "web", row.language, row.handed_back_seq, row.waiting_since is not None,
        [one for rounds in reversed(row.rounds_before) for one in rounds or ()],
    )  # fmt: skip


def renew(owner: str, reply_ids: list[int]) -> None:
    """Keep the leases of what this process is generating."""
    with quick() as connection:
        connection.execute(RENEW, {"owner": owner, "reply_ids": reply_ids})


def expired() -> list[int]:
    """Open replies that nobody generates any more."""
    with quick() as connection:
        return list(connection.scalars(EXPIRED))
