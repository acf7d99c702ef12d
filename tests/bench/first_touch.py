"""From webhook to first touch on the sandbox's stand-ins. `python -m tests.bench.first_touch`"""

import argparse
import http.client
import time
from contextlib import closing
from datetime import UTC, datetime

import psycopg2

from tests.bench.server import WEBHOOK_SECRET, Bench, bench, percentile
from tests.factories.webhooks import body_for, headers_for
from tests.wire.shopmonkey_server import KEY, shopmonkey_server

SEEN = """
    SELECT outbox.taken_at, deliveries.status FROM leads JOIN deliveries ON deliveries.lead_id = leads.id
    JOIN sandbox.outbox ON outbox.public_id = deliveries.public_id WHERE shopmonkey_order_id = %s
"""


def place(shopmonkey, number: int) -> str:
    order_id, customer_id = f"order-touch-{number}", f"customer-touch-{number}"
    phone = {"id": f"phone-{number}", "number": f"+1954556{number:04d}", "primary": True, "optIn": True}
    email = {"id": f"email-{number}", "email": f"touch{number}@example.com", "primary": True, "subscribed": True}
    shopmonkey.customers[customer_id] = {
        "id": customer_id, "companyId": "bench-company", "firstName": "Maria",
        "phoneNumbers": [phone], "emails": [email],
    }  # fmt: skip
    created = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    told = {"companyId": "bench-company", "locationId": "bench-location", "customerId": customer_id}
    shopmonkey.put_order(order_id, createdDate=created, **told)
    return order_id


def touch(running: Bench, cursor, order_id: str) -> tuple[float, float, float]:
    """Milliseconds until the webhook is answered, the provider has the message, its ledger row says sent."""
    body = body_for("bench-company", order_id)
    began_at, began = time.time(), time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)) as connection:
        connection.request("POST", "/webhooks/shopmonkey", body, headers_for(body, WEBHOOK_SECRET, delivery=order_id))
        assert connection.getresponse().status == 200
    answered = time.monotonic() - began
    while time.monotonic() - began < 30:
        cursor.execute(SEEN, (order_id,))
        row = cursor.fetchone()
        if row and row[1] == "sent":
            return answered * 1000, (row[0].timestamp() - began_at) * 1000, (time.monotonic() - began) * 1000
        time.sleep(0.005)
    raise TimeoutError(order_id)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=30)
    given = options.parse_args()
    with shopmonkey_server() as shopmonkey:
        shopmonkey.locations["bench-location"] = {"id": "bench-location", "companyId": "bench-company"}
        environ = {"SHOPMONKEY_BASE_URL": shopmonkey.url, "SHOPMONKEY_API_KEY": KEY}
        with bench(leads=1, sandbox=True, **environ) as running:
            connection = psycopg2.connect(running.environ["DATABASE_URL"])
            connection.autocommit = True
            cursor = connection.cursor()
            time.sleep(3)
            touch(running, cursor, place(shopmonkey, 0))
            times = [touch(running, cursor, place(shopmonkey, number)) for number in range(1, given.n + 1)]
            connection.close()
    for name, column in zip(
        ("answered", "handed to the provider", "sent in the ledger"), zip(*times, strict=True), strict=True
    ):
        print(f"webhook → {name}: p50 {percentile(list(column), 50):.0f} ms, p95 {percentile(list(column), 95):.0f} ms")


if __name__ == "__main__":
    main()
