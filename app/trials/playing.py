"""Letting a scripted customer talk to the assistant, the whole way through the chat as it is in production."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

from flask import Flask
from sqlalchemy import select, text

from app import chat
from app.ai.port import Provider
from app.booking.history import when
from app.chat import inbound_sms
from app.chat.generation import generate
from app.chat.models import Reply
from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.messaging.port import Unplaced
from app.trials.casting import Cast, Person, person_of
from app.trials.record import Record, State, record_of, state_of
from app.trials.scenario import Turn

MOST_ANSWERS = 6
# What a try leaves behind may not stand in the next one's way: bays that are taken, money that is spent.
SWEEP = (
    text("UPDATE appointments SET status = 'expired' WHERE status IN ('held', 'booked')"),
    text("UPDATE provider_calls SET cost = NULL, cost_estimate = NULL WHERE coalesce(cost_estimate, cost) > 0"),
)
NO_TIME = "Which times do you have?"


@runtime_checkable
class Prompted(Protocol):
    """A scripted model is told what a good one would do about the customer's next turn."""

    def told(self, turn: Turn, cast: Cast, values: Mapping[str, str]) -> None: ...


def play(app: Flask, cast: Cast, provider: Provider, others: tuple[Provider, ...] = ()) -> Record:
    """One try of the scenario with that provider answering, `others` standing in. Raises NotThere."""
    app.extensions["providers_for"] = lambda store: (provider, *others)
    now = cast.local_now.astimezone(UTC)
    with _at(now):
        person = person_of(cast)
        states: list[State] = []
        try:
            for turn in cast.scenario.turns:
                now += timedelta(hours=turn.wait_hours, minutes=1)
                with _at(now):
                    states += _turn(cast, person, turn, states, provider, now)
            return record_of(person.lead_id, states, person.values)
        finally:
            db.session.rollback()
            for statement in SWEEP:
                db.session.execute(statement)
            db.session.commit()


@contextmanager
def _at(now: datetime) -> Iterator[None]:
    with clock.standing_at(now):
        yield


def _turn(
    cast: Cast, person: Person, turn: Turn, before: list[State], provider: Provider, now: datetime
) -> Iterator[State]:
    state = before[-1] if before else state_of(person.lead_id, person.phone, now)
    for _ in range(turn.most):
        if turn.until is not None and state.has(turn.until):
            return
        values = {**person.values, **_times(state)}
        if isinstance(provider, Prompted):
            provider.told(turn, cast, values)
        for said in turn.say:
            if "time}" in said and "time" not in values:
                said = NO_TIME  # nothing was offered: whoever wants to come asks again
            _say(cast, person, turn.by, said.format_map(values), now)
        _answer(person.conversation_id)
        state = state_of(person.lead_id, person.phone, now)
        yield state


def _times(state: State) -> dict[str, str]:
    """The first time that is offered, and another one, as a person would write them."""
    if not state.offered:
        return {}
    first, last = (datetime.fromisoformat(state.offered[at]) for at in (0, -1))
    return {"time": when(first), "other_time": when(last), "time_key": first.isoformat(), "other_key": last.isoformat()}


def _say(cast: Cast, person: Person, by: str, said: str, now: datetime) -> None:
    if by == "sms":
        number = db.session.get_one(Location, cast.location_id).phone or ""
        payload = {"MessageSid": f"SM{uuid.uuid4().hex}", "From": person.phone, "To": number, "Body": said}
        db.session.rollback()
        try:
            inbound_sms.on_text("trial", payload, now, now)
        except Unplaced as error:
            raise AssertionError(f"a trial's text found no lead: {error}") from error
        return
    chat.post_customer_message(
        person.conversation_id, person.lead_id, said, uuid.uuid4().hex, "web", now, cast.scenario.language
    )


def _answer(conversation_id: int) -> None:
    """Generate what is owed, to the end."""
    for _ in range(MOST_ANSWERS):
        due = select(Reply.id).where(Reply.conversation_id == conversation_id, Reply.status == "pending")
        reply_id = db.session.scalar(due)
        db.session.rollback()
        if reply_id is None:
            return
        generate(reply_id, "trials")
