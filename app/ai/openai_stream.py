"""OpenAI's Chat Completions API: its streamed events, made neutral."""

from typing import Any

import orjson

from app.ai.faults import from_event, of_kind
from app.ai.port import Counted, Stop, StopReason, ToolCall, Usage
from app.ai.streaming import OpenCall, arguments_of

_REASONS: dict[str, StopReason] = {
    "stop": "end", "tool_calls": "tools", "length": "length", "content_filter": "refusal",
}  # fmt: skip


class Decoder:
    """See `streaming.Decoder`."""

    def __init__(self, request_id: str | None) -> None:
        self.calls: list[ToolCall] = []
        self.counted: Counted | None = None  # told at the end only, with the stop reason
        self.started = self.done = False
        self.request_id = request_id
        self._open: dict[int, OpenCall] = {}
        self._broken = ""
        self._called = self._refused = False
        self._reason: str | None = None
        self._model: str | None = None
        self._usage: dict[str, Any] = {}

    def decode(self, payload: bytes) -> str:
        if payload == b"[DONE]":
            self.done = True
            return ""
        chunk = orjson.loads(payload)
        if self._model is None:
            self._model = chunk.get("model")
        choices = chunk.get("choices")
        if choices:
            return self._choice(choices[0])
        if chunk.get("error"):
            raise from_event(chunk["error"], "openai", self.request_id)
        # The last chunk has no choices, but what was used.
        self._usage = chunk.get("usage") or self._usage
        return ""

    def stop(self) -> Stop | None:
        if self._reason is None:
            return None
        reason = _REASONS.get(self._reason, "end")
        if self._refused:
            reason = "refusal"
        elif reason == "end" and self._called:
            reason = "tools"
        if self._broken and reason != "length":  # cut off by the token limit, a call is simply not made
            raise of_kind("protocol", f"unreadable arguments for {self._broken}", self.request_id)
        return Stop(reason, _usage(self._usage), self._model, self.request_id)

    def _choice(self, choice: dict[str, Any]) -> str:
        delta = choice.get("delta") or {}
        if choice.get("finish_reason"):
            self._reason = choice["finish_reason"]
        for piece in delta.get("tool_calls") or ():
            self._collect(piece)
        if self._reason:
            self._close_calls()
        if delta.get("refusal"):
            self.started = self._refused = True
        text = delta.get("content") or ""
        if text:
            self.started = True
        return text

    def _collect(self, piece: dict[str, Any]) -> None:
        self.started = True
        call = self._open.setdefault(piece["index"], OpenCall())
        function = piece.get("function") or {}
        call.id = piece.get("id") or call.id
        call.name = function.get("name") or call.name
        call.pieces.append(function.get("arguments") or "")

    def _close_calls(self) -> None:
        for _, call in sorted(self._open.items()):
            try:
                self.calls.append(ToolCall(call.id, call.name, arguments_of(call)))
                self._called = True
            except ValueError:
                self._broken = call.name
        self._open.clear()


def _usage(raw: dict[str, Any]) -> Usage | None:
    if "prompt_tokens" not in raw or "completion_tokens" not in raw:
        return None
    details = raw.get("prompt_tokens_details") or {}
    return Usage(
        raw["prompt_tokens"],
        raw["completion_tokens"],
        details.get("cached_tokens") or 0,
        details.get("cache_write_tokens") or 0,
        raw,
    )
