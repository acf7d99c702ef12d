"""Making a store of a ShopMonkey location, and keeping what ShopMonkey says about it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.lib import events
from app.lib.phone import normalise
from app.locations.events import StoreAdded
from app.locations.models import Company, Location
from app.locations.zones import known_zone
from app.shopmonkey import LocationPayload

SAME = ("email", "website", "address1", "address2", "city", "state", "postal_code")


def add_store(
    company: Company, payload: LocationPayload, timezone: str | None = None, key_id: int | None = None
) -> tuple[Location, bool]:
    """The store of that ShopMonkey location, and whether this made it; one that is there already stays as it is.

    Raises ValueError where neither ShopMonkey nor the caller names a zone that exists.
    """
    zone = known_zone(payload.timezone) or known_zone(timezone)
    if zone is None:
        raise ValueError(f"{payload.name or payload.id}: ShopMonkey names no time zone that exists. Choose one.")
    values = {**_values(payload), "timezone": zone, "company_id": company.id, "shopmonkey_id": payload.id}
    values |= {"name": payload.name or payload.id, "country": payload.country or "US", "shopmonkey_key_id": key_id}
    made = db.session.scalar(insert(Location).values(values).on_conflict_do_nothing().returning(Location.id))
    same = (Location.company_id == company.id, Location.shopmonkey_id == payload.id)
    store = db.session.scalars(select(Location).where(*same)).one()
    if made is not None:
        events.publish(StoreAdded(store.id, company.shopmonkey_id, payload.id))
    return store, made is not None


def refresh_store(store: Location, payload: LocationPayload) -> bool:
    """Take over what ShopMonkey says now: a new name, address or zone. What it leaves out stays. True on a change."""
    told: Mapping[str, Any] = {**_values(payload), "name": payload.name, "timezone": known_zone(payload.timezone)}
    changed = {name: value for name, value in told.items() if value and getattr(store, name) != value}
    for name, value in changed.items():
        setattr(store, name, value)
    return bool(changed)


def added_ids(company_id: int) -> set[str]:
    """The ShopMonkey locations of the company that are stores here."""
    return set(db.session.scalars(select(Location.shopmonkey_id).where(Location.company_id == company_id)))


def _values(payload: LocationPayload) -> dict[str, Any]:
    phone = normalise(payload.phone) or payload.phone
    return {"phone": phone, **{name: getattr(payload, name) or None for name in SAME}}
