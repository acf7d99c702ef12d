"""The demo company: what a first look at the product stands on."""

from collections import Counter
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import StaffUser
from app.booking.bays import bays_of
from app.booking.models import ABILITIES, Appointment
from app.catalog.models import Service
from app.catalog.pricing import vehicle_class
from app.chat.models import Message
from app.db import db
from app.leads.models import Lead
from app.locations.models import Location
from app.sandbox import catalogue
from app.sandbox.demo import load_demo
from app.sync.checklist import checklist_of
from tests.conftest import settings_for_tests
from tests.sandbox.conftest import KEY, NOW

CATEGORIES = {
    "Ceramic Tint", "Window Tint", "Paint Protection Film", "Vehicle Wraps", "Bedliners", "Audio", "Remote Starters",
    "Security", "Detailing", "Wheels and Tires", "Paint Correction",
}  # fmt: skip


def stores() -> list[Location]:
    """Coral Springs, then Boulder."""
    return list(db.session.scalars(select(Location).order_by(Location.name.desc())))


def services_of(store: Location) -> dict[str, Service]:
    found = db.session.scalars(select(Service).where(Service.location_id == store.id))
    return {service.name: service for service in found}


def test_each_store_sells_a_hundred_services_of_every_category_and_kind_of_price(sandbox: Flask) -> None:
    for store in stores():
        services = services_of(store)
        assert len(services) == 100
        assert {service.category for service in services.values()} >= CATEGORIES
        kinds = Counter(service.kind for service in services.values())
        assert min(kinds[kind] for kind in ("exact", "from", "range", "ask")) >= 5
        assert sum(bool(service.class_prices) for service in services.values()) >= 10
        assert all(service.description for service in services.values())
        assert all(service.duration_minutes for service in services.values() if service.kind != "ask")


def test_everything_that_is_sold_has_a_bay_that_is_open_for_it(sandbox: Flask) -> None:
    for store in stores():
        abilities = {ability for bay in bays_of(store.id) for ability in bay.abilities}
        assert abilities == set(ABILITIES)
        assert {step.key for step in checklist_of(store).missing} <= {"webhook", "senders"}


def test_no_price_of_one_store_is_the_others(sandbox: Flask) -> None:
    florida, colorado = (services_of(store) for store in stores())
    assert florida.keys() == colorado.keys()
    priced = [name for name, service in florida.items() if service.low_cents]
    assert all(florida[name].low_cents != colorado[name].low_cents for name in priced)


def test_a_span_is_that_of_its_class_prices(sandbox: Flask) -> None:
    for service in db.session.scalars(select(Service).where(Service.class_prices.any())):
        prices = [row.low_cents for row in service.class_prices]
        assert (service.low_cents, service.high_cents) == (min(prices), max(prices))


def test_stores_differ_in_brand_zone_and_hours(sandbox: Flask) -> None:
    florida, colorado = stores()
    assert florida.brand_color != colorado.brand_color
    assert florida.timezone != colorado.timezone
    assert {row.weekday for row in florida.hours} == {0, 1, 2, 3, 4, 5}, "closed on Sunday"
    assert [row.weekday for row in colorado.hours].count(0) == 2, "a lunch break on Monday"
    assert not florida.live
    assert not colorado.live


def test_six_leads_stand_at_different_stages_of_both_stores(sandbox: Flask) -> None:
    demo = Lead.shopmonkey_order_id.startswith("demo-")
    leads = list(db.session.scalars(select(Lead).where(demo)))
    assert len(leads) == 6
    assert {lead.stage for lead in leads} >= {"new", "contacted", "engaged", "won", "lost"}
    assert len({lead.location_id for lead in leads}) == 2
    assert all(lead.customer and lead.vehicle and lead.services for lead in leads)


def test_what_the_assistant_said_in_the_demo_is_true_of_the_catalogue(sandbox: Flask) -> None:
    said = list(db.session.scalars(select(Message).where(Message.author == "assistant")))
    assert len(said) == 2
    for message in said:
        lead = db.session.scalars(select(Lead).where(Lead.first_engaged_at < message.created_at)).all()
        asked = next(one for one in lead if one.vehicle and one.vehicle.name in message.text)
        service = services_of(asked.location)[asked.services[0].name]
        assert service.price_for(vehicle_class(asked.vehicle.type)).wording in message.text


def test_there_is_one_account_per_role(sandbox: Flask) -> None:
    roles = db.session.scalars(select(StaffUser.role).order_by(StaffUser.role)).all()
    assert roles == ["advisor", "franchise_admin", "store_manager"]


def test_loading_again_changes_nothing(sandbox: Flask, sandbox_database: str) -> None:
    before = db.session.scalar(select(func.count()).select_from(Service))
    settings = settings_for_tests(sandbox_database, sandbox=True, shopmonkey_api_key=KEY)
    assert load_demo(settings, NOW) is False
    assert db.session.scalar(select(func.count()).select_from(Service)) == before


def test_shopmonkeys_catalogue_and_ours_come_from_one_file(sandbox: Flask, visitor: FlaskClient) -> None:
    store = catalogue.store("boulder")
    ours = db.session.scalars(select(Service).where(Service.name == "Remote Starter, Two-Way")).all()
    for service in ours:
        path = f"/sandbox/shopmonkey/v3/canned_service/{service.shopmonkey_id}"
        theirs = visitor.get(path, headers={"Authorization": f"Bearer {KEY}"}).json["data"]
        assert theirs["fixedPriceCents"] == service.low_cents
        assert theirs["labels"][0]["name"] == service.category
        assert sum(row["hours"] for row in theirs["labors"]) * 60 == service.duration_minutes
    assert len(catalogue.services(store["key"])) == 100


def test_the_calendar_of_each_store_shows_a_shop_at_work_and_writes_to_nobody(sandbox: Flask) -> None:
    for store in stores():
        visits = db.session.scalars(select(Appointment).where(Appointment.location_id == store.id)).all()
        assert len(visits) >= 3
        today = NOW.astimezone(ZoneInfo(store.timezone)).date()
        days = {visit.starts_at.astimezone(ZoneInfo(store.timezone)).date() for visit in visits}
        assert today in days
        assert len(days) >= 2
        assert {visit.status for visit in visits} <= {"booked", "done"}
    assert not any(visit.customer_phone or visit.customer_email for visit in db.session.scalars(select(Appointment)))
