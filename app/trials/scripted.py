"""The scripted model that answers well: it uses the tools that its scenario's turns name, and says what they gave."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from app.ai.port import AssistantTurn, CustomerTurn, Event, Prompt, Stop, Text, ToolCall, ToolResult, Usage
from app.trials.casting import Cast
from app.trials.scenario import Turn
from app.trials.scripted_words import SAID, priced, spoken_time

PIECE = re.compile(r".{1,9}", re.S)
BRACKETED = re.compile(r"\[(\d{4}-[\dT:+-]+)\]")


class Scripted:
    """A model that plays: `told` says before each turn of the customer's what to do about it.

    It sees what every model sees, the prompt, and what a good reader would take from it: the ids of the services.
    """

    name, model = "scripted: good", "scripted"

    def __init__(self) -> None:
        self.steps: tuple[str, ...] = ()
        self.cast: Cast | None = None
        self.values: Mapping[str, str] = {}

    def told(self, turn: Turn, cast: Cast, values: Mapping[str, str]) -> None:
        """What the customer is about to do, with the services and times that their words name."""
        self.steps, self.cast, self.values = turn.good, cast, values

    def stream(self, prompt: Prompt) -> Iterator[Event]:
        """The tools first, one round for each step that needs one, then the whole answer."""
        results = _results(prompt)
        calls = [one for one in map(self._call, self.steps) if one is not None]
        if len(results) < len(calls):
            name, arguments = calls[len(results)]
            yield ToolCall(f"trial-{len(prompt.turns)}", name, arguments)
            yield Stop("tools", _usage(prompt), self.model, "scripted")
            return
        whole, said = self._answer(results), _said_already(prompt)
        yield from pieces(whole[len(said) :] if whole.startswith(said) else whole)
        yield Stop("end", _usage(prompt), self.model, "scripted")

    @property
    def language(self) -> str:
        assert self.cast is not None
        return self.cast.scenario.expect.get("language", self.cast.scenario.language)

    def service_id(self, key: str) -> int:
        """The id that search_services would give for that service."""
        assert self.cast is not None
        return self.cast.services[key].id

    def _call(self, step: str) -> tuple[str, dict[str, Any]] | None:
        verb, *words = step.split()
        make = CALLS.get(verb)
        return make(self, words) if make else None

    def _answer(self, results: list[ToolResult]) -> str:
        said, left = [], list(results)
        for step in self.steps:
            verb, *words = step.split()
            result = left.pop(0).content if self._call(step) else ""
            said.append(self._say(verb, words, result))
        return "\n\n".join(one for one in said if one) or SAID[self.language]["ok"]

    def _say(self, verb: str, words: list[str], result: str) -> str:
        if verb == "say":
            return SAID[self.language][words[0]].format_map(self.values)
        if verb in ("price", "total"):
            return priced(self.language, result)
        if verb == "compare":
            return "\n".join(line.split(" | ")[0] for line in result.splitlines()[1:])
        if verb == "order":
            return SAID[self.language]["order"].format(name=self.values[words[0]], cents=self._order_cents // 100)
        if verb == "times":
            keys = BRACKETED.findall(result)[:3]
            times = "\n".join(f"- {spoken_time(self.language, datetime.fromisoformat(key))}" for key in keys)
            return SAID[self.language]["times"] + "\n" + times if keys else SAID[self.language]["no_time"]
        if verb in ("book", "move", "cancel"):
            return self._done(verb, words, result)
        return SAID[self.language]["asked"] if verb == "person" else result if verb == "facts" else ""

    @property
    def _order_cents(self) -> int:
        assert self.cast is not None
        return self.cast.scenario.order_cents or 0

    def _done(self, verb: str, words: list[str], result: str) -> str:
        if not result.startswith(("Booked", "Moved", "Cancelled")):
            return SAID[self.language]["refused"]
        when = "" if verb == "cancel" else spoken_time(self.language, datetime.fromisoformat(self.key(words)))
        return SAID[self.language][verb].format(when=when)

    def key(self, words: list[str]) -> str:
        """The time in brackets: the step's own, else the one that was offered."""
        own = [word for word in words if re.match(r"\d{4}-", word)]
        return own[0] if own else self.values.get("other_key" if "other" in words else "time_key", "")


def pieces(text: str) -> Iterator[Event]:
    """The text as it would stream."""
    for piece in PIECE.findall(text):
        yield Text(piece)


def _results(prompt: Prompt) -> list[ToolResult]:
    """What the tools gave since the customer wrote last."""
    last = max((at for at, turn in enumerate(prompt.turns) if _wrote(turn)), default=-1)
    return [turn for turn in prompt.turns[last + 1 :] if isinstance(turn, ToolResult)]


def _said_already(prompt: Prompt) -> str:
    """What the customer has seen of this answer, where the model is asked to go on."""
    if len(prompt.turns) < 2 or _wrote(prompt.turns[-1]) or not isinstance(prompt.turns[-1], CustomerTurn):
        return ""
    before = prompt.turns[-2]
    return before.text if isinstance(before, AssistantTurn) else ""


def _wrote(turn: Any) -> bool:
    return isinstance(turn, CustomerTurn) and not turn.text.startswith("[")


def _usage(prompt: Prompt) -> Usage:
    return Usage(sum(map(len, prompt.system)) // 4, 60)


def _ids(model: Scripted, words: list[str]) -> list[int]:
    return [model.service_id(word) for word in words if model.cast is not None and word in model.cast.services]


CALLS: dict[str, Callable[[Scripted, list[str]], tuple[str, dict[str, Any]]]] = {
    "price": lambda model, words: ("price_for_vehicle", {"service_id": model.service_id(words[0])}),
    "total": lambda model, words: ("quote_total", {"service_ids": _ids(model, words)}),
    "compare": lambda model, words: ("compare_options", {"service_ids": _ids(model, words)}),
    "search": lambda model, words: ("search_services", {"query": model.values[words[0]]}),
    "facts": lambda model, words: ("store_facts", {}),
    "person": lambda model, words: ("hand_over", {"reason": "The customer asks for a person."}),
    "times": lambda model, words: (
        "free_times",
        {"service_ids": _ids(model, words), "day": next((one for one in words if one[:1] == "2"), ""), "part": "any"},
    ),
    "hold": lambda model, words: ("hold_time", {"service_ids": _ids(model, words), "starts_at": model.key(words)}),
    "book": lambda model, words: ("book_time", {"service_ids": _ids(model, words), "starts_at": model.key(words)}),
    "move": lambda model, words: ("move_visit", {"starts_at": model.key(words)}),
    "cancel": lambda model, words: ("cancel_visit", {}),
}
