"""What the provider tests share: both SDKs pointed at the local server, and one prompt."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import anthropic
import openai

from app.ai.anthropic_provider import AnthropicProvider
from app.ai.openai_provider import OpenAIProvider
from app.ai.port import Counted, CustomerTurn, Event, Prompt, Provider, Text, Tool
from app.ai.streaming import Timeouts
from app.ai.transport import LeanTransport
from tests.wire.llm_server import LlmServer

WIRES = ("anthropic", "openai")
MODELS = {"anthropic": "claude-sonnet-5-5", "openai": "gpt-4o"}
SEARCH = Tool(
    "search_services",
    "Find services",
    {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
)


def a_prompt(*turns: Any, **given: Any) -> Prompt:
    usual: dict[str, Any] = {
        "system": ("You answer for a shop.", "Services: tint."),
        "tools": (SEARCH,),
        "turns": turns or (CustomerTurn("How much is tint?"),),
        "max_tokens": 500,
        "cache_key": "store-1",
        "safety_id": "hash-of-lead",
    }
    return Prompt(**{**usual, **given})


@contextmanager
def a_provider(
    server: LlmServer | str, wire: str, timeouts: Timeouts | None = None, model: str = "", **transport: Any
) -> Iterator[Provider]:
    sdk, client_class, provider_class = {
        "anthropic": (anthropic, anthropic.Anthropic, AnthropicProvider),
        "openai": (openai, openai.OpenAI, OpenAIProvider),
    }[wire]
    url = server if isinstance(server, str) else server.url(wire)
    http = sdk.DefaultHttpxClient(transport=LeanTransport(**transport))
    headers = {"Accept-Encoding": "identity"}
    client = client_class(api_key="test-key", base_url=url, max_retries=0, http_client=http, default_headers=headers)
    with closing(client):
        yield provider_class(client, model or MODELS[wire], timeouts)


def spoken(events: Iterator[Event]) -> Iterator[Event]:
    """The events without what was counted on the way, which not every provider tells."""
    return (event for event in events if not isinstance(event, Counted))


def joined(events: Iterable[Event]) -> list[Event]:
    """What was said, with neighbouring texts made one: how tokens were cut on the way is chance."""
    whole: list[Event] = []
    for event in spoken(iter(events)):
        if isinstance(event, Text) and whole and isinstance(whole[-1], Text):
            whole[-1] = Text(whole[-1].text + event.text)
        else:
            whole.append(event)
    return whole
