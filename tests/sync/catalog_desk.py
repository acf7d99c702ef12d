"""What tests of the catalogue sync do: put services into ShopMonkey, sync, look at what is live."""

from datetime import UTC, datetime

from app.catalog.search import services_of
from app.db import db
from app.sync.catalog import sync_catalog

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


def put(sync, service_id, **fields):
    """A bookable service at a fixed price in ShopMonkey, or a change of one."""
    fresh = {
        "name": f"Service {service_id}",
        "locationId": sync.store.shopmonkey_id,
        "pricing": "FixedPrice",
        "fixedPriceCents": 29900,
        "totalCents": 29900,
        "note": "All side windows.",
        "labors": [{"hours": 1.5}, {"hours": 1}],
        "labels": [{"name": "Ceramic Tint"}, {"name": "Second"}],
        "bookable": True,
        "deleted": False,
    }
    known = service_id in sync.fake.tables.get("canned_service", {})
    return sync.fake.put("canned_service", service_id, **({} if known else fresh) | fields)


def run(sync, now=NOW):
    db.session.commit()
    return sync_catalog(sync.store, "a test", now)


def live(sync):
    db.session.expire_all()
    return {service.shopmonkey_id: service for service in services_of(sync.store.id)}


def shown(sync):
    """What one whole walk shows."""
    store_id = sync.store.shopmonkey_id
    db.session.commit()
    return sync.fake.canned_services(store_id).services


def counts(done):
    return {name: getattr(done, name) for name in ("new", "changed", "same", "gone", "odd")}
