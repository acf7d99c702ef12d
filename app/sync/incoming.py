"""What to do when ShopMonkey says that something changed: each takes account, object id and the time."""

from datetime import datetime

from sqlalchemy import select

from app.db import db
from app.leads.intake import keep_customer, keep_vehicle
from app.leads.models import Customer, Lead, Vehicle
from app.locations import company_by_shopmonkey_id
from app.sync.clients import client_of
from app.sync.consents import flags_before, keep_consents
from app.sync.contacts import customer_values, vehicle_values
from app.sync.orders import take_order
from app.sync.reading import read_customer, read_order, read_vehicle


def order_changed(account: str, order_id: str, now: datetime) -> None:
    """Take the order. Raises UnknownStore, ShopMonkeyError."""
    take_order(company_by_shopmonkey_id(account), order_id, now)


def customer_changed(account: str, customer_id: str, now: datetime) -> None:
    """Refresh a customer that some lead knows. Raises UnknownStore, ShopMonkeyError."""
    company = company_by_shopmonkey_id(account)
    if not _known(Customer, company.id, customer_id):
        return
    company_id, order_id, client = company.id, _newest_order(company.id, customer_id), client_of(company)
    db.session.commit()
    customer = read_customer(client, customer_id)
    # The order chose which of the customer's numbers and addresses its messages go to.
    order = read_order(client, order_id) if customer and order_id else None
    if customer:
        before = flags_before(company_id, customer_id)
        keep_customer(company_id, customer_values(customer, order))
        lead = _lead_of(company_id, order_id)
        if lead:
            keep_consents(lead, before, now)
    db.session.commit()


def vehicle_changed(account: str, vehicle_id: str, now: datetime) -> None:
    """Refresh a vehicle that some lead knows. Raises UnknownStore, ShopMonkeyError."""
    company = company_by_shopmonkey_id(account)
    if not _known(Vehicle, company.id, vehicle_id):
        return
    company_id, client = company.id, client_of(company)
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


def _newest_order(company_id: int, customer_id: str) -> str | None:
    theirs = (Customer.company_id == company_id, Customer.shopmonkey_id == customer_id)
    orders = select(Lead.shopmonkey_order_id).join(Customer, Customer.id == Lead.customer_id).where(*theirs)
    is_closed = Lead.stage.in_(("won", "lost"))
    return db.session.scalar(orders.order_by(is_closed, Lead.created_at.desc(), Lead.id.desc()).limit(1))


def _lead_of(company_id: int, order_id: str | None) -> Lead | None:
    found = select(Lead).where(Lead.company_id == company_id, Lead.shopmonkey_order_id == order_id)
    return db.session.scalar(found.execution_options(populate_existing=True))


def _known(model: type[Customer] | type[Vehicle], company_id: int, shopmonkey_id: str) -> bool:
    found = select(model.id).where(model.company_id == company_id, model.shopmonkey_id == shopmonkey_id)
    return db.session.scalar(found) is not None
