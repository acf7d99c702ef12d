"""Added first word, replies a second and processor time per reply, beside the bare SDK on the same transport.

    python -m tests.bench.replies --n 1,50,200,500

N customers hold their feed open and post one message each within half a second. *Added* counts from the provider's
byte that completes the first releasable piece to that piece's bytes on the page's socket.
"""

import argparse
import asyncio
import json
import random
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.server import (
    Bench,
    Customer,
    bench,
    cpu_of,
    fetch,
    free_port,
    gunicorn,
    percentile,
    postmaster,
)
from tests.wire.llm_bench import TEXTS, tokens_of

TOKENS = 60
PIECE_END = re.compile(r"[.!?…,;:–—](?=\s)")
SPREAD = 0.5
GIVE_UP = 90.0


def first_piece_ends(text: str) -> int:
    """The number of the token that completes the first piece with nothing to prove (all bench texts begin with one)."""
    said = ""
    for at, token in enumerate(tokens_of(text, TOKENS)):
        said += token
        if PIECE_END.search(said):
            return at
    raise ValueError(text)


FIRST_PIECE = [first_piece_ends(text) for text in TEXTS]


@dataclass
class Talk:
    """One customer's message and what came of it, in seconds of the machine's clock."""

    safety_id: str
    posted: float = 0.0
    first: float = 0.0
    done: float = 0.0


class Feed(asyncio.Protocol):
    """A page's feed: notes the first words and the end of the assistant's answer."""

    def __init__(self, talk: Talk, opened: asyncio.Future[None], done: asyncio.Future[None]) -> None:
        self.talk, self.opened, self.done, self.rest = talk, opened, done, b""

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        if not self.opened.done() and b": here" in data:
            self.opened.set_result(None)
        self.rest += data
        if b"message--assistant" in self.rest:
            self.talk.first = self.talk.first or now
            if b'aria-busy="false"' in self.rest.rpartition(b"message--assistant")[2] and not self.done.done():
                self.talk.done = now
                self.done.set_result(None)
        self.rest = self.rest[self.rest.rfind(b"\n\n") + 1 :] if b"\n\n" in self.rest else self.rest


class Answer(asyncio.Protocol):
    """The baseline's answer: notes the token that completes the first piece, and the end."""

    def __init__(self, talk: Talk, done: asyncio.Future[None]) -> None:
        self.talk, self.done, self.arrivals, self.rest = talk, done, [], b""

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        data = self.rest + data
        self.arrivals += [now] * data.count(b"text_delta")
        if b"message_stop" in data and not self.done.done():
            self.talk.done = now
            self.done.set_result(None)
        self.rest = data[-9:] if b"text_delta" not in data[-18:] else b""


async def converse(port: int, customers: list[Customer], all_open: Callable[[], None]) -> list[Talk]:
    """Everybody opens a feed, then everybody writes."""
    loop = asyncio.get_running_loop()
    talks = [Talk(customer.safety_id) for customer in customers]
    opened = [loop.create_future() for _ in talks]
    done = [loop.create_future() for _ in talks]
    feeds = []
    for at, customer in enumerate(customers):
        transport, _ = await loop.create_connection(
            lambda at=at: Feed(talks[at], opened[at], done[at]), "127.0.0.1", port
        )
        head = f"GET /chat/{customer.public_id}/stream?after=0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        transport.write(f"{head}Cookie: leads={customer.cookie}\r\nAccept: text/event-stream\r\n\r\n".encode())
        feeds.append(transport)
        if at % 20 == 19:
            await asyncio.sleep(0.01)
    await asyncio.wait_for(asyncio.gather(*opened), GIVE_UP)
    await asyncio.sleep(0.5)
    all_open()
    posts = [post(port, customer, talk) for customer, talk in zip(customers, talks, strict=True)]
    await asyncio.gather(*posts)
    await asyncio.wait(done, timeout=GIVE_UP)
    for transport in feeds:
        transport.close()
    return talks


async def post(port: int, customer: Customer, talk: Talk) -> None:
    await asyncio.sleep(random.uniform(0, SPREAD))
    body = f"message=What+would+you+suggest+for+my+car%3F&client_message_id={random.getrandbits(60):x}"
    origin = f"http://127.0.0.1:{port}"
    head = (
        f"POST /chat/{customer.public_id}/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\n"
        f"Sec-Fetch-Site: same-origin\r\nHX-Request: true\r\nCookie: leads={customer.cookie}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    talk.posted = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write((head + body).encode())
    answer = await reader.read()
    if b" 200 " not in answer[:20]:
        print("a message was refused:", answer[:60])
    writer.close()


async def relay(port: int, count: int) -> tuple[list[Talk], list[list[float]]]:
    """The same load on the baseline: the answer streams in the answer to the post."""
    loop = asyncio.get_running_loop()
    talks = [Talk(f"bare-{random.getrandbits(60):x}") for _ in range(count)]
    done = [loop.create_future() for _ in talks]
    arrivals: list[list[float]] = [[] for _ in talks]

    async def ask(at: int) -> None:
        await asyncio.sleep(random.uniform(0, SPREAD))
        talks[at].posted = time.monotonic()
        body = f"message=What+would+you+suggest&user={talks[at].safety_id}"
        transport, answer = await loop.create_connection(lambda: Answer(talks[at], done[at]), "127.0.0.1", port)
        arrivals[at] = answer.arrivals
        head = f"POST /chat HTTP/1.1\r\nHost: bare\r\nContent-Length: {len(body)}\r\n"
        transport.write(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}".encode())

    await asyncio.gather(*(ask(at) for at in range(count)))
    await asyncio.wait(done, timeout=GIVE_UP)
    return talks, arrivals


@dataclass
class Figures:
    """One run."""

    name: str
    n: int
    failed: int
    added: list[float]
    waited: list[float]
    per_second: float
    web_ms: float
    database_ms: float

    def line(self) -> str:
        added = f"{percentile(self.added, 50):7.0f} /{percentile(self.added, 95):6.0f}"
        waited = f"{percentile(self.waited, 50):7.0f} /{percentile(self.waited, 95):6.0f}"
        costs = f"{self.per_second:9.0f} {self.web_ms:8.1f} {self.database_ms:11.1f}"
        return f"{self.name:<8} {self.n:>4} {self.failed:>6} {added} {waited} {costs}"


HEADER = "what        N failed  added p50/p95  visible p50/p95 replies/s   web ms postgres ms"


def measure(name: str, talks: list[Talk], timings: dict[str, dict], web_s: float, database_s: float) -> Figures:
    whole = [talk for talk in talks if talk.done and talk.first and talk.safety_id in timings]
    completed = {talk.safety_id: _completed(timings[talk.safety_id]) for talk in whole}
    began, ended = min(talk.posted for talk in talks), max((talk.done for talk in whole), default=0)
    count = max(1, len(whole))
    return Figures(
        name, len(talks), len(talks) - len(whole),
        [(talk.first - completed[talk.safety_id]) * 1000 for talk in whole],
        [(talk.first - talk.posted) * 1000 for talk in whole],
        len(whole) / max(0.001, ended - began), web_s * 1000 / count, database_s * 1000 / count,
    )  # fmt: skip


def _completed(timing: dict) -> float:
    return timing["sent"][FIRST_PIECE[timing["text"]]]


def timings_of(llm_port: int) -> dict[str, dict]:
    told = json.loads(fetch(f"http://127.0.0.1:{llm_port}/timings") or b"[]")
    fetch(f"http://127.0.0.1:{llm_port}/timings", "DELETE")
    return {timing["user"]: timing for timing in told}


def run_product(running: Bench, n: int) -> Figures:
    processes = (running.web.pid, postmaster())
    before: list[float] = []
    timings_of(running.llm_port)
    talks = asyncio.run(converse(running.port, running.take(n), lambda: before.extend(map(cpu_of, processes))))
    web, database = (cpu_of(process) - began for process, began in zip(processes, before, strict=True))
    return measure("product", talks, timings_of(running.llm_port), web, database)


def run_bare(running: Bench, web_pid: int, port: int, n: int) -> Figures:
    timings_of(running.llm_port)
    before = cpu_of(web_pid)
    talks, arrivals = asyncio.run(relay(port, n))
    used = cpu_of(web_pid) - before
    timings = timings_of(running.llm_port)
    for talk, times in zip(talks, arrivals, strict=True):
        piece = FIRST_PIECE[timings[talk.safety_id]["text"]] if talk.safety_id in timings else 0
        talk.first = times[piece] if len(times) > piece else 0.0
    return measure("bare SDK", talks, timings, used, 0.0)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", default="1,50,200,500")
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--no-baseline", action="store_true")
    given = options.parse_args()
    sizes = [int(size) for size in given.n.split(",")]
    with bench(leads=given.rounds * sum(sizes) + 20) as running, tempfile.TemporaryDirectory() as folder:
        port = free_port()
        environ = {"ANTHROPIC_BASE_URL": running.environ["ANTHROPIC_BASE_URL"]}
        options_of = ("-k", "gevent", "-w", "2", "--worker-connections", "4000", "--no-control-socket")
        with gunicorn("tests.bench.bare:app", port, environ, *options_of, cwd=Path(folder)) as bare:
            run_product(running, 20)  # imports, connections, caches
            run_bare(running, bare.pid, port, 20)
            print(HEADER)
            for n in sizes:
                for _ in range(given.rounds):
                    product = run_product(running, n)
                    print(product.line(), flush=True)
                    if not given.no_baseline:
                        baseline = run_bare(running, bare.pid, port, n)
                        print(
                            baseline.line(), f"  product/bare: {product.web_ms / baseline.web_ms:.2f}x CPU", flush=True
                        )


if __name__ == "__main__":
    main()
