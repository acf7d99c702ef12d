"""How soon a webhook is answered: paced at 300 a second, and with 50 in flight. `python -m tests.bench.webhooks`"""

import argparse
import asyncio
import json
import time

from tests.bench.server import WEBHOOK_SECRET, Bench, bench, percentile
from tests.factories.webhooks import headers_for


def request_of(port: int, number: int) -> bytes:
    """A signed delivery of an order nobody knows yet, as bytes."""
    row = {"id": f"order-{number}", "companyId": "bench-company", "meta": {"version": 1}}
    body = json.dumps({"apiVersion": "3", "operation": "INSERT", "table": "order", "data": row}).encode()
    headers = headers_for(body, secret=WEBHOOK_SECRET, delivery=f"bench-{number}-{time.monotonic_ns()}")
    lines = [f"POST /webhooks/shopmonkey HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Line:
    """One kept-alive connection."""

    async def open(self, port: int) -> "Line":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        return self

    async def send(self, request: bytes) -> bool:
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        await self.reader.readexactly(2)
        return b" 200 " in head[:16]


async def in_flight(port: int, lines: int, seconds: float, first: int) -> tuple[list[float], int, float]:
    """As many at once as there are lines: milliseconds each, failures, how many a second."""
    times, failed, number = [], 0, first
    until = time.monotonic() + seconds

    async def keep_sending(line: Line) -> None:
        nonlocal failed, number
        while time.monotonic() < until:
            number += 1
            request = request_of(port, number)
            began = time.monotonic()
            failed += not await line.send(request)
            times.append((time.monotonic() - began) * 1000)

    opened = [await Line().open(port) for _ in range(lines)]
    await asyncio.gather(*(keep_sending(line) for line in opened))
    return times, failed, len(times) / seconds


async def paced(port: int, per_second: int, seconds: float) -> tuple[list[float], int]:
    """One every 1/per_second seconds whatever the answers: milliseconds from when each was due, failures."""
    times, failed = [], 0
    free: asyncio.Queue[Line] = asyncio.Queue()
    for _ in range(60):
        free.put_nowait(await Line().open(port))

    async def one(due: float, request: bytes) -> None:
        nonlocal failed
        line = await free.get()
        failed += not await line.send(request)
        times.append((time.monotonic() - due) * 1000)
        free.put_nowait(line)

    requests = [request_of(port, 10_000_000 + at) for at in range(int(per_second * seconds))]
    began, sent = time.monotonic() + 0.1, []
    for at, request in enumerate(requests):
        due = began + at / per_second
        if (pause := due - time.monotonic()) > 0:
            await asyncio.sleep(pause)
        sent.append(asyncio.create_task(one(due, request)))
    await asyncio.gather(*sent)
    return times, failed


def run(running: Bench, seconds: float) -> None:
    times, failed, rate = asyncio.run(in_flight(running.port, 50, min(seconds, 5), 0))
    print(f"50 in flight: {rate:.0f} a second, {_told(times, failed)}")
    times, failed = asyncio.run(paced(running.port, 300, seconds))
    print(f"300 a second for {seconds:.0f} s: {_told(times, failed)}")


def _told(times: list[float], failed: int) -> str:
    return f"p50 {percentile(times, 50):.1f} ms, p99 {percentile(times, 99):.1f} ms, {failed} failed"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--worker", action="store_true", help="let the worker handle them meanwhile")
    given = options.parse_args()
    with bench(leads=1, worker=given.worker) as running:
        asyncio.run(in_flight(running.port, 8, 1, 50_000_000))
        run(running, given.seconds)


if __name__ == "__main__":
    main()
