"""A fault at every event of both wire protocols: the customer reads one whole answer, and no tool runs twice.

The model answers by script, and goes on where it is asked to, so that the answer has one right text. Two rounds: some
words and a tool, then the rest.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.ai.failover import CONTINUE
from app.ai.models import ProviderCall
from app.ai.streaming import Timeouts
from app.chat import generation, posting
from app.chat.models import Message, Reply
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from tests.ai.helpers import WIRES, a_provider
from tests.chat.conftest import Scene
from tests.factories.chat import make_conversation
from tests.factories.leads import make_lead
from tests.wire.llm_script import WIRES as WIRE_CLASSES
from tests.wire.llm_script import Step, events_of
from tests.wire.llm_server import (
    Ask,
    Broken,
    Cut,
    End,
    Fault,
    Garbage,
    LlmServer,
    Recorded,
    Refuse,
    Stop,
    Wait,
    refusal,
    words,
)  # fmt: skip

pytestmark = pytest.mark.soak

ROUNDS = ("Let me ask the team. One moment please.", "They will join you here soon. Is there anything else?")
WHOLE = f"{ROUNDS[0]}\n\n{ROUNDS[1]}"
TOOL = Ask("t1", "hand_over", ('{"rea', 'son": "wants', ' a person"', "}"))
PATIENCE = Timeouts(connect=2, first_token=0.25, stall=0.25, whole=5)
FULL = os.environ.get("TEST_SCALE") == "full"
SAMPLE = 48

SCRIPTS = ([*words(ROUNDS[0]), TOOL, Stop("tools")], [*words(ROUNDS[1]), Stop("end")])


@dataclass(frozen=True)
class Case:
    """The first provider breaks in that round: after so many events, or with a refusal before any."""

    wire: str
    round: int
    after: int
    fault: Step

    def __str__(self) -> str:
        return f"{self.wire}, round {self.round}, after {self.after} events: {self.fault}"


def all_cases() -> list[Case]:
    cases = []
    for wire in WIRES:
        refusals = [
            refusal(wire, 429, "rate_limit_error"), refusal(wire, 529, "overloaded_error"), Cut(), Wait(1),
            refusal(wire, 500, "api_error"), refusal(wire, 401, "authentication_error"),
            refusal(wire, 404, "not_found_error"),
        ]  # fmt: skip
        for number, script in enumerate(SCRIPTS):
            codec = WIRE_CLASSES[wire]("m")
            events = len([*codec.start(), *(event for step in script for event in events_of(codec, step))])
            cases += [Case(wire, number, 0, fault) for fault in refusals]
            for after in range(events):
                faults = (Cut(), End(), Garbage(), Fault(), Fault("rate_limit_error"), Wait(1))
                cases += [Case(wire, number, after, fault) for fault in faults]
    return cases


ALL = all_cases()


def chosen() -> list[Case]:
    return ALL if FULL else random.Random(11).sample(ALL, SAMPLE)


class Model:
    """Answers both wires from one script, going on from what it is told it has said; breaks once, as the case says."""

    def __init__(self) -> None:
        self.case: Case | None = None
        self.broken = 0

    def __call__(self, request: Recorded) -> list[Step]:
        told = str(request.body["messages"])
        number = 1 if "has been asked to join" in told or "already been asked" in told else 0
        said = _said(request) if CONTINUE in told else ""
        script: list[Step] = [
            *words(ROUNDS[number][len(said) :].lstrip()),
            *SCRIPTS[number][-2 if number == 0 else -1 :],
        ]
        case = self.case
        if case and request.wire == case.wire and number == case.round and not self.broken:
            self.broken += 1
            if isinstance(case.fault, Refuse) or (case.after == 0 and isinstance(case.fault, Cut | Wait)):
                return [case.fault, *script]
            return [Broken(case.after, case.fault), *script]
        return script


def _said(request: Recorded) -> str:
    """The assistant's last words in the request: what the customer has seen of this round."""
    last = [message for message in request.body["messages"] if message["role"] == "assistant"][-1]["content"]
    return (last if isinstance(last, str) else "".join(block.get("text", "") for block in last)).lstrip()


@pytest.fixture
def model(scene: Scene) -> Iterator[Model]:
    model = Model()
    with (
        LlmServer() as server,
        a_provider(server, "anthropic", PATIENCE) as claude,
        a_provider(server, "openai", PATIENCE) as gpt,
    ):
        server.default = model
        by_wire = {"anthropic": [claude, gpt], "openai": [gpt, claude]}
        scene.app.extensions["providers_for"] = lambda store: by_wire[model.case.wire if model.case else "anthropic"]
        yield model


def a_conversation(scene: Scene) -> tuple[int, int]:
    here = db.session.get_one(Lead, scene.lead_id).location
    lead = make_lead(here)
    made = make_conversation(lead)
    return made.id, lead.id


def answered(scene: Scene, monkeypatch: pytest.MonkeyPatch, counted: Counter) -> Reply:
    conversation_id, lead_id = a_conversation(scene)
    ask = generation.hand_over

    def hand_over(conversation_id: int, reason: str, now: object) -> bool:
        counted["side effects"] += 1
        return ask(conversation_id, reason, now)

    with monkeypatch.context() as patched:
        patched.setattr(generation, "hand_over", hand_over)
        patched.setattr("app.ai.failover._breakers", {})
        posted = posting.post_customer_message(conversation_id, lead_id, "A person, please", "c", "web", clock.now())
        generation.generate(posted.reply_id, "this")
    db.session.rollback()
    return db.session.get_one(Reply, posted.reply_id)


def test_a_fault_at_any_event_is_not_seen_and_repeats_nothing(
    scene: Scene, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, repeated, unbroken, cases = [], [], [], chosen()
    for case in cases:
        model.case, model.broken = case, 0
        counted: Counter = Counter()
        reply = answered(scene, monkeypatch, counted)
        text = db.session.scalar(select(Message.text).where(Message.id == reply.message_id))
        if reply.status != "done" or text != WHOLE:
            seen.append(f"{case} -> {reply.status} {text!r}")
        if counted["side effects"] != 1 or len(reply.rounds or []) != 1:
            repeated.append(f"{case} -> {counted}")
        if not model.broken:
            unbroken.append(str(case))
    print(f"faults injected: {len(cases)} of {len(ALL)}, seen by the customer: {len(seen)}, repeated: {len(repeated)}")
    assert unbroken == []
    assert repeated == []
    assert len(seen) * 100 <= len(cases), "\n".join(seen)


def test_every_call_is_on_a_row_with_the_provider_s_own_figures(
    scene: Scene, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken ones too; and what the good ones cost is what the price lists say, within one percent."""
    model.case = Case("anthropic", 1, 5, Cut())
    reply = answered(scene, monkeypatch, Counter())
    rows = db.session.scalars(
        select(ProviderCall).where(ProviderCall.reply_id == reply.id).order_by(ProviderCall.id)
    ).all()
    assert [(row.provider, row.round, row.outcome) for row in rows] == [
        ("anthropic", 0, "ok"),
        ("anthropic", 1, "cut"),
        ("openai", 1, "ok"),
    ]
    # Dollars a million tokens: new, read from the cache, written by the model (the vendors' price pages).
    lists = {"anthropic": (2.00, 0.10, 10.00), "openai": (2.50, 1.25, 10.00)}
    for row in rows:
        if row.outcome != "ok":
            assert row.cost_at_least
            continue
        new, read, out = lists[row.provider]
        owed = (40 * new + 80 * read + 30 * out) / 1e6
        assert abs(float(row.cost) - owed) <= owed / 100
        assert (row.input_tokens, row.cache_read_tokens, row.output_tokens) == (120, 80, 30)
        assert row.prompt_version
