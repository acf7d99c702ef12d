"""Generating replies: apart from any connection, in whichever process has the lease, until the answer is whole.

`start` runs a reply on a thread of its own (a greenlet under gunicorn). Each process keeps the leases of what it
generates and picks up what others left behind.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask import Flask, current_app
from sqlalchemy import select

from app.ai.calls import CallMeter
from app.ai.failover import Chain
from app.ai.port import Provider
from app.assistant.brief import LeadBrief, StoreBrief, lead_brief, store_brief
from app.assistant.loop import NoAnswer, Piece, answer
from app.assistant.prompt import VERSION, build_prompt, turns_of
from app.assistant.proof import Gate, amounts_in
from app.assistant.toolbox import Toolbox
from app.chat import replies
from app.chat.holding import hand_over
from app.chat.models import Message
from app.db import db
from app.lib import clock

log = logging.getLogger(__name__)

ProvidersFor = Callable[[StoreBrief], Sequence[Provider]]

KEEP_SECONDS = 1.5
SHOW_EVERY_SECONDS = 0.2
MOST_TURNS = 40
MOST_ATTEMPTS = 5
SECOND_TRY_SECONDS = 15.0
HONEST_PRICE = "I'd rather have the store confirm that price for you."
HONEST_SILENCE = "I'm sorry, I can't answer right now. I've asked the team at {store} to help you here{call}."


@dataclass(slots=True)
class Generator:
    """This process's generating: who it is, what runs, and whether it keeps leases yet."""

    app: Flask
    owner: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    running: set[int] = field(default_factory=set)
    stopping: threading.Event = field(default_factory=threading.Event)
    keeper: threading.Thread | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


def init_generation(app: Flask, providers_for: ProvidersFor) -> None:
    """Give the process its generator. `providers_for` chooses a store's providers, the first one first."""
    app.extensions["generator"] = Generator(app)
    app.extensions["providers_for"] = providers_for


def start(reply_id: int) -> None:
    """Generate the reply in the background."""
    generator = _generator()
    with generator.lock:
        if generator.stopping.is_set() or reply_id in generator.running:
            return
        generator.running.add(reply_id)
    keep_leases()
    threading.Thread(target=_run, args=(generator, reply_id), name=f"reply-{reply_id}", daemon=True).start()


def keep_leases() -> None:
    """Start keeping this process's leases, and taking over replies that others left behind."""
    generator = _generator()
    with generator.lock:
        if generator.keeper is None:
            generator.keeper = threading.Thread(target=_keep, args=(generator,), name="keep-leases", daemon=True)
            generator.keeper.start()


def take_over_expired() -> int:
    """Start every open reply whose lease has run out; returns how many."""
    found = replies.expired()
    for reply_id in found:
        start(reply_id)
    return len(found)


def drain(app: Flask, seconds: float) -> None:
    """Let running replies end before the process does; what is left after `seconds` another process takes over."""
    generator: Generator = app.extensions["generator"]
    deadline = time.monotonic() + seconds
    while generator.running and time.monotonic() < deadline:
        time.sleep(0.02)
    generator.stopping.set()
    if generator.keeper is not None:
        generator.keeper.join(2)


def _run(generator: Generator, reply_id: int) -> None:
    with generator.app.app_context():
        try:
            following: int | None = reply_id
            while following is not None:
                following = generate(following, generator.owner)
                if following is not None:
                    generator.running.add(following)
        except Exception:
            log.exception("reply %s broke; its lease will run out and it is tried again", reply_id)
        finally:
            db.session.remove()
            generator.running.discard(reply_id)


def _keep(generator: Generator) -> None:
    with generator.app.app_context():
        while not generator.stopping.wait(KEEP_SECONDS):
            try:
                if generator.running:
                    replies.renew(generator.owner, list(generator.running))
                take_over_expired()
            except Exception:
                log.exception("leases could not be kept; trying again")
            finally:
                db.session.remove()


def generate(reply_id: int, owner: str) -> int | None:
    """Generate one reply to its end. Returns the conversation's next reply, if the customer wrote meanwhile."""
    reply = replies.claim(reply_id, owner, clock.now())
    if reply is None:
        return None
    store, lead = store_brief(reply.location_id), lead_brief(reply.lead_id)
    messages = _read(reply)
    db.session.remove()
    known = lead.quoted_amounts.union(*(amounts_in(text) for author, text in messages if author == "assistant"))
    gate = Gate(known, HONEST_PRICE)
    writer = _Writer(reply)
    try:
        if reply.attempt > MOST_ATTEMPTS:
            raise NoAnswer(f"given up after {MOST_ATTEMPTS} attempts")
        _write(reply, store, lead, messages, gate, writer)
        return replies.finish(reply, writer.text, clock.now(), unproven=gate.unproven)
    except replies.Silenced:
        return None
    except NoAnswer as error:
        log.warning("no answer for reply %s: %s", reply_id, error)
        return _fail(reply, store, writer.text, gate, str(error))


def _write(
    reply: replies.Claimed,
    store: StoreBrief,
    lead: LeadBrief,
    messages: Sequence[tuple[str, str]],
    gate: Gate,
    writer: "_Writer",
) -> None:
    now = clock.now()
    said = frozenset().union(*(amounts_in(text) for author, text in messages if author == "assistant"))
    toolbox = Toolbox(store, lead, lambda reason: hand_over(reply.conversation_id, reason, clock.now()), now, said)
    providers = current_app.extensions["providers_for"](store)

    def record(call: CallMeter, turn: int) -> None:
        call.record(
            company_id=reply.company_id,
            location_id=reply.location_id,
            reply_id=reply.id,
            round=turn,
            prompt_version=VERSION,
        )

    prompt = build_prompt(store, lead, turns_of(messages), now)
    chain = Chain(providers, deadline=time.monotonic() + SECOND_TRY_SECONDS)
    progress = answer(prompt, chain, toolbox, gate, said=reply.text, rounds=reply.rounds, record=record)
    try:
        for step in progress:
            if isinstance(step, Piece):
                writer.add(step.text)
            else:
                writer.show()
                replies.keep_round(reply, step.kept)
    finally:
        progress.close()


class _Writer:
    """Shows the answer as it grows: the first words at once, then a few times a second, as an eye needs."""

    def __init__(self, reply: replies.Claimed) -> None:
        self._reply = reply
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
            self._shown_at = time.monotonic()


def _read(reply: replies.Claimed) -> list[tuple[str, str]]:
    """The conversation up to now as (author, text), without what this reply has written; moves `to_seq` along."""
    query = select(Message.seq, Message.author, Message.text).where(Message.conversation_id == reply.conversation_id)
    if reply.message_id is not None:
        query = query.where(Message.id != reply.message_id, Message.seq <= max(reply.to_seq, reply.seq))
    rows = db.session.execute(query.order_by(Message.seq.desc()).limit(MOST_TURNS)).all()[::-1]
    reply.to_seq = max([reply.to_seq, *(row.seq for row in rows if row.author == "customer")])
    return [(row.author, row.text) for row in rows]


def _fail(reply: replies.Claimed, store: StoreBrief, said: str, gate: Gate, error: str) -> int | None:
    call = f", or call {store.phone}" if store.phone else ""
    line = HONEST_SILENCE.format(store=store.name, call=call)
    whole = f"{said.rstrip()}\n\n{line}" if said.strip() else line
    try:
        return replies.finish(reply, whole, clock.now(), unproven=gate.unproven, error=error)
    except replies.Silenced:
        return None


def _generator() -> Generator:
    found: Generator = current_app.extensions["generator"]
    return found
