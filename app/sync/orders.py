"""An order's way in: by whatever road, any number of times, in any sequence, it is one lead in its newest state.

1. The order is always read by its id; lists and webhook bodies only say where to look.
2. No transaction is open while ShopMonkey answers.
3. One transaction, under the order's lock, compares versions and writes.
4. A lead that was just made is looked at once more: another worker may have read a newer state, found no lead yet and
   gone on.
"""

from datetime import datetime

from sqlalchemy import select

from app.db import db
from app.leads.models import Lead
from app.locations.models import Company
from app.shopmonkey import Order, ShopMonkeyPort
from app.sync.clients import client_of
from app.sync.keeping import Kept, close_gone, keep_order
from app.sync.lead_rule import is_lead
from app.sync.order_state import is_newer
from app.sync.reading import read_order, read_rest


def take_order(company: Company, order_id: str, now: datetime) -> Lead | None:
    """Read the order and bring its lead up to date; None when it is no lead. Commits, the caller's transaction too.

    Raises UnknownStore when its store has not been added, ShopMonkeyError when it cannot be read.
    """
    company_id, client = company.id, client_of(company)
    db.session.commit()
    order = read_order(client, order_id)
    if order is None:
        return _close(company_id, order_id, now)
    kept = _take(client, company_id, order, now)
    if kept and kept.created:
        _look_again(client, company_id, kept.lead, now)
    return kept.lead if kept else None


def needs_reading(company_id: int, listed: Order) -> bool:
    """Whether a listed order may tell something new: a lead not yet made, or a newer state of one."""
    lead = _known(company_id, listed.id)
    if lead is None:
        return is_lead(listed).is_lead
    incomplete = lead.customer_id is None and listed.customer_id is not None
    return incomplete or is_newer(listed, lead.order_version, lead.order_updated_at)


def _take(client: ShopMonkeyPort, company_id: int, order: Order, now: datetime) -> Kept | None:
    if not is_lead(order).is_lead and _known(company_id, order.id) is None:
        db.session.commit()
        return None
    db.session.commit()
    reading = read_rest(client, order)
    try:
        kept = keep_order(company_id, reading, now)
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise
    return kept


def _look_again(client: ShopMonkeyPort, company_id: int, lead: Lead, now: datetime) -> None:
    order_id, version, updated_at = lead.shopmonkey_order_id, lead.order_version, lead.order_updated_at
    db.session.commit()
    order = read_order(client, order_id)
    if order is None:
        _close(company_id, order_id, now)
    elif is_newer(order, version, updated_at):
        _take(client, company_id, order, now)


def _close(company_id: int, order_id: str, now: datetime) -> Lead | None:
    lead = close_gone(company_id, order_id, now)
    db.session.commit()
    return lead


def _known(company_id: int, order_id: str) -> Lead | None:
    return db.session.scalar(select(Lead).where(Lead.company_id == company_id, Lead.shopmonkey_order_id == order_id))
