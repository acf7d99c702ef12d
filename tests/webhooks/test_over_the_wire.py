"""From a signed delivery to the lead, through the real client over HTTP."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.db import db
from app.leads.models import Lead
from app.shopmonkey import ShopMonkey
from app.webhooks import process_events, senders
from app.webhooks.models import WebhookEvent
from tests.factories.locations import make_company, make_location
from tests.factories.webhooks import SECRET, body_for, deliver
from tests.wire.shopmonkey_server import FIREWALL, KEY, shopmonkey_server

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


@pytest.fixture
def server(app):
    senders().forget()
    with shopmonkey_server() as running:
        client = ShopMonkey(running.url, KEY, timeout=5, sleep=lambda seconds: None)
        before, app.extensions["shopmonkey"] = app.extensions["shopmonkey"], lambda company: client
        yield running
        app.extensions["shopmonkey"] = before
        client.session.close()


def test_a_delivery_becomes_a_lead(client, server) -> None:
    company = make_company(shopmonkey_webhook_secret=SECRET)
    store = make_location(company)
    server.put_order("o1", locationId=store.shopmonkey_id, customerId="c1", vehicleId="v1", totalCostCents=39900)
    server.customers["c1"] = {"id": "c1", "firstName": "Maria", "lastName": "Alvarez"}
    server.vehicles["v1"] = {"id": "v1", "year": 2021, "make": "Toyota", "model": "Camry"}
    server.services["o1"] = [{"id": "s1", "name": "Ceramic Tint", "totalCents": 39900}]
    assert deliver(client, body_for(company.shopmonkey_id)).status_code == 200
    assert server.calls == []
    server.faults.append(FIREWALL)
    assert process_events(NOW) == 1
    event = db.session.scalars(select(WebhookEvent)).one()
    assert (event.status, "firewall" in event.last_error) == ("new", True)
    event.next_attempt_at = datetime(2020, 1, 1, tzinfo=UTC)
    db.session.commit()
    process_events(NOW)
    lead = db.session.scalars(select(Lead)).one()
    assert (lead.location, lead.customer.name, lead.vehicle.name) == (store, "Maria Alvarez", "2021 Toyota Camry")
    assert [line.price_cents for line in lead.services] == [39900]
    assert event.status == "done"


def test_a_delivery_for_a_store_nobody_added_is_kept(client, server) -> None:
    company = make_company(shopmonkey_webhook_secret=SECRET)
    server.put_order("o1", locationId="nobody-added")
    deliver(client, body_for(company.shopmonkey_id))
    process_events(NOW)
    event = db.session.scalars(select(WebhookEvent)).one()
    assert (event.status, event.last_error) == ("unknown_store", "ShopMonkey location nobody-added has not been added")
