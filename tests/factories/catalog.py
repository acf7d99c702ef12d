"""Services of a store."""

from itertools import count

from app.catalog.models import ClassPrice, Service
from app.db import db
from app.locations.models import Location

_numbers = count(1)


def make_service(location: Location, *, by_class: dict[str, int] | None = None, **given: object) -> Service:
    """An exact $299 ceramic tint unless told otherwise; `by_class` maps vehicle class to exact cents."""
    service = Service(
        **{
            "company_id": location.company_id,
            "location_id": location.id,
            "shopmonkey_id": f"service-{next(_numbers)}",
            "name": "Ceramic Tint, Full Car",
            "category": "Ceramic Tint",
            "description": "Ceramic film on all side windows and the rear glass.",
            "duration_minutes": 180,
            "kind": "exact",
            "low_cents": 29900,
            **given,
        }
    )
    service.class_prices = [
        ClassPrice(vehicle_class=name, kind="exact", low_cents=cents) for name, cents in (by_class or {}).items()
    ]
    db.session.add(service)
    db.session.flush()
    return service
