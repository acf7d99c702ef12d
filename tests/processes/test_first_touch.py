"""Orders by every road at once, and workers that die while they send: one lead, one first touch, and never a second."""

import http.client
import threading
from contextlib import closing
from datetime import UTC, datetime

from tests.factories.webhooks import body_for, headers_for
from tests.processes.conftest import ACCOUNT, STORE
from tests.processes.system import System, Web, eventually

# Satellite telephones: their numbers tell no place, so that only the store's zone counts, where it is noon.
SATELLITE = "+8816123456"


def place_order(shopmonkey, order_id: str, phone: str) -> None:
    """An order as the store's website makes it, by a customer who agreed to texts."""
    customer = {"id": f"customer-{order_id}", "companyId": ACCOUNT, "firstName": "Maria", "lastName": "Alvarez"}
    number = {"id": f"phone-{order_id}", "number": phone, "primary": True, "optIn": True}
    shopmonkey.customers[customer["id"]] = {**customer, "phoneNumbers": [number], "emails": []}
    created = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    told = {"companyId": ACCOUNT, "locationId": STORE, "customerId": customer["id"], "createdDate": created}
    shopmonkey.put_order(order_id, **told)


def announce(server: Web, order_id: str, delivery: str, version: int = 1) -> int:
    """Deliver the webhook; the status."""
    body = body_for(ACCOUNT, order_id, version=version)
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
        connection.request("POST", "/webhooks/shopmonkey", body, headers_for(body, delivery=delivery))
        return connection.getresponse().status


def touch_points(system: System, order_id: str) -> list[tuple]:
    query = (
        "SELECT touch_points.id, touch_points.status, claimed_until IS NOT NULL FROM touch_points"
        " JOIN leads ON leads.id = lead_id WHERE shopmonkey_order_id = %s AND step = 0"
    )
    return system.rows(query, order_id)


def deliveries(system: System, order_id: str) -> list[str]:
    query = "SELECT deliveries.status FROM deliveries JOIN leads ON leads.id = lead_id WHERE shopmonkey_order_id = %s"
    return [status for (status,) in system.rows(query, order_id)]


def texts_to(system: System, phone: str) -> int:
    return system.one("SELECT count(*) FROM sandbox.outbox WHERE recipient = %s", phone)


def let_time_pass(system: System) -> None:
    """As if a dead worker's claims and patience had run out."""
    system.rows("UPDATE touch_points SET claimed_until = now() - interval '1 second' WHERE claimed_until IS NOT NULL")
    system.rows("UPDATE deliveries SET sending_at = sending_at - interval '10 minutes' WHERE status = 'sending'")


def test_one_order_by_every_road_at_once_is_one_lead_with_one_first_touch(system, shopmonkey) -> None:
    phone = SATELLITE + "01"
    place_order(shopmonkey, "storm", phone)
    together = threading.Barrier(20)
    answers: list[int] = []

    def deliver(number: int) -> None:
        together.wait(10)
        # Every fourth is a repeated delivery, the others tell of the same order under their own ids and versions.
        own = number - number % 4 if number % 4 == 3 else number
        answers.append(announce(system.web[number % 2], "storm", f"storm-{own}", version=own))

    with system.worker(), system.worker():
        threads = [threading.Thread(target=deliver, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        open_events = "SELECT count(*) FROM webhook_events WHERE object_id = 'storm' AND status <> 'done'"
        eventually(lambda: system.one(open_events) == 0, "all events handled")
        eventually(lambda: deliveries(system, "storm") == ["sent"], "the first touch")
        # Another round of every road after the send.
        announce(system.web[0], "storm", "storm-late", version=99)
        eventually(lambda: system.one(open_events) == 0, "the late event")
    assert answers == [200] * 20
    assert system.one("SELECT count(*) FROM leads WHERE shopmonkey_order_id = 'storm'") == 1
    assert [status for _, status, _ in touch_points(system, "storm")] == ["done"]
    assert (deliveries(system, "storm"), texts_to(system, phone)) == (["sent"], 1)


def test_a_worker_killed_after_its_claim_sends_nothing_and_the_next_one_sends_once(system, shopmonkey) -> None:
    phone = SATELLITE + "02"
    place_order(shopmonkey, "claimed", phone)
    with system.worker() as worker, system.holding("LOCK TABLE deliveries IN SHARE ROW EXCLUSIVE MODE"):
        announce(system.web[0], "claimed", "claimed-1")
        claimed = eventually(lambda: [row for row in touch_points(system, "claimed") if row[2]], "a claim")
        eventually(system.someone_waits_for_a_lock, "the worker at the lock")
        worker.kill()
    assert claimed[0][1] == "planned"
    assert texts_to(system, phone) == 0
    let_time_pass(system)
    with system.worker():
        eventually(lambda: deliveries(system, "claimed") == ["sent"], "the first touch")
    assert texts_to(system, phone) == 1


def test_a_worker_killed_while_the_provider_takes_the_text_never_sends_it_again(system, shopmonkey) -> None:
    phone = SATELLITE + "03"
    place_order(shopmonkey, "sending", phone)
    with system.worker() as worker, system.holding("LOCK TABLE sandbox.outbox IN SHARE ROW EXCLUSIVE MODE"):
        announce(system.web[0], "sending", "sending-1")
        eventually(lambda: deliveries(system, "sending") == ["sending"], "the fence passed")
        eventually(system.someone_waits_for_a_lock, "the provider's call")
        worker.kill()
    eventually(lambda: not system.someone_waits_for_a_lock(), "the dead worker's connections to end")
    taken = texts_to(system, phone)
    let_time_pass(system)
    with system.worker():
        eventually(lambda: deliveries(system, "sending") != ["sending"], "the reconciled delivery")
        eventually(lambda: touch_points(system, "sending")[0][1] != "planned", "the touch point")
    assert deliveries(system, "sending") == ["sent" if taken else "unknown"]
    assert texts_to(system, phone) == taken <= 1
