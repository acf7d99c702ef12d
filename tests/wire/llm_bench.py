"""The cheap server for benches: both protocols, one process, real sentences, hundreds of streams at once.

`GET /timings` gives, per request, the time.monotonic() of each token sent, so that a bench on the same machine can
take the provider's own time out. `DELETE /timings` forgets them.
"""

import argparse
import asyncio
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

from tests.wire.llm_script import WIRES, Say, Stop, events_of

TEXTS = (
    "Hi! Ceramic tint is a great choice for Florida sun. It blocks most of the heat, keeps the cabin cool and never "
    "turns purple. Full Car Ceramic Tint is $299 and is done in our own shop. The film carries a lifetime "
    "warranty against bubbling, peeling and fading. Would you like to hear about the shades that are legal here?",
    "Thanks for asking! A paint protection film keeps rock chips and scratches off the front of your car. We wrap the "
    "hood, the fenders and the mirrors with a clear film that heals itself in the sun. It is best done while the "
    "paint is new, and it can be combined with a ceramic coating for a deep gloss. Shall I look up the options?",
    "Good question. A ceramic coating bonds with the clear coat, so water and dirt slide right off and washing takes "
    "half the time. Our one year coating is $399 and our five year coating is $899, and both include a full wash and "
    "decontamination first. Most cars are ready the next day. Would you like the team to find a time for you?",
)
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nrequest-id: req_bench\r\nx-request-id: req_bench\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
USER = re.compile(rb'"(?:safety_identifier|user_id)"\s*:\s*"([^"]*)"')
LENGTH = re.compile(rb"content-length:\s*(\d+)", re.I)


def tokens_of(text: str, count: int) -> list[str]:
    """The text as exactly `count` tokens, repeated when it is short."""
    words = re.findall(r"\S+\s*", text + " ")
    return [words[at % len(words)] for at in range(count)]


def encode(wire: str, text: str, count: int) -> list[bytes]:
    """The chunks of one answer: its opening, each token, its end."""
    speak = WIRES[wire]("claude-sonnet-5-5" if wire == "anthropic" else "gpt-4o")
    steps = [*(Say(token) for token in tokens_of(text, count)), Stop()]
    events = [b"".join(speak.start()), *(b"".join(events_of(speak, step)) for step in steps)]
    chunks = [b"%x\r\n%s\r\n" % (len(event), event) for event in events]
    chunks[-1] += b"0\r\n\r\n"
    return chunks


class Bench:
    """What all connections share."""

    def __init__(self, first_token: float, interval: float, tokens: int, texts: tuple[str, ...]) -> None:
        self.first_token, self.interval = first_token, interval
        self.answers = {wire: [encode(wire, text, tokens) for text in texts] for wire in WIRES}
        self.timings: list[dict] = []


class Connection(asyncio.Protocol):
    """One keep-alive connection; no work per token but one write."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.received, self.timer = bench, b"", None

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if self.timer:
            self.timer.cancel()

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return
        length = LENGTH.search(head)
        if len(body) < (int(length[1]) if length else 0):
            return
        self.received = b""
        if b"/timings" in head.split(b"\r\n", 1)[0]:
            self.tell_timings(head)
        else:
            self.answer("anthropic" if b" /v1/messages" in head else "openai", body)

    def tell_timings(self, head: bytes) -> None:
        told = json.dumps(self.bench.timings).encode()
        if head.startswith(b"DELETE"):
            self.bench.timings.clear()
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(told), told))

    def answer(self, wire: str, body: bytes) -> None:
        answers = self.bench.answers[wire]
        which = len(self.bench.timings) % len(answers)
        user = USER.search(body)
        sent: list[float] = []
        who, asked = (user[1].decode() if user else ""), time.monotonic()
        self.bench.timings.append({"user": who, "wire": wire, "text": which, "asked": asked, "sent": sent})
        chunks = answers[which]
        self.transport.write(HEAD + chunks[0])
        loop = asyncio.get_running_loop()
        due = loop.time() + self.bench.first_token
        self.timer = loop.call_at(due, self.step, loop.call_at, chunks, 1, due, sent)

    def step(self, call_at: Callable, chunks: list[bytes], at: int, due: float, sent: list[float]) -> None:
        self.transport.write(chunks[at])
        if at < len(chunks) - 1:
            sent.append(time.monotonic())
            # The end follows the last token at once.
            due += self.bench.interval if at < len(chunks) - 2 else 0
            self.timer = call_at(due, self.step, call_at, chunks, at + 1, due, sent)


async def serve(port: int, bench: Bench) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(bench), "127.0.0.1", port, backlog=2048)
    print(f"listening on {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main() -> None:
    """Read the options and serve."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=9000)
    options.add_argument("--first-token", type=float, default=0.2)
    options.add_argument("--interval", type=float, default=0.02)
    options.add_argument("--tokens", type=int, default=60)
    options.add_argument("--texts", type=Path, help="a JSON list of answers to give in turn")
    given = options.parse_args()
    texts = tuple(json.loads(given.texts.read_text())) if given.texts else TEXTS
    asyncio.run(serve(given.port, Bench(given.first_token, given.interval, given.tokens, texts)))


if __name__ == "__main__":
    main()
