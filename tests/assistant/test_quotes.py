"""What a tool says of a price that was quoted before and has changed since."""

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from app.assistant.brief import LeadBrief, StoreBrief
from app.assistant.models import PriceReceipt
from app.assistant.toolbox import Toolbox
from app.catalog.models import Service
from app.db import db
from app.locations.models import Location
from app.locations.settings import settings_for
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


class Desk:
    """One lead at a store, and the tools of its conversation."""

    def __init__(self):
        store = make_location()
        self.store_id = store.id
        self.brief = StoreBrief(
            store.id, store.company_id, "Store", "", "", "", "America/New_York", False, "USD",
            ((0, time(9), time(18)),), settings_for(store), "",
        )  # fmt: skip
        self.lead_id = make_lead(store).id
        self.service_id = make_service(store, by_class={"suv": 39900, "sedan": 29900}).id
        db.session.commit()

    @property
    def store(self) -> Location:
        return db.session.get_one(Location, self.store_id)

    def tools(self, *said: int, vehicle_class: str | None = "suv") -> Toolbox:
        lead = LeadBrief(self.lead_id, "x", "Maria", "2021 Toyota RAV4", vehicle_class, None, None, (), ())
        return Toolbox(self.brief, lead, lambda reason: True, NOW, frozenset(said))

    def price(self, *said: int, **given):
        return self.tools(*said, **given).call("price_for_vehicle", {"service_id": self.service_id})

    def raise_to(self, cents: int, **given):
        service = db.session.get_one(Service, self.service_id)
        next(row for row in service.class_prices if row.vehicle_class == "suv").low_cents = cents
        for name, value in given.items():
            setattr(service, name, value)
        db.session.commit()


@pytest.fixture
def desk(app):
    return Desk()


def test_the_price_that_was_told_stays_and_the_change_is_said(desk):
    assert desk.price().content.endswith("$399.")
    desk.raise_to(44900)
    outcome = desk.price(39900)
    assert "$399, as quoted earlier" in outcome.content
    assert "changed since and is now $449" in outcome.content
    assert outcome.amounts == {39900, 44900}
    found = desk.tools(39900).call("search_services", {"query": "ceramic tint"})
    assert "$399, as quoted earlier" in found.content


def test_a_price_that_a_tool_gave_but_nobody_told_is_no_quote(desk):
    desk.price()
    desk.raise_to(44900)
    assert desk.price().content.endswith("$449.")
    desk.raise_to(49900)
    assert "$449, as quoted" in desk.price(44900).content


def test_a_search_gives_quotes_too(desk):
    desk.tools().call("search_services", {"query": "ceramic tint"})
    desk.raise_to(44900)
    assert "$399, as quoted" in desk.price(39900).content


def test_a_quote_holds_for_its_vehicle_and_its_lead_only(desk):
    desk.price()
    desk.raise_to(44900)
    assert desk.price(39900, vehicle_class="sedan").content.endswith("$299.")
    desk.lead_id = make_lead(desk.store).id
    db.session.commit()
    assert desk.price(39900).content.endswith("$449.")


def test_a_quote_outlives_a_price_list_that_no_longer_names_one(desk):
    desk.price()
    service = db.session.get_one(Service, desk.service_id)
    service.class_prices.clear()
    service.kind, service.low_cents, service.high_cents = "to_confirm", None, None
    db.session.commit()
    outcome = desk.price(39900)
    assert "$399, as quoted" in outcome.content
    assert "no longer names one" in outcome.content
    assert outcome.amounts == {39900}


def test_a_price_to_be_confirmed_names_no_amount(desk):
    service_id = make_service(desk.store, name="Full Wrap", kind="to_confirm", low_cents=None).id
    db.session.commit()
    outcome = desk.tools().call("price_for_vehicle", {"service_id": service_id})
    assert "to be confirmed" in outcome.content
    assert outcome.amounts == frozenset()
    assert db.session.scalar(select(PriceReceipt)) is None


def test_a_quarantined_service_is_not_for_sale(desk):
    service_id = make_service(desk.store, name="Free Wrap", kind="to_confirm", low_cents=None, odd_reason="Zero.").id
    db.session.commit()
    assert "No service of this store" in desk.tools().call("price_for_vehicle", {"service_id": service_id}).content
    assert "Free Wrap" not in desk.tools().call("search_services", {"query": "wrap"}).content
