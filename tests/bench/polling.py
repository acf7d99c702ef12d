"""Polling: orders a minute against the stand-in's rate limit, and memory as the number of orders grows.

python -m tests.bench.polling [orders] [calls_a_minute]
"""

import sys
import time
import tracemalloc
import uuid
from datetime import UTC, datetime, timedelta

import psutil
import requests

from tests.bench.server import free_port, postgres, running
from tests.conftest import settings_for_tests
from tests.databases import create_database, drop_database, migrate

KEY = "sandbox-shopmonkey-key"
LOOKED_BACK = timedelta(hours=6)


def main(orders: int = 600, calls_a_minute: int = 1200) -> None:
    name = f"bench_{uuid.uuid4().hex[:8]}"
    with postgres():
        url = create_database(name)
        migrate(url)
        port = free_port()
        shop = ("app.sandbox.shopmonkey.serve", "--port", str(port), "--database", url)
        try:
            with running(*shop, ready=port):
                measure(url, f"http://127.0.0.1:{port}/sandbox/shopmonkey", orders, calls_a_minute)
        finally:
            drop_database(name)


def measure(url: str, shop: str, orders: int, calls_a_minute: int) -> None:
    from app import create_app
    from app.db import db

    app = create_app(settings_for_tests(url, shopmonkey_base_url=shop, shopmonkey_api_key=KEY))
    with app.app_context():
        company_id = furnish()
        for limit in (calls_a_minute, 10_000_000):
            ask(shop, "PUT", "manners", {"calls_a_minute": limit})
            put_orders(shop, f"at-{limit}", orders, {})
            report(shop, company_id, orders, f"{orders} missed orders, {limit} calls a minute")
        ask(shop, "PUT", "manners", {"calls_a_minute": 10_000_000})
        for count in (1_000, 5_000, 20_000):
            put_orders(shop, f"done-{count}", count, {"authorized": True, "status": "RepairOrder"})
            report(shop, company_id, 0, f"{count} more orders that are no leads", memory=True)
        app.extensions["live"].close()
        db.session.remove()
        db.engine.dispose()


def furnish() -> int:
    from app.db import db
    from app.sandbox.shopmonkey.shapes import COMPANY_ID
    from tests.factories.locations import make_company, make_location

    company = make_company(shopmonkey_id=COMPANY_ID)
    make_location(company, shopmonkey_id="store")
    db.session.commit()
    return company.id


def report(shop: str, company_id: int, expected: int, what: str, memory: bool = False) -> None:
    from sqlalchemy import delete

    from app.db import db
    from app.locations.models import Company
    from app.sync.models import OrderWatermark, SyncTurn
    from app.sync.polling import poll

    db.session.execute(delete(SyncTurn))
    db.session.execute(delete(OrderWatermark))
    db.session.commit()
    calls = sum(ask(shop, "GET", "calls").values())
    if memory:
        tracemalloc.start()
    started = time.monotonic()
    taken = poll(db.session.get_one(Company, company_id), datetime.now(UTC))
    spent = time.monotonic() - started
    made = sum(ask(shop, "GET", "calls").values()) - calls
    held = f", peak of Python's memory {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB" if memory else ""
    tracemalloc.stop()
    assert taken == expected, f"{taken} of {expected} orders"
    rate = f", {60 * taken / spent:.0f} orders a minute, {made / taken:.1f} calls an order" if taken else ""
    print(f"{what}: {spent:.1f} s{rate}, {made} calls{held}, RSS {psutil.Process().memory_info().rss / 1e6:.0f} MB")


def put_orders(shop: str, prefix: str, count: int, fields: dict) -> None:
    """Orders of the last six hours, all of one store."""
    now = datetime.now(UTC)
    for start in range(0, count, 1_000):
        rows = [
            {
                "id": f"{prefix}-{number}", "number": str(number), "name": "New Quote", "status": "Estimate",
                "locationId": "store", "customerId": f"{prefix}-{number}", "vehicleId": None,
                "createdDate": (now - LOOKED_BACK * number / count).isoformat(), **fields,
            }
            for number in range(start, min(start + 1_000, count))
        ]  # fmt: skip
        ask(shop, "POST", "objects/order", {"rows": rows})
        if not fields:
            people = [{"id": row["id"], "firstName": "Maria"} for row in rows]
            ask(shop, "POST", "objects/customer", {"rows": people})


def ask(shop: str, method: str, path: str, body: object = None) -> dict:
    who = {"Authorization": f"Bearer {KEY}"}
    answer = requests.request(method, f"{shop}/control/{path}", json=body, headers=who, timeout=60)
    answer.raise_for_status()
    return answer.json()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
