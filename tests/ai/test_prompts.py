"""What each provider is sent: the same prompt, the same bytes, and every turn in its place."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.ai import anthropic_provider, openai_provider
from app.ai.failover import CONTINUE, continued
from app.ai.port import AssistantTurn, CustomerTurn, ToolCall, ToolResult
from tests.ai.helpers import WIRES, a_prompt, a_provider
from tests.wire.llm_server import LlmServer

CALLS = (ToolCall("t1", "search_services", {"query": "tint", "limit": 3}), ToolCall("t2", "store_facts", {}))
TURNS = (
    CustomerTurn("How much is tint, and when are you open?"),
    AssistantTurn("Let me look.", CALLS),
    ToolResult("t1", "search_services", "- [id 1] Tint"),
    ToolResult("t2", "store_facts", "Open until 6 PM."),
)


def sent(wire: str, prompt) -> dict:
    with LlmServer() as server, a_provider(server, wire) as provider:
        list(provider.stream(prompt))
        return server.requests[0].body


RENDER = """
import sys
from tests.ai.helpers import a_provider
from tests.ai.test_prompts import TURNS, WIRES, a_prompt
for wire, url in zip(WIRES, sys.argv[1:], strict=True):
    with a_provider(url, wire) as provider:
        list(provider.stream(a_prompt(*TURNS)))
"""


def test_another_process_with_another_hash_seed_sends_the_same_bytes():
    with LlmServer() as server:
        for wire in WIRES:
            with a_provider(server, wire) as provider:
                list(provider.stream(a_prompt(*TURNS)))
        subprocess.run(
            [sys.executable, "-c", RENDER, *(server.url(wire) for wire in WIRES)],
            cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONHASHSEED": "4242"}, check=True, timeout=120,
        )  # fmt: skip
        here, there = server.requests[:2], server.requests[2:]
    assert [request.raw for request in here] == [request.raw for request in there]


def test_claude_gets_cache_breakpoints_thinking_and_no_temperature():
    body = sent("anthropic", a_prompt(system=("rules", "store", "lead")))
    assert [block["text"] for block in body["system"]] == ["rules", "store", "lead"]
    hour, minutes = {"type": "ephemeral", "ttl": "1h"}, {"type": "ephemeral"}
    assert [block["cache_control"] for block in body["system"]] == [hour, hour, minutes]
    assert body["messages"][-1]["content"][-1]["cache_control"] == minutes
    assert body["thinking"] == {"type": "between_tools"}
    assert body["metadata"] == {"user_id": "hash-of-lead"}
    assert not {"temperature", "top_p", "tool_choice"} & body.keys()


def test_at_most_four_breakpoints_are_set_and_the_last_block_has_one():
    body = anthropic_provider.request_body(a_prompt(system=tuple("abcdef")), "claude-sonnet-5-5")
    assert [("cache_control" in block) for block in body["system"]] == [False, False, False, True, True, True]
    assert str(body).count("cache_control") == 4


@pytest.mark.parametrize(
    ("model", "needs"),
    [
        ("claude-haiku-5-5", {"thinking": {"type": "disabled"}}),
        ("claude-opus-5-5", {"output_config": {"effort": "low"}}),
        ("claude-sonnet-5", {"thinking": {"type": "disabled"}}),
        ("claude-haiku-4-5", {}),
    ],
)
def test_each_claude_is_sent_what_it_accepts(model, needs):
    body = anthropic_provider.request_body(a_prompt(), model)
    assert {name: body[name] for name in ("thinking", "output_config") if name in body} == needs


def test_gpt_gets_usage_cache_key_safety_id_and_is_not_stored():
    body = sent("openai", a_prompt())
    assert body["stream_options"] == {"include_usage": True}
    assert body["store"] is False
    assert (body["prompt_cache_key"], body["safety_identifier"]) == ("store-1", "hash-of-lead")
    assert body["max_completion_tokens"] == 500
    assert body["messages"][0] == {"role": "system", "content": "You answer for a shop.\n\nServices: tint."}
    assert not {"temperature", "max_tokens", "reasoning_effort"} & body.keys()


def test_a_gpt_that_reasons_by_default_is_told_not_to():
    assert openai_provider.request_body(a_prompt(), "gpt-6-luna")["reasoning_effort"] == "none"


def test_claude_gets_a_turns_tool_results_together_in_one_message():
    messages = sent("anthropic", a_prompt(*TURNS))["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user"]
    assert [block["type"] for block in messages[1]["content"]] == ["text", "tool_use", "tool_use"]
    assert messages[1]["content"][1]["input"] == {"query": "tint", "limit": 3}
    assert [block["tool_use_id"] for block in messages[2]["content"]] == ["t1", "t2"]


def test_gpt_gets_a_turns_tool_results_one_by_one():
    messages = sent("openai", a_prompt(*TURNS))["messages"]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "tool", "tool"]
    assert messages[2]["tool_calls"][0]["function"]["arguments"] == '{"query":"tint","limit":3}'
    assert messages[4] == {"role": "tool", "tool_call_id": "t2", "content": "Open until 6 PM."}


@pytest.mark.parametrize("wire", WIRES)
def test_a_continuation_keeps_tool_results_and_ends_with_the_customers_side(wire):
    messages = sent(wire, continued(a_prompt(*TURNS), "Tint is "))["messages"]
    assert [message["role"] for message in messages[-2:]] == ["assistant", "user"]
    assert "Tint is " in str(messages[-2])
    assert CONTINUE in str(messages[-1])
    assert "Open until 6 PM." in str(messages)


def test_a_conversation_we_began_starts_with_the_user_for_claude():
    body = anthropic_provider.request_body(a_prompt(AssistantTurn("Hi Ana!"), CustomerTurn("Hi")), "claude-sonnet-5-5")
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]


def test_empty_texts_are_left_out_and_neighbours_joined():
    turns = (CustomerTurn("Hi"), AssistantTurn(" "), CustomerTurn("Anyone?"))
    claude = anthropic_provider.request_body(a_prompt(*turns), "claude-sonnet-5-5")["messages"]
    assert [(message["role"], len(message["content"])) for message in claude] == [("user", 2)]
    gpt = openai_provider.request_body(a_prompt(*turns), "gpt-4o")["messages"]
    assert [message["role"] for message in gpt] == ["system", "user", "user"]


@pytest.mark.parametrize(("wire", "path"), [("anthropic", "/v1/messages"), ("openai", "/v1/chat/completions")])
def test_the_request_goes_to_the_right_address_with_the_key_and_uncompressed(wire, path):
    with LlmServer() as server, a_provider(server, wire) as provider:
        list(provider.stream(a_prompt()))
        request = server.requests[0]
    headers = {name.lower(): value for name, value in request.headers.items()}
    assert request.path == path
    assert "test-key" in headers.get("authorization", "") + headers.get("x-api-key", "")
    assert headers["accept-encoding"] == "identity"
