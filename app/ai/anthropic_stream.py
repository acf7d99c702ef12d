"""Anthropic's Messages API: its streamed events, made neutral."""

from typing import Any

import orjson

from app.ai.faults import from_event, of_kind
from app.ai.port import Counted, Stop, StopReason, ToolCall, Usage
from app.ai.streaming import OpenCall, arguments_of

_REASONS: dict[str, StopReason] = {
    "end_turn": "end", "stop_sequence": "end", "pause_turn": "end", "tool_use": "tools", "max_tokens": "length",
    "model_context_window_exceeded": "length", "refusal": "refusal",
}  # fmt: skip


class Decoder:
    """See `streaming.Decoder`."""

    def __init__(self, request_id: str | None) -> None:
        self.calls: list[ToolCall] = []
        self.counted: Counted | None = None
        self.started = self.done = False
        self.request_id = request_id
        self._open: dict[int, OpenCall] = {}
        self._broken = ""
        self._reason: str | None = None
        self._model: str | None = None
        self._usage: dict[str, Any] = {}

    def decode(self, payload: bytes) -> str:
        event = orjson.loads(payload)
        kind = event["type"]
        if kind == "content_block_delta":
            self.started = True
            delta = event["delta"]
            if delta["type"] == "text_delta":
                return delta["text"]
            if delta["type"] == "input_json_delta":
                self._open[event["index"]].pieces.append(delta["partial_json"])
        elif (handle := _HANDLERS.get(kind)) is not None:
            return handle(self, event) or ""
        return ""

    def stop(self) -> Stop | None:
        if self._reason is None:
            return None
        reason = _REASONS.get(self._reason, "end")
        if self._broken and reason != "length":  # cut off by the token limit, a call is simply not made
            raise of_kind("protocol", f"unreadable arguments for {self._broken}", self.request_id)
        return Stop(reason, _usage(self._usage), self._model, self.request_id)

    def _message_start(self, event: dict[str, Any]) -> None:
        self._model = event["message"].get("model")
        self._count(event["message"].get("usage"))
        usage = _usage(self._usage)
        self.counted = Counted(usage, self._model, self.request_id) if usage else None

    def _block_start(self, event: dict[str, Any]) -> str:
        block = event["content_block"]
        self.started = True  # a model that thinks first is not silent
        if block["type"] == "tool_use":
            self._open[event["index"]] = OpenCall(block["id"], block["name"])
        return block.get("text") or ""

    def _block_stop(self, event: dict[str, Any]) -> None:
        call = self._open.pop(event["index"], None)
        if call is None:
            return
        try:
            self.calls.append(ToolCall(call.id, call.name, arguments_of(call)))
        except ValueError:
            self._broken = call.name

    def _message_delta(self, event: dict[str, Any]) -> None:
        self._reason = event["delta"].get("stop_reason") or self._reason
        self._count(event.get("usage"))

    def _message_stop(self, event: dict[str, Any]) -> None:
        self.done = True

    def _error(self, event: dict[str, Any]) -> None:
        raise from_event(event.get("error"), "anthropic", self.request_id)

    def _count(self, usage: dict[str, Any] | None) -> None:
        # Cumulative: a later figure replaces an earlier one.
        self._usage |= {name: value for name, value in (usage or {}).items() if value is not None}


_HANDLERS = {
    "message_start": Decoder._message_start,
    "content_block_start": Decoder._block_start,
    "content_block_stop": Decoder._block_stop,
    "message_delta": Decoder._message_delta,
    "message_stop": Decoder._message_stop,
    "error": Decoder._error,
}


def _usage(raw: dict[str, Any]) -> Usage | None:
    if "input_tokens" not in raw or "output_tokens" not in raw:
        return None
    read = raw.get("cache_read_input_tokens", 0)
    written = raw.get("cache_creation_input_tokens", 0)
    return Usage(raw["input_tokens"] + read + written, raw["output_tokens"], read, written, raw)
