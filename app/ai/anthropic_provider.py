"""Claude, by Anthropic's Messages API."""

import time
from collections.abc import Iterator
from typing import Any

import anthropic

from app.ai.anthropic_stream import Decoder
from app.ai.port import AssistantTurn, CustomerTurn, Event, Prompt, ToolResult, Turn
from app.ai.streaming import Timeouts, read_events
from app.ai.vendor_errors import VENDOR_ERRORS, from_vendor

__all__ = ["AnthropicProvider", "request_body"]

# Anthropic accepts at most four cache breakpoints a request, those that last an hour first; below 1,024 to 4,096 tokens
# (by model) they are ignored. Source: platform.claude.com, "Prompt caching".
STABLE = {"type": "ephemeral", "ttl": "1h"}
FRESH = {"type": "ephemeral"}
SYSTEM_BREAKPOINTS = 3

# How each model family is told to answer without thinking first, which the customer would see as silence; the first
# prefix that fits decides, others are sent nothing. Sources: platform.claude.com, "What's new" and migration guides of
# Sonnet 5.5 (rejects "disabled", hides text between tools otherwise), Haiku 5.5 and Opus 5.5 (always thinks).
_NEEDS: dict[str, dict[str, Any]] = {
    "claude-sonnet-5-5": {"thinking": {"type": "between_tools"}},
    "claude-haiku-5-5": {"thinking": {"type": "disabled"}},
    "claude-opus-5-5": {"output_config": {"effort": "low"}},
    "claude-sonnet-5": {"thinking": {"type": "disabled"}},
    "claude-opus-5": {"thinking": {"type": "disabled"}},
}

_OPENING = "(The conversation starts with our message.)"


class AnthropicProvider:
    """One Claude model on one SDK client. Raises ProviderError from `stream`."""

    name = "anthropic"

    def __init__(self, client: anthropic.Anthropic, model: str, timeouts: Timeouts | None = None) -> None:
        self.model = model
        self._client = client
        self._timeouts = timeouts or Timeouts()

    def stream(self, prompt: Prompt) -> Iterator[Event]:
        """See `Provider.stream`."""
        began = time.monotonic()
        body = request_body(prompt, self.model)
        try:
            with self._client.messages.with_streaming_response.create(
                **body, timeout=self._timeouts.for_request()
            ) as answer:
                request_id = answer.headers.get("request-id")
                yield from read_events(answer.http_response, Decoder(request_id), self._timeouts, began)
        except VENDOR_ERRORS as error:
            raise from_vendor(error, self.name) from error


def request_body(prompt: Prompt, model: str) -> dict[str, Any]:
    """The request for a prompt: the same prompt gives the same bytes, so that its prefix is cached."""
    system: list[dict[str, Any]] = [{"type": "text", "text": block} for block in prompt.system if block]
    for block in system[-SYSTEM_BREAKPOINTS:]:
        # The last block is about one person today, the others are the same for every lead of a store.
        block["cache_control"] = FRESH if block is system[-1] else STABLE
    messages = _messages(prompt.turns)
    if messages:  # the conversation so far is read again in every round of tools
        messages[-1]["content"][-1]["cache_control"] = FRESH
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": prompt.max_tokens,
        "system": system,
        "messages": messages,
        "metadata": {"user_id": prompt.safety_id},
        "stream": True,
        **_needs(model),
    }
    if prompt.tools:
        body["tools"] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.parameters}
            for tool in prompt.tools
        ]
    return body


def _needs(model: str) -> dict[str, Any]:
    return next((needs for family, needs in _NEEDS.items() if model.startswith(family)), {})


def _messages(turns: tuple[Turn, ...]) -> list[dict[str, Any]]:
    """Roles alternate, the first is the user's, and the results of one turn's tools stand in one message."""
    messages: list[dict[str, Any]] = []
    for turn in turns:
        role, blocks = _blocks(turn)
        if not messages and role == "assistant":
            messages.append({"role": "user", "content": [{"type": "text", "text": _OPENING}]})
        if messages and messages[-1]["role"] == role:
            messages[-1]["content"].extend(blocks)
        elif blocks:
            messages.append({"role": role, "content": blocks})
    return messages


def _blocks(turn: Turn) -> tuple[str, list[dict[str, Any]]]:
    match turn:
        case CustomerTurn(text):
            return "user", _text(text)
        case ToolResult(call_id, _, content):
            return "user", [{"type": "tool_result", "tool_use_id": call_id, "content": content}]
        case AssistantTurn(text, tool_calls):
            calls = [
                {"type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments} for call in tool_calls
            ]
            return "assistant", [*_text(text), *calls]
    raise TypeError(turn)


def _text(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": text}] if text.strip() else []  # empty blocks are refused
