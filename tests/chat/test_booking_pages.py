"""A customer takes a time, by pages and by the API."""

from datetime import time
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from app import chat
from app.db import db
from app.leads.links import chat_token
from app.leads.models import Lead
from app.lib import clock
from app.locations.models import Location, OpeningHours
from tests.factories.booking import NOW, make_bay
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location


@pytest.fixture
def at_eight(app):
    """A Monday at eight in Florida."""
    clock.use(lambda: NOW)
    yield NOW
    clock.use(None)


@pytest.fixture
def store(at_eight) -> Location:
    location = make_location()
    location.hours = [OpeningHours(weekday=day, opens=time(9), closes=time(18)) for day in range(6)]
    make_bay(location, "tint")
    return location


@pytest.fixture
def tint(store: Location):
    return make_service(store, name="Ceramic Tint, Full Car", duration_minutes=120, low_cents=39900)


@pytest.fixture
def maria(store: Location, tint) -> Lead:
    lead = make_lead(store)
    chat.open_conversation(lead)
    db.session.commit()
    return lead


@pytest.fixture
def browser(client: FlaskClient, maria: Lead) -> FlaskClient:
    client.get("/session", query_string={"token": chat_token(maria)})
    return client


def test_days_and_times_of_the_store_are_offered(browser: FlaskClient, maria: Lead, tint) -> None:
    page = browser.get(f"/chat/{maria.public_id}/visit", query_string={"service": tint.id})
    assert page.status_code == HTTPStatus.OK
    assert "Ceramic Tint, Full Car" in page.text
    assert "$399" in page.text
    assert "about 2 h" in page.text
    assert "10:00 AM".replace(" ", " ") in page.text.replace("\u00a0", " ")
