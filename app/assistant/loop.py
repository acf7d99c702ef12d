"""One answer: ask the model, run its tools, ask again, and let through what is proven. No Flask, no tables."""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.ai.calls import CallMeter
from app.ai.failover import Chain, continued
from app.ai.port import AssistantTurn, CustomerTurn, Prompt, ProviderError, Text, ToolCall, ToolResult, Turn
from app.assistant.facts import Learned
from app.assistant.gate import Gate
from app.assistant.proof import Failure
from app.assistant.toolbox import Toolbox
from app.lib.text import printable

MOST_ROUNDS = 6
ROUND_BREAK = "\n\n"
PUT_RIGHT = (
    "[The customer has not seen this sentence of yours: {sentence}\nIt was withheld: {reason}. {truth}\n"
    "Go on where your last message stops, and say it rightly or leave it out: each price word for word beside the full "
    "name of its service, only what a tool has done, only times that a tool gave, in English, Spanish or French. "
    "Do not repeat what was shown and do not mention this note.]"
)


class NoAnswer(Exception):
    """No provider could answer, or the model would not stop asking for tools. What was shown before stays true."""


@dataclass(frozen=True, slots=True)
class Piece:
    """More of the answer, proven: show it. After the `last` of a round comes the round's end, or the answer's."""

    text: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """A finished round of tools, as JSON to keep: a later attempt goes on from it and runs no tool again."""

    kept: dict[str, Any]


Progress = Piece | Round


def answer(
    prompt: Prompt,
    chain: Chain,
    toolbox: Toolbox,
    gate: Gate,
    *,
    said: str = "",
    rounds: Iterable[dict[str, Any]] = (),
    record: Callable[[CallMeter, int], None],
) -> Generator[Progress]:
    """Yields the answer's progress until it is whole; raises NoAnswer.

    `said` and `rounds` are what an earlier attempt of the same answer showed and kept: the model is asked to go on.
    `record` is given every call to a provider when it has ended, with the number of its round; broken ones too.
    Closing the iterator closes the provider's connection.
    """
    kept = list(rounds)
    for earlier in kept:
        gate.proof.facts.learn(Learned.from_json(earlier.get("learned", {})))
    gate.remember(said)
    spoken = _Spoken(said, said[sum(len(earlier["text"]) for earlier in kept) :])
    while len(kept) < MOST_ROUNDS:
        asked = replace(prompt, turns=(*prompt.turns, *(turn for earlier in kept for turn in _turns(earlier))))
        calls: list[ToolCall] = []
        yield from _listen(asked, chain, toolbox, gate, spoken, calls, lambda call: record(call, len(kept)))
        if not calls:
            return
        finished, learned = _run(calls, spoken.this_round, toolbox)
        gate.proof.facts.learn(learned)
        kept.append(finished)
        yield Round(finished)
        spoken.next_round()
    raise NoAnswer("the model kept asking for tools")


class _Spoken:
    """What has been shown: in all, and in this round of the model."""

    def __init__(self, in_all: str, this_round: str) -> None:
        self.in_all = in_all
        self.this_round = this_round
        self._at_seam = bool(this_round)

    def add(self, piece: str) -> str:
        """Take a piece as it will be shown: a new round begins on a new paragraph, a continuation on a new word."""
        if not self.this_round and self.in_all.strip():
            piece = ROUND_BREAK + piece.lstrip() if piece.strip() else ""
        elif self._at_seam and piece[:1].isalnum() and not self.in_all[-1:].isspace():
            piece = f" {piece}"
        self._at_seam = False
        self.in_all += piece
        self.this_round += piece
        return piece

    def next_round(self) -> None:
        self.this_round = ""

    def broke_off(self) -> None:
        """The stream broke: what comes next was written by a model that was asked to go on."""
        self._at_seam = bool(self.this_round)


def _listen(
    prompt: Prompt,
    chain: Chain,
    toolbox: Toolbox,
    gate: Gate,
    spoken: _Spoken,
    calls: list[ToolCall],
    record: Callable[[CallMeter], None],
) -> Iterator[Piece]:
    """One round of the model, over as many calls as it takes; fills `calls` with the tools it asks for.

    A sentence that fails its proof ends the call: the model goes on from before it, told what is true.
    """
    note: tuple[Turn, ...] = ()
    while True:
        call = None
        try:
            asked = replace(prompt, turns=(*prompt.turns, *note)) if note else continued(prompt, spoken.this_round)
            note = ()
            call = chain.open(asked)
            yield from _hear(call, gate, spoken, calls)
            if gate.failure is None:
                _call_a_person(gate, toolbox)
                return
            note = _correction(gate, spoken.this_round, toolbox)
            spoken.broke_off()
            calls.clear()
            chain.again()
        except ProviderError as error:
            gate.drop()
            spoken.broke_off()
            calls.clear()
            if not chain.failed(error):
                raise NoAnswer(str(error)) from error
        finally:
            if call is not None:
                call.close()
                record(call)


def _hear(call: CallMeter, gate: Gate, spoken: _Spoken, calls: list[ToolCall]) -> Iterator[Piece]:
    for event in call:
        if isinstance(event, Text):
            yield from _let_through(gate.feed(printable(event.text)), spoken)
            if gate.failure is not None:
                return
        elif isinstance(event, ToolCall):
            calls.append(event)
        elif event.reason != "tools":
            calls.clear()
    yield from _let_through(gate.flush(), spoken, last=True)


def _let_through(piece: str, spoken: _Spoken, *, last: bool = False) -> Iterator[Piece]:
    shown = spoken.add(piece) if piece else ""
    if shown:
        yield Piece(shown, last)


def _correction(gate: Gate, said: str, toolbox: Toolbox) -> tuple[Turn, ...]:
    """What the model is told about its sentence that failed: why, and what is true of the services it spoke of."""
    failure = gate.rewrite()
    learned = toolbox.prices_of(failure.meant) if failure.meant else Learned()
    gate.proof.facts.learn(learned)
    note = PUT_RIGHT.format(sentence=failure.sentence.strip(), reason=failure.reason, truth=_truth(failure, learned))
    return (AssistantTurn(said), CustomerTurn(note)) if said.strip() else (CustomerTurn(note),)


def _truth(failure: Failure, learned: Learned) -> str:
    told = "; ".join(f"{fact.name}: {fact.wording}" for fact in learned.prices)
    if told or failure.told:
        return f"What is true: {told or failure.told}."
    if failure.kind == "suggestion":
        return "One suggestion is enough: leave this one out, and end the answer if nothing else is to be said."
    if failure.kind == "term":
        return "The store has written nothing of it: say that its team knows, or leave it out."
    return "No price of it is known: ask a tool, or name none." if failure.kind == "price" else ""


def _call_a_person(gate: Gate, toolbox: Toolbox) -> None:
    """A sentence was replaced by an honest line: the store's team is to answer in its place."""
    if gate.replaced is not None:
        failure, gate.replaced = gate.replaced, None
        reason = f"The assistant could not prove what it wanted to say ({failure.reason}): {failure.sentence.strip()}"
        gate.proof.facts.learn(toolbox.call_staff(reason[:300]))


def _run(calls: list[ToolCall], text: str, toolbox: Toolbox) -> tuple[dict[str, Any], Learned]:
    outcomes = [toolbox.call(call.name, call.arguments) for call in calls]
    learned = Learned.joined(outcome.learned for outcome in outcomes)
    kept: dict[str, Any] = {
        "text": text,
        "calls": [{"id": call.id, "name": call.name, "arguments": call.arguments} for call in calls],
        "results": [outcome.content for outcome in outcomes],
        "learned": learned.to_json(),
    }
    for outcome in outcomes:
        if outcome.card is not None:
            kept["card"] = outcome.card
    return kept, learned


def _turns(kept: dict[str, Any]) -> tuple[Turn, ...]:
    calls = tuple(ToolCall(call["id"], call["name"], call["arguments"]) for call in kept["calls"])
    results = (ToolResult(call.id, call.name, said) for call, said in zip(calls, kept["results"], strict=True))
    return (AssistantTurn(kept["text"], calls), *results)
