"""GPT, by OpenAI's Chat Completions API."""

import time
from collections.abc import Iterator
from typing import Any

import openai
import orjson

from app.ai.openai_stream import Decoder
from app.ai.port import AssistantTurn, CustomerTurn, Event, Prompt, ToolResult, Turn
from app.ai.streaming import Timeouts, read_events
from app.ai.vendor_errors import VENDOR_ERRORS, from_vendor

__all__ = ["OpenAIProvider", "request_body"]


# Newer families reason before they answer unless told not to: silence where the customer waits for a first word. From
# 5.4 on, Chat Completions also refuses function tools otherwise ("... or set reasoning_effort to 'none'").
_NEEDS: dict[str, dict[str, Any]] = {
    "gpt-5.": {"reasoning_effort": "none"},
    "gpt-6": {"reasoning_effort": "none"},
}


class OpenAIProvider:
    """One GPT model on one SDK client. Raises ProviderError from `stream`."""

    name = "openai"

    def __init__(self, client: openai.OpenAI, model: str, timeouts: Timeouts | None = None) -> None:
        self.model = model
        self._client = client
        self._timeouts = timeouts or Timeouts()

    def stream(self, prompt: Prompt) -> Iterator[Event]:
        """See `Provider.stream`."""
        began = time.monotonic()
        body = request_body(prompt, self.model)
        try:
            with self._client.chat.completions.with_streaming_response.create(
                **body, timeout=self._timeouts.for_request()
            ) as answer:
                request_id = answer.headers.get("x-request-id")
                yield from read_events(answer.http_response, Decoder(request_id), self._timeouts, began)
        except VENDOR_ERRORS as error:
            raise from_vendor(error, self.name) from error


def request_body(prompt: Prompt, model: str) -> dict[str, Any]:
    """The request for a prompt: the same prompt gives the same bytes, so that its prefix is cached."""
    system = {"role": "system", "content": "\n\n".join(block for block in prompt.system if block)}
    body: dict[str, Any] = {
        "model": model,
        "messages": [system, *(message for turn in prompt.turns if (message := _message(turn)))],
        "max_completion_tokens": prompt.max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
        "store": False,
        "prompt_cache_key": prompt.cache_key,
        "safety_identifier": prompt.safety_id,
        **_needs(model),
    }
    if prompt.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {"name": tool.name, "description": tool.description, "parameters": tool.parameters},
            }
            for tool in prompt.tools
        ]
    return body


def _needs(model: str) -> dict[str, Any]:
    return next((needs for family, needs in _NEEDS.items() if model.startswith(family)), {})


def _message(turn: Turn) -> dict[str, Any] | None:
    match turn:
        case CustomerTurn(text):
            return {"role": "user", "content": text}
        case ToolResult(call_id, _, content):
            return {"role": "tool", "tool_call_id": call_id, "content": content}
        case AssistantTurn(text, ()):
            return {"role": "assistant", "content": text} if text.strip() else None
        case AssistantTurn(text, tool_calls):
            calls = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": orjson.dumps(call.arguments).decode()},
                }
                for call in tool_calls
            ]
            return {"role": "assistant", "content": text or None, "tool_calls": calls}
    raise TypeError(turn)
