"""Generating one reply: read the conversation, ask, show what is proven, end it once."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import current_app
from sqlalchemy import Connection

from app.ai.calls import CallMeter, keep_calls, lost_call
from app.ai.failover import Chain
from app.ai.port import Prompt, Provider
from app.assistant.brief import LeadBrief, StoreBrief, lead_brief, store_brief
from app.assistant.course import Course, course_for
from app.assistant.facts import Learned
from app.assistant.gate import Gate
from app.assistant.loop import NoAnswer, Piece, answer
from app.assistant.prompt import build_prompt, turns_of
from app.assistant.proving import gate_for, known_before
from app.assistant.quotes import mark_shown
from app.assistant.toolbox import Toolbox
from app.assistant.tooling import Desk
from app.assistant.visits import VisitBrief, as_it_stands, visit_brief
from app.assistant.withheld import keep_withheld
from app.chat import leases, replies, sms_text, words
from app.chat.bounds import answer_without_model
from app.chat.following_up import answerable, fail_quietly, follow_later
from app.chat.hearing import heard, last_words, seen_by_staff
from app.chat.holding import hand_over
from app.chat.opening_again import opens_again
from app.chat.quick import quick
from app.db import Prepared, db
from app.lib import clock
from app.ops.metrics import REPLIES, REPLY_FIRST_SECONDS

log = logging.getLogger(__name__)

ProvidersFor = Callable[[StoreBrief], Sequence[Provider]]

SHOW_EVERY_SECONDS = 0.25
MOST_TURNS = 40
MOST_ATTEMPTS = 5
SECOND_TRY_SECONDS = 15.0

# An answer that has begun has read no further than when it began.
SAID = Prepared(
    "said",
    f"""
    SELECT seq, author, text FROM messages
    WHERE conversation_id = :conversation_id AND (:message_id IS NULL OR (id <> :message_id AND seq <= :up_to))
    ORDER BY seq DESC LIMIT {MOST_TURNS}
    """,  # noqa: S608
    conversation_id="bigint", message_id="bigint", up_to="bigint",
)  # fmt: skip


def generate(reply_id: int, owner: str) -> int | None:
    """Generate one reply to its end. Returns the conversation's next reply, if the customer wrote meanwhile."""
    reply = leases.claim(reply_id, owner, clock.now())
    if reply is None:
        return None
    course = course_for(store_brief(reply.location_id), reply.lead_id)
    store = course.store
    db.session.remove()
    with quick() as connection:
        lead, messages = lead_brief(reply.lead_id, connection), _read(reply, connection)
        visit = visit_brief(reply.lead_id, store.timezone, clock.now(), connection)
        known = _known(reply, lead, visit, connection)
    prompt = build_prompt(store, lead, answerable(turns_of(messages)), clock.now(), course.words, visit.wording)
    if reply.channel == "sms":
        prompt = replace(prompt, system=(*prompt.system, sms_text.RULE))
    gate = gate_for(store, lead, known, _of_customer(messages), clock.now(), _honest_line, course.words)
    writer = _Writer(reply, gate)
    calls: list[dict[str, Any]] = []
    try:
        if reply.attempt > MOST_ATTEMPTS:
            raise NoAnswer(f"given up after {MOST_ATTEMPTS} attempts")
        if not writer.settle(answer_without_model(reply, course, lead.language, messages)):
            _write(reply, course, _desk(reply, store, lead, messages), prompt, gate, writer, calls)
        if not writer.text.strip():
            raise NoAnswer("the model had nothing to say")
        return _finish(reply, writer, gate, calls)
    except replies.Silenced:
        REPLIES.labels("silenced").inc()
        return None
    except NoAnswer as error:
        log.warning("no answer for reply %s: %s", reply_id, error)
        follow_later(reply, error)
        return _fail(reply, store, lead.language, writer.text, gate, calls, str(error))
    finally:
        _keep_rest(reply, gate, calls)


def _keep_rest(reply: leases.Claimed, gate: Gate, calls: list[dict[str, Any]]) -> None:
    """Keep the calls that the reply's end has not kept, and what was not let through."""
    if not calls and not gate.withheld:
        return
    db.session.rollback()
    keep_calls(calls)
    keep_withheld(
        gate.withheld, company_id=reply.company_id, location_id=reply.location_id, lead_id=reply.lead_id,
        reply_id=reply.id,
    )  # fmt: skip
    db.session.commit()


def _of_customer(messages: Sequence[tuple[str, str]]) -> list[str]:
    return [text for author, text in messages if author == "customer"]


def _honest_line(kind: str, language: str) -> str:
    """What stands in for a sentence that could not be proven."""
    return words.unproven_price(language) if kind == "price" else words.unproven(language)


def _unproven(gate: Gate) -> list[str]:
    return [one.failure.sentence.strip() for one in gate.withheld]


def _desk(reply: leases.Claimed, store: StoreBrief, lead: LeadBrief, messages: Sequence[tuple[str, str]]) -> Desk:
    return Desk(
        store, lead, clock.now(), lambda reason: hand_over(reply.conversation_id, reason, clock.now()),
        seen_by_staff(reply.to_seq, reply.handed_back_seq), last_words(messages),
    )  # fmt: skip


def _write(
    reply: leases.Claimed,
    course: Course,
    desk: Desk,
    prompt: Prompt,
    gate: Gate,
    writer: "_Writer",
    calls: list[dict[str, Any]],
) -> None:
    providers = current_app.extensions["providers_for"](course.store)

    whose: dict[str, Any] = {
        "company_id": reply.company_id, "location_id": reply.location_id, "reply_id": reply.id,
        "prompt_version": course.prompt_version, "variant": course.variant,
    }  # fmt: skip
    if reply.attempt > 1 and providers:
        calls.append(lost_call(providers[0], prompt, reply.text, **whose, round=len(reply.rounds)))

    def record(call: CallMeter, turn: int) -> None:
        calls.append(call.row(**whose, round=turn))

    chain = Chain(providers, deadline=time.monotonic() + SECOND_TRY_SECONDS)
    progress = answer(prompt, chain, Toolbox(desk), gate, said=reply.text, rounds=reply.rounds, record=record)
    try:
        for step in progress:
            if isinstance(step, Piece):
                writer.add(step.text, last=step.last)
            else:
                writer.show()
                replies.keep_round(reply, step.kept, calls)
    finally:
        progress.close()


class _Writer:
    """Shows the answer as it grows: the first words at once, then a few times a second, as an eye needs."""

    def __init__(self, reply: leases.Claimed, gate: Gate) -> None:
        self._reply, self._gate = reply, gate
        self._began = time.monotonic()
        self._shown_at = 0.0
        self.text = reply.text

    def add(self, piece: str, *, last: bool = False) -> None:
        """Take more of the answer. The last words are shown with its end, a moment later, unless they are the first."""
        self.text += piece
        if time.monotonic() - self._shown_at >= SHOW_EVERY_SECONDS and not (last and self._shown_at):
            self.show()

    def settle(self, whole: str | None) -> bool:
        """Take a whole answer that needs no model, unless there is none."""
        self.text = whole or self.text
        return whole is not None

    def show(self) -> None:
        """Show what is not yet shown. Raises Silenced."""
        if self.text.strip() and self.text != self._reply.text:
            self.keep_prices()
            replies.show(self._reply, self.text)
            if not self._shown_at:
                REPLY_FIRST_SECONDS.observe(time.monotonic() - self._began)
            self._shown_at = time.monotonic()

    def keep_prices(self) -> None:
        """What is about to be shown of prices is the customer's from now on."""
        prices = self._gate.prices_shown()
        if prices:
            with quick() as connection:
                mark_shown(self._reply.lead_id, prices, clock.now(), connection)


def _read(reply: leases.Claimed, connection: Connection) -> list[tuple[str, str]]:
    """The conversation up to now as (author, text), without what this reply has written; moves `to_seq` along."""
    whose = {"conversation_id": reply.conversation_id, "message_id": reply.message_id}
    rows = SAID.run(connection, **whose, up_to=max(reply.to_seq, reply.seq)).all()[::-1]
    reply.to_seq = max([reply.to_seq, *(row.seq for row in rows if row.author == "customer")])
    return heard(rows, reply.handed_back_seq)


def _finish(reply: leases.Claimed, writer: "_Writer", gate: Gate, calls: list[dict[str, Any]]) -> int | None:
    writer.keep_prices()
    following = replies.finish(reply, writer.text, clock.now(), unproven=_unproven(gate), calls=calls)
    REPLIES.labels("done").inc()
    return following


def _known(reply: leases.Claimed, lead: LeadBrief, visit: VisitBrief, connection: Connection) -> list[Learned]:
    """What may be said before a tool is asked: what earlier answers proved, and the visit as it stands."""
    return as_it_stands(known_before(lead, reply.rounds_before, reply.waiting, connection), visit)


def _fail(
    reply: leases.Claimed,
    store: StoreBrief,
    language: str | None,
    said: str,
    gate: Gate,
    calls: list[dict[str, Any]],
    error: str,
) -> int | None:
    if reply.follow_up and not said.strip():
        fail_quietly(reply, error)
        return None
    line = words.no_answer(language, store.name, store.phone, opens_again(store.location_id, clock.now()))
    whole = f"{said.rstrip()}\n\n{line}" if said.strip() else line
    REPLIES.labels("failed").inc()
    try:
        return replies.finish(reply, whole, clock.now(), unproven=_unproven(gate), calls=calls, error=error)
    except replies.Silenced:
        return None
