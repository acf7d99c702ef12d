"""The stand-in's single objects: envelopes, keys, and the shapes that the real API has."""

from flask.testing import FlaskClient

from app.sandbox import catalogue
from app.sandbox.shopmonkey import orders
from app.sandbox.shopmonkey.orders import Quote
from tests.sandbox.conftest import KEY, NOW

AUTH = {"Authorization": f"Bearer {KEY}"}
BASE = "/sandbox/shopmonkey/v3"


def show(visitor: FlaskClient, path: str):
    return visitor.get(f"{BASE}{path}", headers=AUTH)


def example(key: str) -> Quote:
    return Quote.from_data(next(one for one in catalogue.examples() if one["key"] == key))


def test_without_the_key_nothing_is_told(visitor: FlaskClient) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": KEY}):
        answer = visitor.get(f"{BASE}/order", headers=headers)
        assert answer.status_code == 401
        assert answer.json["success"] is False


def test_what_does_not_exist_is_404_in_the_envelope(visitor: FlaskClient) -> None:
    for path in ("/order/nobody", "/order/nobody/service", "/customer/x", "/nonsense", "/appointment/x"):
        answer = show(visitor, path)
        assert answer.status_code == 404, path
        assert answer.json["success"] is False


def test_every_answer_has_a_request_id_and_the_rate(visitor: FlaskClient) -> None:
    first, second = show(visitor, "/location"), show(visitor, "/order/nobody")
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert int(second.headers["X-RateLimit-Remaining-Minute"]) < int(second.headers["X-RateLimit-Limit-Minute"])


def test_an_order_holds_ids_and_no_contact_data(visitor: FlaskClient) -> None:
    order = orders.place(example("sofia"), NOW)
    assert "phone" not in str(order).replace("phoneNumberId", "")
    assert order["status"] == "Estimate"
    assert order["authorized"] is False
    shown = show(visitor, f"/order/{order['id']}").json["data"]
    assert shown["customer"]["id"] == order["customerId"]
    assert shown["vehicle"]["id"] == order["vehicleId"]
    assert "services" not in shown


def test_consent_is_on_the_number_and_contact_data_in_arrays(visitor: FlaskClient) -> None:
    for key, agrees in (("sofia", True), ("priya", False)):
        order = orders.place(example(key), NOW)
        person = show(visitor, f"/customer/{order['customerId']}").json["data"]
        assert (person["phone"], person["email"]) == (None, None)
        assert person["phoneNumbers"][0]["optIn"] is agrees
        assert person["emails"][0]["subscribed"] is True
        assert person["locationIds"] == [order["locationId"]]


def test_the_orders_lines_name_the_canned_service_and_only_a_quoted_one_costs(visitor: FlaskClient) -> None:
    for key, cents in (("marcus", [0, 0]), ("grace", [54900])):
        order = orders.place(example(key), NOW)
        lines = show(visitor, f"/order/{order['id']}/service").json["data"]
        assert [line["totalCents"] for line in lines] == cents
        for line in lines:
            service = show(visitor, f"/canned_service/{line['cannedServiceId']}").json["data"]
            assert service["name"] == line["name"]


def test_our_own_payloads_read_the_stand_in(visitor: FlaskClient) -> None:
    from app.shopmonkey import CannedService, LocationPayload

    stores = [LocationPayload.from_json(row) for row in show(visitor, "/location").json["data"]]
    assert {store.timezone for store in stores} == {"America/New_York", "America/Denver"}
    row = show(visitor, "/canned_service/boulder-pet-hair-removal").json["data"]
    service = CannedService.from_json(row)
    assert service.labels == ("Detailing",)
    assert service.labor_hours == 1
