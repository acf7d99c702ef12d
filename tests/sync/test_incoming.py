from datetime import UTC, datetime

import pytest

from app.db import db
from app.locations import UnknownStore
from app.sync import HANDLERS, take_order

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


def test_a_change_of_an_order_customer_or_vehicle_reaches_its_row(sync) -> None:
    account = sync.company.shopmonkey_id
    sync.quote()
    HANDLERS["shopmonkey", "order"](account, "o1", NOW)
    lead = take_order(sync.company, "o1", NOW)
    sync.fake.put("customer", "c1", phoneNumbers=[{"number": "+19542370199", "primary": True, "optIn": False}])
    sync.fake.put("vehicle", "v1", model="Corolla")
    HANDLERS["shopmonkey", "customer"](account, "c1", NOW)
    HANDLERS["shopmonkey", "vehicle"](account, "v1", NOW)
    assert (lead.customer.phone, lead.customer.sms_opt_in) == ("+19542370199", False)
    assert lead.vehicle.model == "Corolla"


def test_customers_and_vehicles_of_no_lead_are_not_fetched(sync) -> None:
    for table in ("customer", "vehicle"):
        HANDLERS["shopmonkey", table](sync.company.shopmonkey_id, "stranger", NOW)
    assert sync.fake.asked == []


def test_an_older_version_of_a_customer_changes_nothing(sync) -> None:
    sync.fake.put("customer", "c1", firstName="Maria Luisa")
    sync.quote()
    lead = take_order(sync.company, "o1", NOW)
    sync.fake.tables["customer"]["c1"] |= {"meta": {"version": 1}, "firstName": "Old"}
    HANDLERS["shopmonkey", "customer"](sync.company.shopmonkey_id, "c1", NOW)
    assert lead.customer.first_name == "Maria Luisa"


@pytest.mark.parametrize("table", ["order", "customer", "vehicle"])
def test_an_unknown_company_is_said_so(sync, table: str) -> None:
    with pytest.raises(UnknownStore, match="nobody"):
        HANDLERS["shopmonkey", table]("nobody", "x1", NOW)


def test_news_of_a_customer_keep_the_number_and_address_that_the_order_chose(sync) -> None:
    numbers = [
        {"id": "p1", "number": "9542370101", "primary": True, "optIn": False},
        {"id": "p2", "number": "9542370199", "primary": False, "optIn": True},
    ]
    emails = [{"id": "e1", "email": "first@example.com", "primary": True}, {"id": "e2", "email": "second@example.com"}]
    sync.fake.put("customer", "c1", phoneNumbers=numbers, emails=emails)
    sync.quote(phoneNumberId="p2", emailId="e2")
    lead = take_order(sync.company, "o1", NOW)
    sync.fake.put("customer", "c1", lastName="Alvarez Soto")
    HANDLERS["shopmonkey", "customer"](sync.company.shopmonkey_id, "c1", NOW)
    db.session.expire_all()
    kept = lead.customer
    assert (kept.last_name, kept.phone, kept.sms_opt_in) == ("Alvarez Soto", "+19542370199", True)
    assert kept.email == "second@example.com"
