"""What people who only read cost: memory, processor, and others' requests. `python -m tests.bench.idle_streams`"""

import argparse
import asyncio
import time

import psutil

from tests.bench.server import Bench, bench, children, cpu_of, memory_of, percentile


async def read(running: Bench, count: int, seconds: float) -> None:
    head = f" HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
    before = memory_of(running.web.pid)
    print(f"no stream: {before:.0f} MB in both web processes; a page in {await page(running, head):.0f} ms")
    streams = []
    for at, customer in enumerate(running.take(count)):
        reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
        writer.write(
            f"GET /chat/{customer.public_id}/stream?after=0{head}Cookie: leads={customer.cookie}\r\n\r\n".encode()
        )
        streams.append((reader, writer))
        if at % 50 == 49:
            await asyncio.gather(*(stream.readuntil(b": here") for stream, _ in streams[-50:]))
    await asyncio.sleep(2)
    used, began = cpu_of(running.web.pid), time.monotonic()
    await asyncio.sleep(seconds)
    share = (cpu_of(running.web.pid) - used) / (time.monotonic() - began)
    after = memory_of(running.web.pid)
    rss = sum(psutil.Process(child.pid).memory_info().rss for child in children(running.web.pid)) / 1e6
    times = [await page(running, head) for _ in range(30)]
    print(
        f"{count} streams: {after:.0f} MB of their own, {rss:.0f} MB resident,"
        f" {(after - before) * 1000 / count:.0f} KB a stream"
    )
    print(
        f"processor while idle: {share * 100:.1f} %;"
        f" a page in p50 {percentile(times, 50):.0f}, p95 {percentile(times, 95):.0f} ms"
    )
    for _, writer in streams:
        writer.close()


async def page(running: Bench, head: str) -> float:
    """Milliseconds for a chat page."""
    customer, began = running.customers[-1], time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    writer.write(
        f"GET /chat/{customer.public_id}{head}Cookie: leads={customer.cookie}\r\nConnection: close\r\n\r\n".encode()
    )
    answer = await reader.read()
    writer.close()
    assert b" 200 " in answer[:16], answer[:200]
    return (time.monotonic() - began) * 1000


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=2000)
    options.add_argument("--seconds", type=float, default=10)
    given = options.parse_args()
    with bench(leads=given.n + 1) as running:
        asyncio.run(read(running, given.n, given.seconds))


if __name__ == "__main__":
    main()
