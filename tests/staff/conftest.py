"""The cast: Ana advises at Coral Springs; Lea's lead is hers, Dan's is another store's of the same company."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import StaffUser
from app.booking.models import Bay
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.locations.models import Location
from app.web.limits import limiter
from tests.factories.accounts import make_staff, sign_in
from tests.factories.booking import NOW, make_bay
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_company, make_location


@dataclass
class Cast:
    """Two stores of one company, an advisor of the first, and a lead at each."""

    store: Location
    other_store: Location
    ana: StaffUser
    lead: Lead
    strangers_lead: Lead


@pytest.fixture
def cast(app) -> Cast:
    limiter.reset()
    company = make_company()
    store = make_location(company)
    other = make_location(company, name="Tint World Boulder", timezone="America/Denver")
    lead = make_lead(store, customer=make_customer(company, first_name="Lea", last_name="Ortiz"))
    stranger = make_lead(other, customer=make_customer(company, first_name="Dan", last_name="Boulder"))
    ana = make_staff(store)
    db.session.commit()
    return Cast(store, other, ana, lead, stranger)


@pytest.fixture
def desk(client: FlaskClient, cast: Cast) -> FlaskClient:
    """A browser that Ana is signed in with."""
    return sign_in(client, cast.ana)


@pytest.fixture
def on_monday_morning(app: Flask) -> None:
    clock.use(lambda: NOW)


@pytest.fixture
def bay(cast: Cast) -> Bay:
    return make_bay(cast.store, "tint", name="Tint 1")
