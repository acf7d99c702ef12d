from datetime import UTC, datetime

import pytest

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
