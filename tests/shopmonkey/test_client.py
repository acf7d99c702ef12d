import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from app.shopmonkey import ShopMonkey, ShopMonkeyError
from app.shopmonkey.retries import asked_wait, pause
from tests.wire.shopmonkey_server import FIREWALL, KEY, Fault, ShopMonkeyServer, shopmonkey_server


@pytest.fixture
def server() -> Iterator[ShopMonkeyServer]:
    with shopmonkey_server() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(server, waits) -> Iterator[ShopMonkey]:
    made = ShopMonkey(server.url, KEY, timeout=0.5, sleep=waits.append)
    yield made
    made.session.close()


def test_an_order_comes_with_key_name_and_version_path(client, server) -> None:
    server.put_order("o/1", locationId="l1")
    assert client.order("o/1").location_id == "l1"
    [(path, _, headers)] = server.calls
    assert path == "/v3/order/o%2F1"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert headers["User-Agent"].startswith("LeadOrchestrator/")


def test_lines_customer_and_vehicle_are_read(client, server) -> None:
    server.services["o1"] = [{"id": "s1", "name": "Ceramic Tint", "totalCents": 39900, "cannedServiceId": "cs1"}]
    server.customers["c1"] = {"id": "c1", "firstName": "Maria"}
    server.vehicles["v1"] = {"id": "v1", "year": "2021", "make": "Toyota"}
    [line] = client.order_services("o1")
    assert (line.name, line.total_cents, line.canned_service_id) == ("Ceramic Tint", 39900, "cs1")
    assert client.customer("c1").first_name == "Maria"
    assert client.vehicle("v1").year == 2021


def test_a_missing_order_is_permanent_and_gone(client, waits) -> None:
    with pytest.raises(ShopMonkeyError) as caught:
        client.order("nobody")
    assert (caught.value.permanent, caught.value.status, caught.value.gone) == (True, 404, True)
    assert caught.value.request_id == "sm-request-1"
    assert waits == []


def test_a_wrong_key_is_permanent_and_not_told_in_the_error(server) -> None:
    with pytest.raises(ShopMonkeyError, match="401 AUTH-1 bad key") as caught:
        ShopMonkey(server.url, "wrong-key").order("o1")
    assert caught.value.permanent
    assert "wrong-key" not in str(caught.value)


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_passing_failure_is_tried_again(client, server, waits, status: int) -> None:
    server.put_order("o1")
    server.faults.extend([Fault(status), Fault(status)])
    assert client.order("o1").id == "o1"
    assert len(waits) == 2
    assert waits[0] < waits[1]


def test_retries_end(client, server, waits) -> None:
    server.faults.extend([Fault(503)] * 9)
    with pytest.raises(ShopMonkeyError) as caught:
        client.order("o1")
    assert (caught.value.permanent, caught.value.status) == (False, 503)
    assert len(server.calls) == 5


@pytest.mark.parametrize("status", [400, 403, 422, 500])
def test_other_failures_are_not_tried_again(client, server, status: int) -> None:
    server.faults.append(Fault(status))
    with pytest.raises(ShopMonkeyError) as caught:
        client.order("o1")
    assert caught.value.permanent is (status != 500)
    assert len(server.calls) == 1


def test_retry_after_is_honoured(client, server, waits) -> None:
    server.put_order("o1")
    server.faults.append(Fault(429, headers={"Retry-After": "7"}))
    client.order("o1")
    assert waits == [pytest.approx(7.0, abs=0.5)]


def test_the_firewall_is_not_a_verdict_on_the_key(client, server) -> None:
    server.faults.append(FIREWALL)
    with pytest.raises(ShopMonkeyError, match="firewall") as caught:
        client.order("o1")
    assert (caught.value.permanent, caught.value.status) == (False, 403)


def test_a_cut_connection_is_tried_again_and_a_hang_is_not(client, server, waits) -> None:
    server.put_order("o1")
    server.faults.append(Fault(cut=True))
    assert client.order("o1").id == "o1"
    assert len(waits) == 1
    server.faults.append(Fault(hang=0.8))
    with pytest.raises(ShopMonkeyError, match="Timeout") as caught:
        client.order("o1")
    assert (caught.value.permanent, caught.value.status) == (False, None)
    assert len(waits) == 1


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"success": true, "data": null}', '{"success": false}'])
def test_an_answer_without_an_object_is_an_error_not_a_crash(client, server, body: str) -> None:
    server.faults.append(Fault(200, body))
    with pytest.raises(ShopMonkeyError) as caught:
        client.order("o1")
    assert not caught.value.permanent


def test_a_refused_connection_is_not_permanent() -> None:
    with pytest.raises(ShopMonkeyError) as caught:
        ShopMonkey("http://127.0.0.1:9", KEY, sleep=lambda seconds: None).order("o1")
    assert not caught.value.permanent


def test_orders_are_asked_for_by_bare_operators(client, server) -> None:
    server.put_order("o1")
    server.put_order("o2", createdDate="2026-11-03T15:00:00.000Z")
    since = datetime(2026, 11, 2, tzinfo=UTC)
    page = client.orders_created(since, since + timedelta(days=1))
    assert [order.id for order in page.orders] == ["o1"]
    assert page.complete
    [(_, query, _)] = server.calls
    assert query["limit"] == "100"
    assert '"gte": "2026-11-02T00:00:00.000Z"' in query["where"]
    assert "$" not in query["where"]


def test_an_empty_window_is_complete(client) -> None:
    since = datetime(2026, 11, 2, tzinfo=UTC)
    assert client.orders_created(since, since + timedelta(days=1)).complete


def test_a_store_with_more_than_one_page_of_services_is_read_whole(client, server) -> None:
    for number in range(150):
        server.canned[f"cs{number}"] = {"id": f"cs{number}", "locationId": "l1", "name": f"Service {number}"}
    server.canned["other"] = {"id": "other", "locationId": "l2"}
    assert len(client.canned_services("l1").services) == 150


def test_no_more_than_five_calls_run_at_once(client, server) -> None:
    server.put_order("o1")
    server.slow = 0.05
    threads = [threading.Thread(target=client.order, args=("o1",)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.calls) == 12
    assert server.busiest <= 5


def test_the_request_id_is_logged_and_the_key_is_not(client, server, caplog) -> None:
    server.put_order("o1")
    with caplog.at_level(logging.INFO):
        client.order("o1")
    assert "sm-request-1" in caplog.text
    assert KEY not in caplog.text


def test_waits_double_are_spread_and_have_an_end() -> None:
    assert [pause(attempt, None, 0.5) for attempt in (1, 2, 3, 9)] == [0.5, 1.0, 2.0, 16.0]
    assert pause(1, None, 0.0) < pause(1, None, 1.0)
    assert pause(1, 3600.0, 0.5) == 60.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("Mon, 02 Nov 2026 15:00:10 GMT", 10.0),
        ("Mon, 02 Nov 2026 14:00:00 GMT", 0.0),
        ("soon", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header, seconds) -> None:
    assert asked_wait(header, datetime(2026, 11, 2, 15, tzinfo=UTC)) == seconds


def test_orders_are_asked_for_by_twenty_ids_at_a_time(client, server) -> None:
    for number in range(45):
        server.put_order(f"o{number}")
    found = client.orders_by_ids([f"o{number}" for number in range(45)] + ["o1"])
    assert {order.id for order in found} == {f"o{number}" for number in range(45)}
    assert [len(ids) for ids in server.ids_asked] == [20, 20, 5]


def test_a_wrong_key_is_told_from_a_firewall(server) -> None:
    for fault, refused in ((Fault(401), True), (Fault(403), True), (FIREWALL, False), (Fault(404), False)):
        server.faults.append(fault)
        with pytest.raises(ShopMonkeyError) as caught:
            ShopMonkey(server.url, KEY).key_status()
        assert caught.value.key_refused is refused


@pytest.mark.parametrize(
    "fault",
    [
        Fault(404, "<html>page not found</html>", content_type="text/html"),
        Fault(404, ""),
        Fault(404, '{"message": "no route"}'),
        Fault(404, '["not found"]'),
    ],
)
def test_a_404_that_is_not_in_the_apis_own_words_does_not_say_that_an_object_is_gone(client, server, fault) -> None:
    server.put_order("o1")
    server.faults.append(fault)
    with pytest.raises(ShopMonkeyError) as caught:
        client.order("o1")
    assert (caught.value.gone, caught.value.permanent) == (False, False)
    assert client.order("o1").id == "o1"


@pytest.mark.parametrize("object_id", ["..", ".", ""])
def test_an_id_that_would_lead_to_another_address_is_never_asked_for(client, server, object_id: str) -> None:
    for ask in (client.order, client.customer, client.vehicle, client.order_services):
        with pytest.raises(ShopMonkeyError) as error:
            ask(object_id)
        assert error.value.permanent
    assert server.calls == []


def test_a_filter_that_is_ignored_makes_no_walk_look_incomplete(client, server) -> None:
    server.canned = {f"s{at}": {"id": f"s{at}", "locationId": "l1", "bookable": at < 2} for at in range(5)}
    walk = client.canned_services("l1", bookable=True)
    assert (len(walk.services), walk.total, walk.complete) == (2, 2, True)
