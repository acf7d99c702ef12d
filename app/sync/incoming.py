"""What to do when ShopMonkey says that something changed: each takes account, object id, the time and a store's id."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from app.db import db
from app.leads.intake import keep_vehicle, lock_order
from app.leads.models import Customer, Lead, Vehicle
from app.locations import company_by_shopmonkey_id
from app.locations.models import Company
from app.shopmonkey import ShopMonkeyPort
from app.sync.clients import client_of, client_of_store
from app.sync.contacts import vehicle_values
from app.sync.customers import take_customer
from app.sync.orders import take_order
from app.sync.reading import read_customer, read_order, read_vehicle


def order_changed(account: str, order_id: str, now: datetime, store: str | None = None) -> None:
    """Take the order, which is likely to be at that store. Raises UnknownStore, ShopMonkeyError."""
    take_order(company_by_shopmonkey_id(account), order_id, now, store=store)


def customer_changed(account: str, customer_id: str, now: datetime, store: str | None = None) -> None:
    """Refresh a customer that some lead knows. Raises UnknownStore, ShopMonkeyError."""
    company = company_by_shopmonkey_id(account)
    if not _known(Customer, company.id, customer_id):
        return
    lead = _newest_lead(company.id, Lead.customer_id == Customer.id, Customer.shopmonkey_id == customer_id)
    company_id, order_id, client = company.id, lead.shopmonkey_order_id if lead else None, _reader(company, lead)
    db.session.commit()
    customer = read_customer(client, customer_id)
    # The order chose which of the customer's numbers and addresses its messages go to.
    order = read_order(client, order_id) if customer and order_id else None
    if customer:
        take_customer(lock_order(company_id, order_id) if order_id else None, company_id, customer, order, now)
    db.session.commit()


def vehicle_changed(account: str, vehicle_id: str, now: datetime, store: str | None = None) -> None:
    """Refresh a vehicle that some lead knows. Raises UnknownStore, ShopMonkeyError."""
    company = company_by_shopmonkey_id(account)
    if not _known(Vehicle, company.id, vehicle_id):
        return
    lead = _newest_lead(company.id, Lead.vehicle_id == Vehicle.id, Vehicle.shopmonkey_id == vehicle_id)
    company_id, client = company.id, _reader(company, lead)
    db.session.commit()
    vehicle = read_vehicle(client, vehicle_id)
    if vehicle:
        keep_vehicle(company_id, vehicle_values(vehicle))
    db.session.commit()


HANDLERS = {
    ("shopmonkey", "order"): order_changed,
    ("shopmonkey", "customer"): customer_changed,
    ("shopmonkey", "vehicle"): vehicle_changed,
}


def _newest_lead(company_id: int, *theirs: ColumnElement[bool]) -> Lead | None:
    newest = select(Lead).where(Lead.company_id == company_id, *theirs)
    is_closed = Lead.stage.in_(("won", "lost"))
    return db.session.scalar(newest.order_by(is_closed, Lead.created_at.desc(), Lead.id.desc()).limit(1))


def _reader(company: Company, lead: Lead | None) -> ShopMonkeyPort:
    """By the key of the lead's store: the company need not have one of its own."""
    return client_of_store(lead.location) if lead else client_of(company)


def _known(model: type[Customer] | type[Vehicle], company_id: int, shopmonkey_id: str) -> bool:
    found = select(model.id).where(model.company_id == company_id, model.shopmonkey_id == shopmonkey_id)
    return db.session.scalar(found) is not None
