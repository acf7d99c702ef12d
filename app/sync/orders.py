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
from app.shopmonkey import Order, ShopMonkeyError, ShopMonkeyPort
from app.sync.clients import client_of, client_of_store, clients_of
from app.sync.keeping import Kept, close_gone, keep_order
from app.sync.order_state import is_newer
from app.sync.reading import read_order, read_rest
from app.sync.rules import Judge, judge_of


def take_order(company: Company, order_id: str, now: datetime, client: ShopMonkeyPort | None = None) -> Lead | None:
    """Read the order and bring its lead up to date; None when it is no lead. Commits, the caller's transaction too.

    `client` is the one that showed the order; without it each that reads the company is asked. Raises UnknownStore when
    its store has not been added, ShopMonkeyError when it cannot be read.
    """
    company_id = company.id
    clients = [client] if client else _clients(company, order_id)
    db.session.commit()
    judge, order = _find(company_id, clients, order_id)
    if order is None:
        return _close(company_id, order_id, now)
    kept = _take(judge, order, now)
    if kept and kept.created:
        _look_again(judge, kept.lead, now)
    return kept.lead if kept else None


def needs_reading(judge: Judge, listed: Order, now: datetime) -> bool:
    """Whether a listed order may tell something new: a lead not yet made, or a newer state of one."""
    lead = _known(judge.company_id, listed.id)
    if lead is None:
        return judge.may_be_lead(listed, now)
    incomplete = lead.customer_id is None and listed.customer_id is not None
    return incomplete or is_newer(listed, lead.order_version, lead.order_updated_at)


def _take(judge: Judge, order: Order, now: datetime) -> Kept | None:
    wanted = judge.verdict(order, now).is_lead
    if not wanted and _known(judge.company_id, order.id) is None:
        db.session.commit()
        return None
    db.session.commit()
    reading = read_rest(judge.client, order)
    try:
        kept = keep_order(judge.company_id, reading, wanted, now)
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise
    return kept


def _look_again(judge: Judge, lead: Lead, now: datetime) -> None:
    order_id, version, updated_at = lead.shopmonkey_order_id, lead.order_version, lead.order_updated_at
    db.session.commit()
    order = read_order(judge.client, order_id)
    if order is None:
        _close(judge.company_id, order_id, now)
    elif is_newer(order, version, updated_at):
        _take(judge, order, now)


def _close(company_id: int, order_id: str, now: datetime) -> Lead | None:
    lead = close_gone(company_id, order_id, now)
    db.session.commit()
    return lead


def _known(company_id: int, order_id: str) -> Lead | None:
    return db.session.scalar(select(Lead).where(Lead.company_id == company_id, Lead.shopmonkey_order_id == order_id))


def _clients(company: Company, order_id: str) -> list[ShopMonkeyPort]:
    """Whom to ask for the order, the likeliest first."""
    lead = _known(company.id, order_id)
    found = [client_of_store(lead.location)] if lead and lead.location.shopmonkey_key else []
    return [*found, *(client for client in clients_of(company) if client not in found)] or [client_of(company)]


def _find(company_id: int, clients: list[ShopMonkeyPort], order_id: str) -> tuple[Judge, Order | None]:
    order, failure = None, None
    for client in clients:
        try:
            order = read_order(client, order_id)
        except ShopMonkeyError as error:
            # One key may be refused while another reads the order's store.
            failure = failure or error
        if order is not None:
            break
    if order is None and failure:
        raise failure
    judge = judge_of(company_id, client)
    db.session.commit()
    return judge, order
