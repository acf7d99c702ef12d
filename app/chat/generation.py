"""Generating one reply: read the conversation, ask, show what is proven, end it once."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import current_app
from sqlalchemy import Connection, select

from app.ai.calls import CallMeter, keep_calls, lost_call
from app.ai.failover import Chain
from app.ai.port import Provider
from app.assistant.amounts import amounts_in
from app.assistant.brief import LeadBrief, StoreBrief, lead_brief, store_brief
from app.assistant.loop import NoAnswer, Piece, answer
from app.assistant.prompt import VERSION, build_prompt, turns_of
from app.assistant.proof import Gate
from app.assistant.toolbox import Toolbox
from app.chat import leases, replies, sms_text, words
from app.chat.holding import hand_over
from app.chat.models import Message, Reply
from app.chat.quick import quick
from app.db import db
from app.lib import clock
from app.ops.metrics import REPLIES, REPLY_FIRST_SECONDS

log = logging.getLogger(__name__)

ProvidersFor = Callable[[StoreBrief], Sequence[Provider]]

SHOW_EVERY_SECONDS = 0.25
MOST_TURNS = 40
MOST_ATTEMPTS = 5
SECOND_TRY_SECONDS = 15.0


def generate(reply_id: int, owner: str) -> int | None:
    """Generate one reply to its end. Returns the conversation's next reply, if the customer wrote meanwhile."""
    reply = leases.claim(reply_id, owner, clock.now())
    if reply is None:
        return None
    with quick() as connection:
        lead, messages = lead_brief(reply.lead_id, connection), _read(reply, connection)
        proven = _proven_before(reply.conversation_id, connection)
    store = store_brief(reply.location_id)
    db.session.remove()
    gate = Gate(lead.quoted_amounts | proven, words.unproven_price(lead.language), lead.named_numbers)
    writer = _Writer(reply)
    calls: list[dict[str, Any]] = []
    try:
        if reply.attempt > MOST_ATTEMPTS:
            raise NoAnswer(f"given up after {MOST_ATTEMPTS} attempts")
        _write(reply, store, lead, messages, gate, writer, calls)
        if not writer.text.strip():
            raise NoAnswer("the model had nothing to say")
        following = replies.finish(reply, writer.text, clock.now(), unproven=gate.unproven, calls=calls)
        REPLIES.labels("done").inc()
        return following
    except replies.Silenced:
        REPLIES.labels("silenced").inc()
        return None
    except NoAnswer as error:
        log.warning("no answer for reply %s: %s", reply_id, error)
        return _fail(reply, store, lead.language, writer.text, gate, calls, str(error))
    finally:
        if calls:
            db.session.rollback()
            keep_calls(calls)
            db.session.commit()


def _write(
    reply: leases.Claimed,
    store: StoreBrief,
    lead: LeadBrief,
    messages: Sequence[tuple[str, str]],
    gate: Gate,
    writer: "_Writer",
    calls: list[dict[str, Any]],
) -> None:
    now = clock.now()
    said = frozenset().union(*(amounts_in(text) for author, text in messages if author == "assistant"))
    toolbox = Toolbox(store, lead, lambda reason: hand_over(reply.conversation_id, reason, clock.now()), now, said)
    providers = current_app.extensions["providers_for"](store)

    whose: dict[str, Any] = {
        "company_id": reply.company_id, "location_id": reply.location_id, "reply_id": reply.id,
        "prompt_version": VERSION,
    }  # fmt: skip
    if reply.attempt > 1 and providers:
        calls.append(lost_call(providers[0], **whose, round=len(reply.rounds)))

    def record(call: CallMeter, turn: int) -> None:
        calls.append(call.row(**whose, round=turn))

    prompt = build_prompt(store, lead, turns_of(messages), now)
    if reply.channel == "sms":
        prompt = replace(prompt, system=(*prompt.system, sms_text.RULE))
    chain = Chain(providers, deadline=time.monotonic() + SECOND_TRY_SECONDS)
    progress = answer(prompt, chain, toolbox, gate, said=reply.text, rounds=reply.rounds, record=record)
    try:
        for step in progress:
            if isinstance(step, Piece):
                writer.add(step.text)
            else:
                writer.show()
                replies.keep_round(reply, step.kept, calls)
    finally:
        progress.close()


class _Writer:
    """Shows the answer as it grows: the first words at once, then a few times a second, as an eye needs."""

    def __init__(self, reply: leases.Claimed) -> None:
        self._reply = reply
        self._began = time.monotonic()
        self._shown_at = 0.0
        self.text = reply.text

    def add(self, piece: str) -> None:
        self.text += piece
        if time.monotonic() - self._shown_at >= SHOW_EVERY_SECONDS:
            self.show()

    def show(self) -> None:
        """Show what is not yet shown. Raises Silenced."""
        if self.text.strip() and self.text != self._reply.text:
            replies.show(self._reply, self.text)
            if not self._shown_at:
                REPLY_FIRST_SECONDS.observe(time.monotonic() - self._began)
            self._shown_at = time.monotonic()


def _read(reply: leases.Claimed, connection: Connection) -> list[tuple[str, str]]:
    """The conversation up to now as (author, text), without what this reply has written; moves `to_seq` along."""
    query = select(Message.seq, Message.author, Message.text).where(Message.conversation_id == reply.conversation_id)
    if reply.message_id is not None:
        query = query.where(Message.id != reply.message_id, Message.seq <= max(reply.to_seq, reply.seq))
    rows = connection.execute(query.order_by(Message.seq.desc()).limit(MOST_TURNS)).all()[::-1]
    reply.to_seq = max([reply.to_seq, *(row.seq for row in rows if row.author == "customer")])
    return [(row.author, row.text) for row in rows]


def _proven_before(conversation_id: int, connection: Connection) -> frozenset[int]:
    """The amounts in cents that tools gave in this conversation's earlier answers."""
    query = select(Reply.rounds).where(Reply.conversation_id == conversation_id, Reply.rounds.is_not(None))
    rounds = connection.scalars(query.order_by(Reply.id.desc()).limit(MOST_TURNS))
    return frozenset(cents for kept in rounds for one in kept for cents in one["amounts"])


def _fail(
    reply: leases.Claimed,
    store: StoreBrief,
    language: str | None,
    said: str,
    gate: Gate,
    calls: list[dict[str, Any]],
    error: str,
) -> int | None:
    line = words.no_answer(language, store.name, store.phone)
    whole = f"{said.rstrip()}\n\n{line}" if said.strip() else line
    REPLIES.labels("failed").inc()
    try:
        return replies.finish(reply, whole, clock.now(), unproven=gate.unproven, calls=calls, error=error)
    except replies.Silenced:
        return None
