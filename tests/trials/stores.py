"""The demo company's two stores with their catalogues, hours and bays, as rows."""

from datetime import time

from app.booking.bays import BayPlan, save_bays
from app.catalog.models import ClassPrice, Service
from app.db import db
from app.locations.models import Location, OpeningHours
from app.sandbox import catalogue
from tests.factories.locations import make_company, make_location

SAME = ("name", "timezone", "phone", "email", "website", "address1", "address2", "city", "state")


def load_stores() -> None:
    """Write and commit them."""
    company = make_company()
    for data in catalogue.company()["stores"]:
        store = make_location(
            company, hours=False, **{name: data[name] for name in SAME}, postal_code=data["postalCode"]
        )
        store.hours = [
            OpeningHours(weekday=int(day), opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))
            for day, stretches in data["hours"].items()
            for opens, closes in stretches
        ]
        db.session.flush()
        save_bays(store.id, [BayPlan(name, tuple(abilities)) for name, abilities in data["bays"].items()])
        for row in catalogue.services(data["key"]):
            load_service(store, row)
    db.session.commit()


def load_service(store: Location, row: dict) -> None:
    service = Service(
        company_id=store.company_id, location_id=store.id, shopmonkey_id=row["id"], name=row["name"],
        category=row["category"], description=row["description"], duration_minutes=row["minutes"], kind=row["kind"],
        low_cents=row["low"], high_cents=row["high"],
    )  # fmt: skip
    service.class_prices = [
        ClassPrice(vehicle_class=name, kind="exact", low_cents=cents) for name, cents in row["classes"].items()
    ]
    db.session.add(service)
