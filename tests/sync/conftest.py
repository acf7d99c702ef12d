"""A company in sync with a ShopMonkey in memory; what is told upwards is remembered."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.db import db
from app.leads.events import AdvisorTexted, LeadChangedStore, LeadClosed, LeadCreated, LeadCustomerKnown, LeadMoved
from app.lib import events
from app.locations.models import Company, Location
from app.shopmonkey.fake import FakeShopMonkey
from app.sync import jobs, polling
from tests.factories.locations import make_company, make_location
from tests.wire.calendar_server import Calendar, calendar_server

TOLD = (LeadCreated, LeadCustomerKnown, LeadMoved, LeadClosed, LeadChangedStore, AdvisorTexted)


@pytest.fixture
def calendar() -> Iterator[Calendar]:
    """A ShopMonkey calendar that speaks over the wire."""
    with calendar_server() as running:
        yield running


@dataclass
class Sync:
    fake: FakeShopMonkey
    company: Company
    store: Location
    told: list[object] = field(default_factory=list)

    def told_kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.told]

    def quote(self, order_id: str = "o1", **fields: Any) -> dict[str, Any]:
        """A website quote in ShopMonkey, or a change of it."""
        fresh = {} if order_id in self.fake.tables.get("order", {}) else self._fresh()
        return self.fake.put("order", order_id, **{**fresh, **fields})

    def _fresh(self) -> dict[str, Any]:
        return {
            "number": 1042,
            "name": "New Quote Auto Window Tinting",
            "status": "Estimate",
            "locationId": self.store.shopmonkey_id,
            "customerId": "c1",
            "vehicleId": "v1",
            "createdDate": "2026-11-02T14:59:00.000Z",
        }


def fill(fake: FakeShopMonkey) -> None:
    """Maria, her Camry, and what she asked for."""
    fake.put(
        "customer",
        "c1",
        firstName="Maria",
        lastName="Alvarez",
        state="FL",
        postalCode="33071",
        phoneNumbers=[{"id": "p1", "number": "(954) 237-0101", "primary": True, "optIn": True}],
        emails=[{"id": "e1", "email": "Maria@Example.com", "primary": True, "subscribed": True}],
    )
    fake.put("vehicle", "v1", year=2021, make="Toyota", model="Camry", type="Sedan")
    fake.lines["o1"] = [{"id": "s1", "name": "Ceramic Tint", "totalCents": 39900, "cannedServiceId": "cs1"}]


@pytest.fixture
def remembered() -> Iterator[list[object]]:
    """What is published during the test, to nobody else."""
    told: list[object] = []
    before = dict(events._reactions)
    events.react({kind: [told.append] for kind in TOLD})
    yield told
    events.react(before)


@pytest.fixture
def sync(app, remembered, monkeypatch) -> Iterator[Sync]:
    # The test's one connection is not for several threads.
    monkeypatch.setattr(polling, "LANES", 1)
    monkeypatch.setattr(jobs, "LANES", 1)
    fake = FakeShopMonkey()
    fake.before_answering = _no_transaction
    before = app.extensions["shopmonkey"]
    app.extensions["shopmonkey"] = lambda company: fake
    fill(fake)
    company = make_company(shopmonkey_api_key="sm-key")
    store = make_location(company)
    fake.put("location", store.shopmonkey_id, companyId=company.shopmonkey_id)
    yield Sync(fake, company, store, remembered)
    app.extensions["shopmonkey"] = before


def _no_transaction(what: str) -> None:
    assert not db.session().in_transaction(), f"a transaction is open while {what} is asked for"
