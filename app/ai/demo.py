"""The demo assistant: rules instead of a model, behind the same port, seeing only what a model sees."""

import time
from collections.abc import Iterator
from dataclasses import replace

from app.ai.demo_rules import answer
from app.ai.failover import CONTINUE
from app.ai.port import AssistantTurn, CustomerTurn, Event, Prompt, Stop, Text, Usage

__all__ = ["DemoProvider"]

MODEL = "demo-rules-1"


class DemoProvider:
    """Answers at once and for nothing; `delay` seconds pass between the words so that they can be seen to arrive."""

    name = "demo"
    model = MODEL

    def __init__(self, delay: float = 0.02) -> None:
        self._delay = delay

    def stream(self, prompt: Prompt) -> Iterator[Event]:
        """See `Provider.stream`; never fails."""
        asked, said = _unbroken(prompt)
        text, calls = answer(asked)
        rest = text[len(said) :] if text.startswith(said) else text
        for words in _groups(rest):
            yield Text(words)
            time.sleep(self._delay)
        yield from calls
        yield Stop("tools" if calls else "end", Usage(0, 0), MODEL)


def _unbroken(prompt: Prompt) -> tuple[Prompt, str]:
    """The prompt before any continuation was asked for, and what was said of its answer since."""
    turns, said = list(prompt.turns), ""
    while len(turns) >= 2 and turns[-1] == CustomerTurn(CONTINUE) and isinstance(turns[-2], AssistantTurn):
        said = turns[-2].text + said
        del turns[-2:]
    return replace(prompt, turns=tuple(turns)), said


def _groups(text: str) -> Iterator[str]:
    words = text.split(" ")
    for start in range(0, len(words), 2):
        more = start + 2 < len(words)
        yield " ".join(words[start : start + 2]) + (" " if more else "")
