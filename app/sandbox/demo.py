"""The demo company: two stores with a hundred services each, staff of every role, six leads, and visits."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import StaffUser
from app.booking.bays import BayPlan, save_bays
from app.catalog.models import Service
from app.catalog.store_prices import StorePrice, set_prices
from app.config import Settings
from app.db import db
from app.locations.models import Company, Location, LocationSettings, OpeningHours
from app.sandbox import catalogue
from app.sandbox.demo_leads import load_lead
from app.sandbox.demo_visits import book_caller
from app.sandbox.shopmonkey import orders, shapes
from app.shopmonkey import CannedService
from app.sync.catalog import load_catalog


def demo_company() -> Company | None:
    """The demo company, once it is loaded."""
    return db.session.scalar(select(Company).where(Company.shopmonkey_id == catalogue.company()["shopmonkeyId"]))


def load_demo(settings: Settings, now: datetime) -> bool:
    """Load everything in one transaction, and commit; False when it is there already, which changes nothing."""
    if demo_company() is not None:
        return False
    orders.fill(now)
    company = _company(settings)
    stores = {data["key"]: _store(company, data, now) for data in catalogue.company()["stores"]}
    for data in catalogue.company()["staff"]:
        _staff(company, data, stores)
    for data in catalogue.demo_leads():
        load_lead(company, data, now - timedelta(minutes=data["minutesAgo"]))
    advisor = next(one["name"] for one in catalogue.company()["staff"] if one["role"] == "advisor")
    for data in catalogue.demo_visits():
        book_caller(stores[data["store"]], data, advisor, now)
    db.session.commit()
    return True


def _company(settings: Settings) -> Company:
    company = Company(
        shopmonkey_id=catalogue.company()["shopmonkeyId"],
        name=catalogue.company()["name"],
        shopmonkey_api_key=settings.shopmonkey_api_key or None,
        shopmonkey_webhook_secret=settings.shopmonkey_webhook_secret or None,
    )
    db.session.add(company)
    db.session.flush()
    return company


def _store(company: Company, data: dict[str, Any], now: datetime) -> Location:
    same = ("name", "timezone", "phone", "email", "website", "address1", "address2", "city", "state", "tagline")
    store = Location(
        company_id=company.id,
        company=company,
        shopmonkey_id=data["shopmonkeyId"],
        postal_code=data["postalCode"],
        brand_color=data["brandColor"],
        **{name: data[name] for name in same},
    )
    store.hours = [
        OpeningHours(weekday=int(day), opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
        for day, stretches in data["hours"].items()
        for opens, closes in stretches
    ]
    db.session.add(store)
    db.session.flush()
    db.session.add(
        LocationSettings(
            location_id=store.id,
            assistant_name=data["assistantName"],
            assistant_tone=data["assistantTone"],
            assistant_terms=data.get("assistantTerms"),
        )
    )
    db.session.flush()
    save_bays(store.id, [BayPlan(name, tuple(abilities)) for name, abilities in data["bays"].items()])
    _catalog(store, data["key"], now)
    return store


def _catalog(store: Location, store_key: str, now: datetime) -> None:
    """What ShopMonkey lists, and the store's own price where ShopMonkey's fixed one does not say it all."""
    rows = {row["id"]: row for row in catalogue.services(store_key)}
    listed = [shapes.canned_service(row, store.shopmonkey_id, now) for row in rows.values()]
    load_catalog(store, [CannedService.from_json(row) for row in listed], now)
    services = db.session.scalars(select(Service).where(Service.location_id == store.id)).all()
    own = [(service, rows[service.shopmonkey_id]) for service in services]
    set_prices(store.id, [(one, _own_price(row)) for one, row in own if row["kind"] != "exact" or row["classes"]], now)


def _own_price(row: dict[str, Any]) -> StorePrice:
    return StorePrice(row["kind"], row["low"], row["high"], row["classes"])


def _staff(company: Company, data: dict[str, Any], stores: dict[str, Location]) -> None:
    staff = StaffUser(company_id=company.id, email=data["email"], name=data["name"], role=data["role"])
    staff.locations = [stores[key] for key in data["stores"]]
    db.session.add(staff)
