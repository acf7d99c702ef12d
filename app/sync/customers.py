"""Customers as ShopMonkey knows them, who may change without their orders: an opt-out, another number."""

from datetime import datetime, timedelta

from sqlalchemy import update

from app.db import db
from app.leads.intake import keep_customer, lock_order
from app.leads.models import Customer, Lead
from app.lib.phone import normalise
from app.shopmonkey import CustomerPayload, Order
from app.sync.clients import client_of_store, has_key
from app.sync.consents import flags_before, keep_consents
from app.sync.contacts import customer_values
from app.sync.reading import read_customer, read_order

EVERY = timedelta(minutes=15)


def freshen_customer(lead_id: int, now: datetime) -> None:
    """Read the lead's customer again when that was last done over a quarter of an hour ago. Commits.

    One call, and one more where the customer has changed. Does nothing for a closed lead, or a company that is not read
    from ShopMonkey. Raises ShopMonkeyError when the customer cannot be read.
    """
    lead = db.session.get_one(Lead, lead_id, populate_existing=True)
    customer = lead.customer
    fresh = customer is None or (customer.read_at is not None and now - customer.read_at < EVERY)
    if customer is None or fresh or lead.closed or not has_key(lead.location.company):
        db.session.commit()
        return
    customer_id, shopmonkey_id, order_id = customer.id, customer.shopmonkey_id, lead.shopmonkey_order_id
    company_id, client = lead.company_id, client_of_store(lead.location)
    db.session.commit()
    told = read_customer(client, shopmonkey_id)
    known = db.session.get_one(Customer, customer_id, populate_existing=True)
    if told is not None and not _says_the_same(told, known):
        db.session.commit()
        # The order chose which of the customer's numbers and addresses its messages go to.
        order = read_order(client, order_id)
        take_customer(lock_order(company_id, order_id), company_id, told, order, now)
    db.session.execute(update(Customer).where(Customer.id == customer_id).values(read_at=now))
    db.session.commit()


def take_customer(
    lead: Lead | None, company_id: int, told: CustomerPayload, order: Order | None, now: datetime
) -> None:
    """Keep what ShopMonkey told of the customer, and in the ledger what `lead` tells of consent. The caller commits."""
    before = flags_before(company_id, told.id)
    keep_customer(company_id, customer_values(told, order), now)
    if lead:
        keep_consents(lead, before, now)


def _says_the_same(told: CustomerPayload, known: Customer) -> bool:
    """Whether nothing is new: the flags are compared too, for nobody promises that they raise the version."""
    numbers = {normalise(one.number): one.opt_in for one in told.phone_numbers if not one.extension}
    addresses = {(one.email or "").lower(): one.subscribed for one in told.emails}
    return (
        told.version == known.shopmonkey_version
        and (known.phone is None or numbers.get(known.phone) is known.sms_opt_in)
        and (known.email is None or addresses.get(known.email) is known.email_subscribed)
    )
