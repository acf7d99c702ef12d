"""How long after ShopMonkey answers again an order that no webhook told of is a lead, with a real worker.

python -m tests.bench.outage [rounds] [seconds of outage]

Two kinds of outage in turn: 503 at once, and calls that hang.
"""

import itertools
import sys
import time
import uuid
from datetime import UTC, datetime

import requests
from sqlalchemy import select

from tests.bench.server import free_port, postgres, running, settings_of
from tests.conftest import settings_for_tests
from tests.databases import create_database, drop_database, migrate

KEY = "sandbox-shopmonkey-key"
KINDS = {
    "503 at once": ({"down": True}, {"down": False}),
    "calls that hang": ({"hanging": 1.0, "hang_seconds": 35.0}, {"hanging": 0.0}),
}
PATIENCE = 120


def main(rounds: int = 4, outage: int = 75) -> None:
    name = f"bench_{uuid.uuid4().hex[:8]}"
    with postgres():
        url = create_database(name)
        migrate(url)
        port = free_port()
        shop = f"http://127.0.0.1:{port}/sandbox/shopmonkey"
        serve = ("app.sandbox.shopmonkey.serve", "--port", str(port), "--database", url)
        given = settings_of(url, free_port(), free_port(), False) | {"SHOPMONKEY_BASE_URL": shop}
        try:
            with running(*serve, ready=port):
                furnish(url)
                ask(shop, "PUT", "manners", {"calls_a_minute": 10_000_000})
                with running("flask", "worker", environ=given):
                    measure(url, shop, rounds, outage)
        finally:
            drop_database(name)


def measure(url: str, shop: str, rounds: int, outage: int) -> None:
    put_order(shop, "before")
    appears(url, "before")
    took = []
    for number, kind in zip(range(rounds), itertools.cycle(KINDS), strict=False):
        begin, end = KINDS[kind]
        ask(shop, "PUT", "manners", begin)
        time.sleep(outage / 2)
        put_order(shop, f"missed-{number}")
        time.sleep(outage / 2 + number % 7)
        ask(shop, "PUT", "manners", end)
        took.append(appears(url, f"missed-{number}"))
        print(f"{kind}, {outage} s: the missed order is a lead {took[-1]:.1f} s after the end", flush=True)
    print(f"{rounds} outages: at most {max(took):.1f} s (promised: 60)")


def appears(url: str, order_id: str) -> float:
    """Seconds until the order is a lead."""
    from app import create_app
    from app.db import db
    from app.leads.models import Lead

    started, app = time.monotonic(), create_app(settings_for_tests(url))
    with app.app_context():
        try:
            while db.session.scalar(select(Lead.id).where(Lead.shopmonkey_order_id == order_id)) is None:
                db.session.rollback()
                assert time.monotonic() - started < PATIENCE, f"{order_id} is no lead after {PATIENCE} s"
                time.sleep(0.1)
            return time.monotonic() - started
        finally:
            db.session.remove()
            app.extensions["live"].close()
            db.engine.dispose()


def furnish(url: str) -> None:
    from app import create_app
    from app.db import db
    from tests.factories.locations import make_company, make_location

    app = create_app(settings_for_tests(url))
    with app.app_context():
        make_location(make_company(), shopmonkey_id="store")
        db.session.commit()
        app.extensions["live"].close()
        db.session.remove()
        db.engine.dispose()


def put_order(shop: str, order_id: str) -> None:
    row = {
        "id": order_id, "number": "1", "name": "New Quote", "status": "Estimate", "locationId": "store",
        "customerId": order_id, "createdDate": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    ask(shop, "POST", "objects/customer", {"rows": [{"id": order_id, "firstName": "Maria"}]})
    ask(shop, "POST", "objects/order", {"rows": [row]})


def ask(shop: str, method: str, path: str, body: object = None) -> dict:
    who = {"Authorization": f"Bearer {KEY}"}
    answer = requests.request(method, f"{shop}/control/{path}", json=body, headers=who, timeout=60)
    answer.raise_for_status()
    return answer.json()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
