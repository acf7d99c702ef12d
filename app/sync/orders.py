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
from app.locations.models import Company, Location
from app.shopmonkey import Order, ShopMonkeyError, ShopMonkeyPort
from app.sync.clients import client_of, clients_of, own_client_of
from app.sync.keeping import Kept, close_gone, keep_order
from app.sync.order_state import is_newer
from app.sync.reading import assure_reads, read_order, read_rest
from app.sync.rules import Judge, judge_of


def take_order(
    company: Company,
    order_id: str,
    now: datetime,
    client: ShopMonkeyPort | None = None,
    store: str | None = None,
) -> Lead | None:
    """Read the order and bring its lead up to date; None when it is no lead. Commits, the caller's transaction too.

    `client` is the one that showed the order; without it each that reads the company is asked, the `store`'s before
    others. Raises UnknownStore when its store has not been added (its lead has been told all the same),
    ShopMonkeyError when it cannot be read.
    """
    company_id, lead = company.id, _known(company.id, order_id)
    # Who reads the store of the order's lead, and that store.
    own, store_id = (own_client_of(lead.location), lead.location.shopmonkey_id) if lead else (None, "")
    clients = [client] if client else _clients(company, own, store)
    db.session.commit()
    judge, order, for_good = _find(company_id, clients, order_id, own, store_id)
    if order is None:
        return _close(company_id, order_id, now, for_good)
    kept = _take(judge, order, now)
    if kept and kept.created:
        _look_again(judge, kept.lead, now)
    return kept.lead if kept else None


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
    if kept and kept.unknown:
        raise kept.unknown
    return kept


def _look_again(judge: Judge, lead: Lead, now: datetime) -> None:
    order_id, version, updated_at = lead.shopmonkey_order_id, lead.order_version, lead.order_updated_at
    own = own_client_of(lead.location)
    db.session.commit()
    order = read_order(judge.client, order_id)
    if order is None:
        _close(judge.company_id, order_id, now, for_good=judge.client is own)
    elif is_newer(order, version, updated_at):
        _take(judge, order, now)


def _close(company_id: int, order_id: str, now: datetime, for_good: bool) -> Lead | None:
    lead = close_gone(company_id, order_id, now, for_good)
    db.session.commit()
    return lead


def _known(company_id: int, order_id: str) -> Lead | None:
    return db.session.scalar(select(Lead).where(Lead.company_id == company_id, Lead.shopmonkey_order_id == order_id))


def _clients(company: Company, own: ShopMonkeyPort | None, store: str | None) -> list[ShopMonkeyPort]:
    """Whom to ask for the order, the likeliest first: each store may have a key of its own."""
    named = select(Location).where(Location.company_id == company.id, Location.shopmonkey_id == (store or ""))
    there = db.session.scalar(named)
    likely = (own, own_client_of(there) if there else None)
    found = dict.fromkeys(client for client in (*likely, *clients_of(company)) if client)
    return list(found) or [client_of(company)]


def _find(
    company_id: int, clients: list[ShopMonkeyPort], order_id: str, own: ShopMonkeyPort | None, store_id: str
) -> tuple[Judge, Order | None, bool]:
    """The order, and who judges it; without it, whether it is gone for good: `own` said so, and all have answered."""
    order, failure, gone, silent = None, None, False, False
    for client in clients:
        try:
            order = read_order(client, order_id)
            if order is None and client is own:
                assure_reads(client, store_id)
        except ShopMonkeyError as error:
            silent = True
            # One key may be refused while another reads the order's store. But where that one has said that the order
            # is gone, a key of other stores must not keep the lead open.
            if not (gone and error.key_refused):
                failure = failure or error
        else:
            gone = gone or (order is None and client is own)
        if order is not None:
            break
    if order is None and failure:
        raise failure
    judge = judge_of(company_id, client)
    db.session.commit()
    return judge, order, gone and not silent
