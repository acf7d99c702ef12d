"""Failover delay: from the first provider's fault to the second one being asked, and to its first words on the page.

    python -m tests.bench.failover --rounds 8

One customer at a time, through the whole product. The second provider answers at once, so that what is left is ours.
A stall is counted from where our patience ends.
"""

import argparse
import asyncio
import time
from dataclasses import dataclass, field

from app.ai.streaming import Timeouts
from tests.bench.replies import GIVE_UP, Feed, Talk, post
from tests.bench.server import Bench, Customer, bench, percentile
from tests.wire.llm_server import (
    Cut,
    End,
    Fault,
    Garbage,
    LlmServer,
    Recorded,
    Refuse,
    Step,
    Stop,
    Wait,
    refusal,
    words,
)  # fmt: skip

FIRST = "Hi! Ceramic tint is a great choice for Florida sun. It keeps the cabin cool, and it never turns"
REST = "purple. Would you like to hear about the shades that are legal here?"
FAULTS: dict[str, tuple[int, Step]] = {
    "refused (529)": (0, refusal("anthropic", 529, "overloaded_error")),
    "broken off before the first word": (0, Cut()),
    "broken off in a sentence": (14, Cut()),
    "an error event in a sentence": (14, Fault()),
    "an event that is no JSON": (14, Garbage()),
    "an end without a stop reason": (14, End()),
    "a stall in a sentence": (14, Wait(3600)),
}


class Played(Wait):
    """Takes no time, and notes when it was reached: what follows is the fault."""

    def __init__(self) -> None:
        object.__setattr__(self, "moments", [])

    @property
    def seconds(self) -> float:  # type: ignore[override]
        self.moments.append(time.monotonic())
        return 0.0

    until = None


@dataclass
class Model:
    """The first provider breaks in the manner at hand; the second one goes on."""

    fault: str | None = None
    broke: Played = field(default_factory=Played)
    asked: float = 0.0

    def __call__(self, request: Recorded) -> list[Step]:
        if request.wire == "openai":
            self.asked = time.monotonic()
            return [*words(REST), Stop()]
        if self.fault is None:
            return [*words(FIRST), *words(f" {REST}"), Stop()]
        after, fault = FAULTS[self.fault]
        if isinstance(fault, Refuse) or not after:
            return [self.broke, fault]
        return [*words(FIRST), self.broke, fault, *([Stop()] if isinstance(fault, Garbage | Fault) else [])]


class Watch(Feed):
    """Notes when the second provider's first word is on the page."""

    def __init__(self, talk: Talk, opened: asyncio.Future[None], done: asyncio.Future[None]) -> None:
        super().__init__(talk, opened, done)
        self.seen, self.went_on = b"", 0.0

    def data_received(self, data: bytes) -> None:
        self.seen += data
        if not self.went_on and REST.split()[1].encode() in self.seen:
            self.went_on = time.monotonic()
        super().data_received(data)


async def one_answer(port: int, customer: Customer) -> float:
    """When the second provider's words reached the page, by the machine's clock."""
    loop = asyncio.get_running_loop()
    talk, opened, done = Talk(customer.safety_id), loop.create_future(), loop.create_future()
    transport, watch = await loop.create_connection(lambda: Watch(talk, opened, done), "127.0.0.1", port)
    head = f"GET /chat/{customer.public_id}/stream?after=0 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
    transport.write(f"{head}Cookie: leads={customer.cookie}\r\nAccept: text/event-stream\r\n\r\n".encode())
    await asyncio.wait_for(opened, GIVE_UP)
    await post(port, customer, talk)
    await asyncio.wait_for(done, GIVE_UP)
    transport.close()
    return watch.went_on


def measure(running: Bench, model: Model, fault: str, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds to the second provider's request, and to its words on the page."""
    asked, seen = [], []
    for _ in range(rounds):
        model.fault, model.broke = None, Played()
        asyncio.run(one_answer(running.port, *running.take(1)))  # a good answer: the breaker stays closed
        model.fault = fault
        shown = asyncio.run(one_answer(running.port, *running.take(1)))
        broke = model.broke.moments[-1] + (Timeouts().stall if isinstance(FAULTS[fault][1], Wait) else 0.0)
        asked.append((model.asked - broke) * 1000)
        seen.append((shown - broke) * 1000)
    return asked, seen


def line(name: str, *measured: list[float]) -> str:
    figures = (f"{percentile(ms, 50):7.1f} /{percentile(ms, 95):7.1f}" for ms in measured)
    return f"{name:<34} {'   '.join(figures)}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=8)
    options.add_argument("--stalls", type=int, default=2)
    given = options.parse_args()
    model = Model()
    with LlmServer() as llm:
        llm.default = model
        environ = {"ANTHROPIC_BASE_URL": llm.url("anthropic"), "OPENAI_BASE_URL": llm.url("openai")}
        rounds = {name: given.stalls if name.startswith("a stall") else given.rounds for name in FAULTS}
        leads = 2 * sum(rounds.values()) + 8
        with bench(leads, worker=False, OPENAI_API_KEY="test", **environ) as running:
            for _ in range(4):
                asyncio.run(one_answer(running.port, *running.take(1)))
            print(f"{'the first provider':<34} second asked, ms   its words shown, ms   (p50 / p95)")
            for name in FAULTS:
                print(line(name, *measure(running, model, name, rounds[name])), flush=True)


if __name__ == "__main__":
    main()
