"""A provider that says what a test wrote down, pausing where the test wants to act."""

import threading
from collections.abc import Callable, Iterator, Sequence

from app.ai.port import Event, Prompt, ProviderError, Stop, Text, ToolCall, Usage

Step = str | ToolCall | Stop | ProviderError | Callable[[], object]


class ScriptedProvider:
    """Each call plays the next script: text, tool calls, errors, and functions that run in between.

    A script that ends without a Stop or an error gets a Stop of its own. `prompts` keeps what was asked.
    """

    def __init__(self, *scripts: Sequence[Step], name: str = "scripted", model: str = "scripted-1") -> None:
        self.name = name
        self.model = model
        self.prompts: list[Prompt] = []
        self._scripts = list(scripts)

    def stream(self, prompt: Prompt) -> Iterator[Event]:
        self.prompts.append(prompt)
        script = self._scripts.pop(0) if self._scripts else ["I have nothing more to say."]
        asked_tools = False
        for step in script:
            if isinstance(step, str):
                yield Text(step)
            elif isinstance(step, ToolCall):
                asked_tools = True
                yield step
            elif isinstance(step, ProviderError):
                raise step
            elif isinstance(step, Stop):
                yield step
                return
            else:
                step()
        yield Stop("tools" if asked_tools else "end", Usage(100, 20), self.model, "request-1")


def broken(kind: str = "overloaded", *, permanent: bool = False, fail_over: bool = True) -> ProviderError:
    """An error as a provider class would raise it."""
    return ProviderError(f"scripted {kind}", permanent=permanent, kind=kind, fail_over=fail_over, counts=False)


class Gatekeeper:
    """A point at which a scripted provider waits until the test lets it go on."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._open = threading.Event()

    def __call__(self) -> None:
        self._reached.set()
        assert self._open.wait(10), "the test never opened this point"

    def wait_until_reached(self) -> None:
        assert self._reached.wait(10), "the provider never came to this point"

    def open(self) -> None:
        self._open.set()
