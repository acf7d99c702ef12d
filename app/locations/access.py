"""Find a store, or say that it is not one of ours."""

from sqlalchemy import select

from app.db import db
from app.locations.models import Company, Location


class UnknownStore(LookupError):
    """ShopMonkey named a company or location that nobody has added here; the message names it."""


def company_by_shopmonkey_id(shopmonkey_id: str) -> Company:
    """The company behind that ShopMonkey account; raises UnknownStore."""
    company = db.session.scalar(select(Company).where(Company.shopmonkey_id == shopmonkey_id))
    if company is None:
        raise UnknownStore(f"ShopMonkey company {shopmonkey_id or '(none)'} has not been added")
    return company


def find_by_shopmonkey_id(company_shopmonkey_id: str, location_shopmonkey_id: str) -> Location | None:
    """The store behind that ShopMonkey location, or None."""
    return db.session.scalar(
        select(Location)
        .join(Company, Company.id == Location.company_id)
        .where(Company.shopmonkey_id == company_shopmonkey_id, Location.shopmonkey_id == location_shopmonkey_id)
    )


def store_of(company_id: int, shopmonkey_id: str | None) -> Location:
    """The company's store behind that ShopMonkey location; raises UnknownStore."""
    store = db.session.scalar(
        select(Location).where(Location.company_id == company_id, Location.shopmonkey_id == (shopmonkey_id or ""))
    )
    if store is None:
        raise UnknownStore(f"ShopMonkey location {shopmonkey_id or '(none)'} has not been added")
    return store


def store_live(location_id: int) -> bool:
    """Whether the store may reach real people."""
    return bool(db.session.scalar(select(Location.live).where(Location.id == location_id)))
