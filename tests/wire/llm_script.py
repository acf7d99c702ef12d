"""What a scripted model does, in words both wire formats share, and those words in each format's events."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

USAGE = {"input": 120, "read": 80, "write": 0, "output": 30}


@dataclass(frozen=True)
class Say:
    """One token."""

    text: str


@dataclass(frozen=True)
class Wait:
    """Nothing for so long, or until the event is set; a stall when longer than the reader's patience."""

    seconds: float
    until: threading.Event | None = None


@dataclass(frozen=True)
class Open:
    """The headers and the opening events; without it they go with the first step that is no Wait."""


@dataclass(frozen=True)
class Ask:
    """A tool call, its arguments in as many pieces as given (valid JSON when joined, or not)."""

    id: str
    name: str
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class Think:
    """Hidden thought (Anthropic only)."""

    text: str = "hm"


@dataclass(frozen=True)
class Stop:
    """The stop reason in neutral words (end, tools, length, refusal), with what was used."""

    reason: str = "end"
    model: str | None = None


@dataclass(frozen=True)
class Fault:
    """An error event inside the stream."""

    type: str = "overloaded_error"


@dataclass(frozen=True)
class Garbage:
    """An event that is no JSON."""


@dataclass(frozen=True)
class Cut:
    """The connection breaks."""


@dataclass(frozen=True)
class End:
    """The body ends well, with no stop reason when none was given."""


@dataclass(frozen=True)
class Refuse:
    """An answer without a stream."""

    status: int
    error: dict[str, Any]


@dataclass(frozen=True)
class Broken:
    """First of a script: after so many of its events the given step is played, and nothing that follows a break."""

    after: int
    by: "Garbage | Fault | Cut | End | Wait"


Step = Broken | Say | Wait | Open | Ask | Think | Stop | Fault | Garbage | Cut | End | Refuse


def refusal(wire: str, status: int, type_: str, message: str = "no", code: str | None = None) -> Refuse:
    """An error body as that provider words it."""
    if wire == "anthropic":
        inner: dict[str, Any] = {"type": type_, "message": message}
        if code:
            inner["details"] = {"error_code": code}
        return Refuse(status, {"type": "error", "error": inner, "request_id": "req_refused"})
    return Refuse(status, {"error": {"type": type_, "message": message, "code": code, "param": None}})


class AnthropicWire:
    """Messages API events."""

    REASONS = {"end": "end_turn", "tools": "tool_use", "length": "max_tokens", "refusal": "refusal"}  # noqa: RUF012

    def __init__(self, model: str) -> None:
        self.model, self.index, self.open = model, -1, ""

    def start(self) -> Iterator[bytes]:
        usage = {
            "input_tokens": USAGE["input"] - USAGE["read"],
            "cache_read_input_tokens": USAGE["read"],
            "cache_creation_input_tokens": USAGE["write"],
            "output_tokens": 1,
        }
        message = {"id": "msg_1", "role": "assistant", "model": self.model, "content": [], "usage": usage}
        yield self._event({"type": "message_start", "message": message})
        yield self._event({"type": "ping"})

    def say(self, text: str) -> Iterator[bytes]:
        yield from self._block("text", {"type": "text", "text": ""})
        yield self._delta({"type": "text_delta", "text": text})

    def think(self, text: str) -> Iterator[bytes]:
        yield from self._block("thinking", {"type": "thinking", "thinking": ""})
        yield self._delta({"type": "thinking_delta", "thinking": text})

    def ask(self, step: Ask) -> Iterator[bytes]:
        yield from self._close()
        block = {"type": "tool_use", "id": step.id, "name": step.name, "input": {}}
        yield from self._block(step.id, block)
        for piece in ("", *step.pieces):
            yield self._delta({"type": "input_json_delta", "partial_json": piece})
        yield from self._close()

    def stop(self, step: Stop) -> Iterator[bytes]:
        yield from self._close()
        delta = {"stop_reason": self.REASONS[step.reason], "stop_sequence": None}
        usage = {"output_tokens": USAGE["output"]}
        yield self._event({"type": "message_delta", "delta": delta, "usage": usage})
        yield self._event({"type": "message_stop"})

    def fault(self, type_: str) -> Iterator[bytes]:
        yield self._event({"type": "error", "error": {"type": type_, "message": "it broke"}})

    def garbage(self) -> Iterator[bytes]:
        yield b"event: content_block_delta\ndata: {oh no\n\n"

    def _block(self, name: str, block: dict[str, Any]) -> Iterator[bytes]:
        if self.open == name:
            return
        yield from self._close()
        self.open, self.index = name, self.index + 1
        yield self._event({"type": "content_block_start", "index": self.index, "content_block": block})

    def _close(self) -> Iterator[bytes]:
        if self.open:
            self.open = ""
            yield self._event({"type": "content_block_stop", "index": self.index})

    def _delta(self, delta: dict[str, Any]) -> bytes:
        return self._event({"type": "content_block_delta", "index": self.index, "delta": delta})

    @staticmethod
    def _event(event: dict[str, Any]) -> bytes:
        return b"event: %s\ndata: %s\n\n" % (event["type"].encode(), json.dumps(event).encode())


class OpenAIWire:
    """Chat Completions chunks."""

    REASONS = {"end": "stop", "tools": "tool_calls", "length": "length", "refusal": "content_filter"}  # noqa: RUF012

    def __init__(self, model: str) -> None:
        self.model, self.index = model, -1

    def start(self) -> Iterator[bytes]:
        yield self._chunk({"role": "assistant", "content": "", "refusal": None})

    def say(self, text: str) -> Iterator[bytes]:
        yield self._chunk({"content": text})

    def think(self, text: str) -> Iterator[bytes]:
        yield from ()

    def ask(self, step: Ask) -> Iterator[bytes]:
        self.index += 1
        first = {"index": self.index, "id": step.id, "type": "function"}
        yield self._chunk({"tool_calls": [{**first, "function": {"name": step.name, "arguments": ""}}]})
        for piece in step.pieces:
            yield self._chunk({"tool_calls": [{"index": self.index, "function": {"arguments": piece}}]})

    def stop(self, step: Stop) -> Iterator[bytes]:
        yield self._chunk({}, self.REASONS[step.reason])
        usage = {
            "prompt_tokens": USAGE["input"],
            "completion_tokens": USAGE["output"],
            "total_tokens": USAGE["input"] + USAGE["output"],
            "prompt_tokens_details": {"cached_tokens": USAGE["read"]},
        }
        yield self._data({"id": "c1", "model": self.model, "choices": [], "usage": usage})
        yield b"data: [DONE]\n\n"

    def fault(self, type_: str) -> Iterator[bytes]:
        yield self._data({"error": {"type": type_, "code": type_, "message": "it broke"}})

    def garbage(self) -> Iterator[bytes]:
        yield b"data: {oh no\n\n"

    def _chunk(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        head = {"id": "c1", "object": "chat.completion.chunk", "model": self.model, "usage": None}
        return self._data({**head, "choices": [choice]})

    @staticmethod
    def _data(event: dict[str, Any]) -> bytes:
        return b"data: %s\n\n" % json.dumps(event).encode()


WIRES = {"anthropic": AnthropicWire, "openai": OpenAIWire}


def events_of(wire: AnthropicWire | OpenAIWire, step: Step) -> list[bytes]:
    """The step's events in that format; none for steps that are about the connection."""
    match step:
        case Say(text):
            return [b"".join(wire.say(text))]
        case Think(text):
            return [b"".join(wire.think(text))]
        case Ask():
            return list(wire.ask(step))
        case Stop():
            return [b"".join(wire.stop(step))]
        case Fault(type_):
            return [b"".join(wire.fault(type_))]
        case Garbage():
            return [b"".join(wire.garbage())]
    return []
