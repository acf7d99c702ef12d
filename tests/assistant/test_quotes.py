"""What a tool says of a price that was quoted before and has changed since."""

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from app.assistant.brief import LeadBrief, StoreBrief, lead_brief
from app.assistant.models import PriceReceipt
from app.assistant.quotes import facts_before, mark_shown
from app.assistant.toolbox import Toolbox
from app.assistant.tooling import Desk as ToolDesk
from app.catalog.models import Service
from app.db import db
from app.leads.models import Lead, RequestedService
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

    def tools(self, vehicle_class: str | None = "suv") -> Toolbox:
        lead = LeadBrief(self.lead_id, "x", "Maria", "2021 Toyota RAV4", vehicle_class, None, None, (), ())
        return Toolbox(ToolDesk(self.brief, lead, NOW, lambda reason: True))

    def price(self, **given):
        return self.tools(**given).call("price_for_vehicle", {"service_id": self.service_id})

    def show(self):
        """The customer sees the price that was given."""
        mark_shown(self.lead_id, [self.service_id], NOW, db.session.connection())
        db.session.commit()

    def before(self):
        return facts_before(self.lead_id, "suv", db.session.connection())

    def raise_to(self, cents: int, **given):
        service = db.session.get_one(Service, self.service_id)
        next(row for row in service.class_prices if row.vehicle_class == "suv").low_cents = cents
        for name, value in given.items():
            setattr(service, name, value)
        db.session.commit()


@pytest.fixture
def desk(app):
    return Desk()


def low_cents(facts):
    return [fact.price.low_cents for fact in facts]


def test_the_price_that_was_shown_stays_and_the_change_is_said(desk):
    assert desk.price().content.endswith("$399.")
    desk.show()
    desk.raise_to(44900)
    outcome = desk.price()
    assert "$399, as quoted earlier" in outcome.content
    assert "changed since and is now $449" in outcome.content
    fact = outcome.learned.prices[0]
    assert (fact.price.low_cents, fact.listed.low_cents) == (39900, 44900)
    found = desk.tools().call("search_services", {"query": "ceramic tint"})
    assert "$399, as quoted earlier" in found.content
    assert db.session.scalars(select(PriceReceipt)).one().shown_at == NOW


def test_a_price_that_a_tool_gave_but_nobody_saw_is_no_quote(desk):
    desk.price()
    assert low_cents(desk.before()) == [39900]
    desk.raise_to(44900)
    assert desk.before() == []
    assert desk.price().content.endswith("$449.")
    desk.show()
    desk.raise_to(49900)
    assert "$449, as quoted" in desk.price().content
    assert low_cents(desk.before()) == [44900]


def test_a_search_gives_quotes_too(desk):
    desk.tools().call("search_services", {"query": "ceramic tint"})
    desk.show()
    desk.raise_to(44900)
    assert "$399, as quoted" in desk.price().content


def test_a_quote_holds_for_its_vehicle_and_its_lead_only(desk):
    desk.price()
    desk.show()
    desk.raise_to(44900)
    assert desk.price(vehicle_class="sedan").content.endswith("$299.")
    desk.lead_id = make_lead(desk.store).id
    db.session.commit()
    assert desk.price().content.endswith("$449.")


def test_a_quote_outlives_a_price_list_that_no_longer_names_one(desk):
    desk.price()
    desk.show()
    service = db.session.get_one(Service, desk.service_id)
    service.class_prices.clear()
    service.kind, service.low_cents, service.high_cents = "to_confirm", None, None
    db.session.commit()
    outcome = desk.price()
    assert "$399, as quoted" in outcome.content
    assert "no longer names one" in outcome.content
    assert low_cents(outcome.learned.prices) == [39900]


def test_a_sum_comes_with_its_parts_and_of_the_weakest_kind(desk):
    others = [
        make_service(desk.store, name="Headlight Film", low_cents=14900),
        make_service(desk.store, name="Wrap Removal", kind="from", low_cents=59900),
        make_service(desk.store, name="Partial Wrap", kind="range", low_cents=89900, high_cents=189900),
        make_service(desk.store, name="Full Wrap", kind="ask", low_cents=None),
    ]
    film, removal, partial, full = (service.id for service in others)
    db.session.commit()

    def together(*ids):
        outcome = desk.tools().call("quote_total", {"service_ids": [desk.service_id, *ids]})
        return outcome.content.splitlines()[-1], [total.price.low_cents for total in outcome.learned.totals]

    assert together(film) == ("All together: $548.", [54800])
    assert together(film, removal) == ("All together: from $1,147.", [114700])
    assert together(partial) == ("All together: $1,298 to $2,298.", [129800])
    assert together(full) == ("No total: Full Wrap is priced by the store's team.", [])
    assert together(desk.service_id)[1] == []
    assert together(10**9)[1] == []


def test_a_price_to_be_confirmed_names_no_amount(desk):
    service_id = make_service(desk.store, name="Full Wrap", kind="to_confirm", low_cents=None).id
    db.session.commit()
    outcome = desk.tools().call("price_for_vehicle", {"service_id": service_id})
    assert "to be confirmed" in outcome.content
    assert outcome.learned.prices == ()
    assert db.session.scalar(select(PriceReceipt)) is None


def test_a_quarantined_service_is_not_for_sale(desk):
    service_id = make_service(desk.store, name="Free Wrap", kind="to_confirm", low_cents=None, odd_reason="Zero.").id
    db.session.commit()
    assert "No service of this store" in desk.tools().call("price_for_vehicle", {"service_id": service_id}).content
    assert "Free Wrap" not in desk.tools().call("search_services", {"query": "wrap"}).content


def test_what_the_customers_order_does_not_price_for_sure_has_no_amount(desk):
    service = db.session.get_one(Service, desk.service_id)
    line = {"shopmonkey_id": "l1", "name": service.name, "canned_service_id": service.shopmonkey_id}
    db.session.get_one(Lead, desk.lead_id).services = [RequestedService(**line, to_confirm=True)]
    db.session.commit()
    lead = lead_brief(desk.lead_id)
    assert lead.quote_wording("USD") == f"{service.name} (price to be confirmed)"
    tools = Toolbox(ToolDesk(desk.brief, lead, NOW, lambda reason: True))
    told = tools.call("price_for_vehicle", {"service_id": desk.service_id})
    assert "price to be confirmed" in told.content
    assert "$" not in told.content
    assert desk.before() == []
