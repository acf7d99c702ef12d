"""Due touch points handed to a transport per second, with 1, 2 and 4 workers and a provider that takes 50 ms.

`python -m tests.bench.due_touch_points [--n 1000] [--workers 1 2 4]`
"""

import argparse
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime

from tests.bench.server import ENCRYPTION_KEY, ROOT, SECRET_KEY, cpu_of, postgres, postmaster

# A Tuesday noon in Florida: texts are allowed.
NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)
PROVIDER_SECONDS = 0.05


def make_app(url: str):
    from app import create_app
    from tests.conftest import settings_for_tests

    return create_app(settings_for_tests(url, secret_key=SECRET_KEY, encryption_keys=ENCRYPTION_KEY, log_level="ERROR"))


def load(url: str, count: int) -> None:
    """That many leads of 20 stores, each with its whole sequence, the first contact due."""
    from app.db import db
    from app.touchpoints.planning import start_sequence
    from tests.factories.leads import make_customer, make_lead
    from tests.factories.locations import make_company, make_location

    app = make_app(url)
    with app.app_context():
        company = make_company()
        stores = [make_location(company) for _ in range(20)]
        for number in range(count):
            store = stores[number % len(stores)]
            lead = make_lead(store, customer=make_customer(company), order_read_at=NOON, link_sent_at=None)
            start_sequence(lead, NOON)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def work(url: str) -> None:
    """One worker: says that it is ready, waits for a line, sends all, prints how many."""
    from app.messaging import Sent
    from app.messaging.transports import Transports
    from app.touchpoints.jobs import send_due

    class Slow:
        """Takes 50 ms for each message."""

        reaches_people, can_ask = False, False

        def __init__(self, name: str) -> None:
            self.name = name

        def send(self, outgoing):
            time.sleep(PROVIDER_SECONDS)
            return Sent(f"{self.name}-{outgoing.public_id}", segments=2)

    app = make_app(url)
    app.extensions["messaging"] = Transports(Slow("twilio"), Slow("smtp"), lambda location_id: True)
    app.extensions["freshen_lead"] = app.extensions["freshen_customer"] = lambda lead_id, now: None
    with app.app_context():
        send_due(NOON.replace(year=2025))
        print("ready", flush=True)
        sys.stdin.readline()
        began = time.process_time()
        print(send_due(NOON), time.process_time() - began, flush=True)


def run(workers: int, count: int) -> tuple[float, int, float, float]:
    from tests.databases import create_database, drop_database, migrate

    name = f"bench_{uuid.uuid4().hex[:10]}"
    url = create_database(name)
    try:
        migrate(url)
        load(url, count)
        command = [sys.executable, "-m", "tests.bench.due_touch_points", "--worker", url]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        running = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(workers)]
        for process in running:
            assert process.stdout.readline().strip() == "ready"
        began, database = time.monotonic(), cpu_of(postmaster())
        for process in running:
            process.stdin.write("go\n")
            process.stdin.flush()
        told = [process.stdout.readline().split() for process in running]
        seconds, database = time.monotonic() - began, cpu_of(postmaster()) - database
        sent, busy = sum(int(one[0]) for one in told), sum(float(one[1]) for one in told)
        for process in running:
            process.wait()
        return sent / seconds, sent, busy / sent * 1000, database / sent * 1000
    finally:
        drop_database(name)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=1000)
    options.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    options.add_argument("--worker")
    given = options.parse_args()
    if given.worker:
        work(given.worker)
        return
    from app.touchpoints.jobs import LANES

    with postgres():
        for workers in given.workers:
            rate, sent, busy, database = run(workers, given.n)
            limit = workers * LANES / PROVIDER_SECONDS
            print(
                f"{workers} worker(s): {rate:.0f} touch points/s of {limit:.0f} that the provider takes;"
                f" {sent} sent, CPU each: {busy:.1f} ms of the worker, {database:.1f} ms of PostgreSQL",
                flush=True,
            )


if __name__ == "__main__":
    main()
