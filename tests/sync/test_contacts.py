import pytest

from app.shopmonkey import CustomerPayload, Order, VehiclePayload
from app.sync.contacts import customer_values, vehicle_values

CUSTOMER = {
    "id": "c1",
    "phoneNumbers": [
        {"id": "p0", "number": "+18005550100", "primary": False, "optIn": True},
        {"id": "p1", "number": "+19542370101", "primary": True, "optIn": False},
        {"id": "p2", "number": "+19542370102", "primary": False, "optIn": True},
    ],
    "emails": [
        {"id": "e1", "email": "home@example.com", "primary": False, "subscribed": True},
        {"id": "e2", "email": "work@example.com", "primary": True, "subscribed": False},
    ],
}


def test_the_primary_number_and_address_with_their_own_consent() -> None:
    values = customer_values(CustomerPayload.from_json(CUSTOMER))
    assert (values["phone"], values["sms_opt_in"]) == ("+19542370101", False)
    assert (values["email"], values["email_subscribed"]) == ("work@example.com", False)


def test_the_orders_own_number_and_address_win() -> None:
    order = Order(id="o1", phone_number_id="p2", email_id="e1")
    values = customer_values(CustomerPayload.from_json(CUSTOMER), order)
    assert (values["phone"], values["sms_opt_in"]) == ("+19542370102", True)
    assert (values["email"], values["email_subscribed"]) == ("home@example.com", True)


@pytest.mark.parametrize("number", ["", "12", "+18005550100", "+19542370101 x12", None])
def test_a_number_that_is_no_customers_own_is_left_out(number) -> None:
    customer = {"id": "c1", "phoneNumbers": [{"number": number, "primary": True, "optIn": True}]}
    values = customer_values(CustomerPayload.from_json(customer))
    assert (values["phone"], values["sms_opt_in"]) == (None, False)


def test_a_fleet_goes_by_its_company_name() -> None:
    values = customer_values(CustomerPayload.from_json({"id": "c1", "companyName": "Acme Couriers"}))
    assert (values["first_name"], values["last_name"]) == ("Acme Couriers", None)


@pytest.mark.parametrize(("year", "kept"), [("2021", 2021), (0, None), (99999999999, None), ("new", None)])
def test_an_odd_year_is_no_year(year, kept) -> None:
    assert vehicle_values(VehiclePayload.from_json({"id": "v1", "year": year}))["year"] == kept
