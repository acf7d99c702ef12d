"""CPU per streamed reply: our providers on the lean transport, beside the SDKs as they come.

    python -m tests.bench.provider_cpu [--replies 200] [--at-once 50] [--interval 0.02]

Prints milliseconds of this process's CPU per 60-token reply. The server is a process of its own.
"""

# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable

import anthropic
import gevent.pool
import openai

from app.ai.anthropic_provider import AnthropicProvider, request_body
from app.ai.openai_provider import OpenAIProvider
from app.ai.openai_provider import request_body as openai_body
from app.ai.port import CustomerTurn, Prompt, Text, Tool
from app.ai.transport import LeanTransport

SYSTEM = ("You answer for a shop. " * 60, "\n".join(f"[id {n}] Service {n} | from $99" for n in range(100)))
TOOL = Tool("search_services", "Find services", {"type": "object", "properties": {"query": {"type": "string"}}})
PROMPT = Prompt(SYSTEM, (TOOL,) * 3, (CustomerTurn("How much is tint?"),), 600, "store-1", "person-1")


def clients(port: int, lean: bool) -> tuple[anthropic.Anthropic, openai.OpenAI]:
    """Both SDKs, on our transport or on their own."""
    headers = {"Accept-Encoding": "identity"}
    made = []
    for sdk, kind, url in ((anthropic, anthropic.Anthropic, ""), (openai, openai.OpenAI, "/v1")):
        http = sdk.DefaultHttpxClient(transport=LeanTransport()) if lean else None
        base = f"http://127.0.0.1:{port}{url}"
        made.append(kind(api_key="k", base_url=base, max_retries=0, http_client=http, default_headers=headers))
    return made[0], made[1]


def ways(port: int) -> dict[str, Callable[[], int]]:
    """Each way to read one reply; gives the number of characters read."""
    lean_a, lean_o = clients(port, lean=True)
    plain_a, plain_o = clients(port, lean=False)

    def ours(provider: AnthropicProvider | OpenAIProvider) -> Callable[[], int]:
        return lambda: sum(len(event.text) for event in provider.stream(PROMPT) if isinstance(event, Text))

    def bare(client: openai.OpenAI | anthropic.Anthropic) -> Callable[[], int]:
        def read() -> int:
            if isinstance(client, anthropic.Anthropic):
                call = client.messages.with_streaming_response.create(**request_body(PROMPT, "claude-sonnet-5-5"))
            else:
                call = client.chat.completions.with_streaming_response.create(**openai_body(PROMPT, "gpt-4o"))
            with call as answer:
                return sum(len(chunk) for chunk in answer.http_response.iter_raw())

        return read

    def claude_objects() -> int:
        events = plain_a.messages.create(**request_body(PROMPT, "claude-sonnet-5-5"))
        return sum(
            len(event.delta.text)
            for event in events
            if event.type == "content_block_delta" and event.delta.type == "text_delta"
        )

    def gpt_objects() -> int:
        events = plain_o.chat.completions.create(**openai_body(PROMPT, "gpt-4o"))
        return sum(len(event.choices[0].delta.content or "") for event in events if event.choices)

    return {
        "anthropic: ours": ours(AnthropicProvider(lean_a, "claude-sonnet-5-5")),
        "anthropic: bare bytes, lean transport": bare(lean_a),
        "anthropic: our parser, SDK transport": ours(AnthropicProvider(plain_a, "claude-sonnet-5-5")),
        "anthropic: SDK event objects": claude_objects,
        "openai: ours": ours(OpenAIProvider(lean_o, "gpt-4o")),
        "openai: bare bytes, lean transport": bare(lean_o),
        "openai: our parser, SDK transport": ours(OpenAIProvider(plain_o, "gpt-4o")),
        "openai: SDK event objects": gpt_objects,
    }


def cpu_ms(way: Callable[[], int], replies: int, at_once: int) -> tuple[float, float]:
    """CPU milliseconds and wall milliseconds per reply."""
    way()
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    pool = gevent.pool.Pool(at_once)
    read = pool.map(lambda _: way(), range(replies))
    after = resource.getrusage(resource.RUSAGE_SELF)
    assert len(read) == replies
    assert all(read)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used * 1000 / replies, (time.monotonic() - began) * 1000 / replies


def main() -> None:
    """Run every way against a server of its own."""
    options = argparse.ArgumentParser()
    options.add_argument("--replies", type=int, default=200)
    options.add_argument("--at-once", type=int, default=50)
    options.add_argument("--interval", default="0.02")
    options.add_argument("--tokens", default="60")
    given = options.parse_args()
    command = [sys.executable, "-m", "tests.wire.llm_bench", "--port", "0", "--first-token", "0.2"]
    command += ["--interval", given.interval, "--tokens", given.tokens]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        port = int(server.stdout.readline().split()[-1])
        try:
            print(f"{given.replies} replies of {given.tokens} tokens, {given.at_once} at once")
            for name, way in ways(port).items():
                cpu, wall = cpu_ms(way, given.replies, given.at_once)
                print(f"{name:40} {cpu:6.1f} ms CPU a reply  {1000 / wall:6.0f} replies/s")
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
