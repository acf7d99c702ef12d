"""Writing to a conversation: customers, staff, the system. Every writer takes the conversation row first.

Lock order is lead, conversation. Each function commits: what is returned is stored and announced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.chat import feed, outward
from app.chat.items import Item, State
from app.chat.message_rules import clean
from app.chat.models import Conversation, Message, Reply
from app.chat.thread import COLUMNS, message_by_client_id
from app.db import Prepared, db
from app.leads.events import LeadEngaged
from app.leads.models import Lead
from app.leads.stages import STAGES, advanced
from app.lib.events import publish
from app.messaging.segments import plain

PENDING_LEASE = text("clock_timestamp() + interval '3 seconds'")
ENGAGING = [stage for stage in STAGES if advanced(stage, "engaged") != stage]

# One round trip for what every message costs, the lead's row before the conversation's. A repeated message writes
# nothing, and all is then rolled back.
POST = Prepared(
    "post_message",
    """
    WITH engaged AS (
        UPDATE leads SET first_engaged_at = coalesce(first_engaged_at, :now),
            stage = CASE WHEN stage = ANY(:engaging) THEN 'engaged' ELSE stage END
        WHERE id = :lead_id AND :engages AND (first_engaged_at IS NULL OR stage = ANY(:engaging))
        RETURNING closed_reason
    ), turn AS (
        UPDATE conversations
        SET last_seq = last_seq + 1, last_message_at = :now, language = coalesce(language, :language)
        FROM (SELECT count(*) AS engaged, max(closed_reason) AS lost FROM engaged) AS first
        WHERE conversations.id = :conversation_id
        RETURNING id, company_id, location_id, last_seq, holder, holder_name, waiting_since, first.engaged, first.lost
    ), written AS (
        INSERT INTO messages (company_id, location_id, conversation_id, seq, changed_seq, part, author, channel, status,
                              text, client_message_id, from_address, created_at)
        SELECT company_id, location_id, id, last_seq, last_seq, 0, 'customer', :channel, 'whole', :message,
               :client_message_id, :from_address, :now
        FROM turn ON CONFLICT (conversation_id, client_message_id) DO NOTHING RETURNING seq
    ), opened AS (
        INSERT INTO replies (company_id, location_id, conversation_id, to_seq, lease_until)
        SELECT company_id, location_id, id, last_seq, clock_timestamp() + interval '3 seconds'
        FROM turn, written WHERE holder = 'assistant' AND :answered
        ON CONFLICT (conversation_id) WHERE status IN ('pending', 'running') DO NOTHING RETURNING id AS reply_id
    )
    SELECT turn.*, written.seq, opened.reply_id
    FROM turn LEFT JOIN written ON true LEFT JOIN opened ON true
    """,
    conversation_id="bigint", lead_id="bigint", message="text", client_message_id="text", channel="text",
    language="text", from_address="text", engaging="text[]", engages="boolean", answered="boolean", now="timestamptz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Posted:
    """A stored message; `reply_id` is the open reply that will answer it, None where staff hold the thread.

    `answered` is False where nobody is asked to answer it: it was heeded.
    """

    item: Item
    state: State
    reply_id: int | None
    is_new: bool
    answered: bool = True


def open_conversation(lead: Lead) -> Conversation:
    """The lead's one conversation, made if need be. Flushes."""
    query = select(Conversation).where(Conversation.lead_id == lead.id)
    found = db.session.scalar(query)
    if found is None:
        language = lead.customer.language if lead.customer else None
        values = {
            "company_id": lead.company_id,
            "location_id": lead.location_id,
            "lead_id": lead.id,
            "language": language,
        }
        db.session.execute(upsert(Conversation).values(values).on_conflict_do_nothing(index_elements=["lead_id"]))
        found = db.session.scalars(query).one()
    return found


def post_customer_message(
    conversation_id: int,
    lead_id: int,
    message: str,
    client_message_id: str,
    channel: str,
    now: datetime,
    language: str | None = None,
    *,
    from_address: str | None = None,
    engages: bool = True,
    answered: bool = True,
) -> Posted:
    """Store the customer's message once, engage the lead, and open a reply unless one is open or staff hold the thread.

    The same `client_message_id` again returns the message that is there. `language` is kept where the conversation's
    is not known yet. `from_address` is where an SMS or email came from. A bare STOP neither `engages` the lead nor is
    it `answered` by the assistant. Raises MessageRefused.
    """
    message = clean(message)
    whose = {"conversation_id": conversation_id, "lead_id": lead_id, "engaging": ENGAGING, "language": language}
    values = {"message": message, "client_message_id": client_message_id, "channel": channel, "now": now}
    wanted = {"from_address": from_address, "engages": engages, "answered": answered}
    row = POST.run(db.session.connection(), **whose, **values, **wanted).one()
    if row.seq is None:
        known = message_by_client_id(conversation_id, client_message_id)
        db.session.rollback()
        assert known is not None
        return Posted(known, state_of(row, typing=False), None, is_new=False, answered=answered)
    item = Item(
        seq=row.seq, changed_seq=row.seq, part=0, author="customer", author_name=None, channel=channel, status="whole",
        text=message, client_message_id=client_message_id, created_at=now,
    )  # fmt: skip
    if row.engaged:
        publish(LeadEngaged(lead_id, was_lost=row.lost is not None))
    awaited = answered and row.holder == "assistant"
    state = state_of(row, typing=awaited and (row.reply_id is not None or not _is_writing(conversation_id)))
    commit(conversation_id, item, state)
    return Posted(item, state, row.reply_id, is_new=True, answered=answered)


def post_system_line(
    conversation_id: int,
    line: str,
    now: datetime,
    *,
    cut: Sequence[Item] = (),
    answer_to: int | None = None,
    carried: bool = False,
) -> int | None:
    """Store a line of the house itself, such as who joined, and commit it with whatever the caller changed before.

    `cut` are messages that the caller changed under the same feed number. `answer_to` opens a reply to that message;
    its id is returned. `carried` also sends it by the way that the customer wrote last.
    """
    row = next_seq(conversation_id, now)
    item = write(row, author="system", message=line, now=now)
    if carried:
        outward.carry(conversation_id, item.seq, plain(line))
    reply_id, typing = (None, _is_pending(conversation_id)) if answer_to is None else _open_reply(row, answer_to)
    hand_overs = [feed.announce_item(conversation_id, changed, None) for changed in cut]
    hand_overs.append(feed.announce_item(conversation_id, item, state_of(row, typing=typing)))
    db.session.commit()
    for hand_over in hand_overs:
        hand_over()
    return reply_id


def lock_lead(lead_id: int) -> None:
    """Take the lead's row, as everything does that can stop a send."""
    db.session.execute(select(Lead.id).where(Lead.id == lead_id).with_for_update(key_share=True))


def next_seq(conversation_id: int, now: datetime) -> Any:
    """Lock the conversation and take the feed's next number; the number is kept only if the transaction commits."""
    change = {"last_seq": Conversation.last_seq + 1, "last_message_at": now}
    returning = (
        Conversation.id, Conversation.company_id, Conversation.location_id, Conversation.last_seq,
        Conversation.holder, Conversation.holder_name, Conversation.waiting_since,
    )  # fmt: skip
    return db.session.execute(conversation(conversation_id).values(change).returning(*returning)).one()


def conversation(conversation_id: int) -> Any:
    """An update of that conversation."""
    return update(Conversation).where(Conversation.id == conversation_id)


def write(row: Any, *, author: str, message: str, now: datetime, **given: Any) -> Item:
    """Write a message at the number that `row` has taken."""
    values = {
        "company_id": row.company_id, "location_id": row.location_id, "conversation_id": row.id,
        "seq": row.last_seq, "changed_seq": row.last_seq, "author": author, "text": message, "created_at": now, **given,
    }  # fmt: skip
    return Item.from_row(db.session.execute(insert(Message).values(values).returning(*COLUMNS)).one())


def _open_reply(row: Any, to_seq: int) -> tuple[int | None, bool]:
    """Open a reply, or leave the burst to the one that is open: it reads this message too, or a next one follows it."""
    values = {
        "company_id": row.company_id, "location_id": row.location_id, "conversation_id": row.id,
        "to_seq": to_seq, "lease_until": PENDING_LEASE,
    }  # fmt: skip
    opened = (
        upsert(Reply)
        .values(values)
        .on_conflict_do_nothing(
            index_elements=["conversation_id"], index_where=Reply.status.in_(("pending", "running"))
        )
    )
    reply_id = db.session.scalar(opened.returning(Reply.id))
    return reply_id, reply_id is not None or not _is_writing(row.id)


def _is_writing(conversation_id: int) -> bool:
    writing = select(Message.id).where(Message.conversation_id == conversation_id, Message.status == "streaming")
    return db.session.scalar(writing) is not None


def _is_pending(conversation_id: int) -> bool:
    query = select(Reply.id).where(Reply.conversation_id == conversation_id, Reply.status == "pending")
    return db.session.scalar(query) is not None


def state_of(row: Any, *, typing: bool) -> State:
    """What stands below the messages."""
    return State(typing=typing, holder=row.holder, holder_name=row.holder_name, waiting=row.waiting_since is not None)


def commit(conversation_id: int, item: Item, state: State) -> None:
    """Announce the message, commit, and hand it to this process's watchers."""
    hand_over = feed.announce_item(conversation_id, item, state)
    db.session.commit()
    hand_over()
