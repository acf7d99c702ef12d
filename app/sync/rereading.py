"""Reading known orders again: a change whose webhook was lost is noticed within a quarter of an hour."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, update

from app.db import db
from app.leads.models import Lead
from app.locations import UnknownStore
from app.locations.models import Company, Location
from app.locations.stores import added_ids
from app.shopmonkey import Order, ShopMonkeyPort
from app.sync import unread
from app.sync.attempts import attempt
from app.sync.clients import has_key
from app.sync.key_turns import key_by_key
from app.sync.known_leads import KnownLead, of_company, rows_of
from app.sync.orders import take_order
from app.sync.turns import keep_turn

JOB = "rereading"
EVERY = timedelta(minutes=15)
# A closed lead's order may still be taken out of the archive, or move: looked at daily for a month.
CLOSED_EVERY = timedelta(days=1)
CLOSED_FOR = timedelta(days=30)
AT_ONCE = 20

Known = dict[str, KnownLead]

log = logging.getLogger(__name__)


def reread(company: Company, now: datetime) -> int:
    """Read the orders again that were last read a quarter of an hour ago; how many. 20 ids a call.

    Nothing happens while another worker has the company's turn. Raises ShopMonkeyError; the rest waits for the next.
    """
    return key_by_key(company, JOB, lambda key_id, client: _reread_stores(company, key_id, client, now))


def _reread_stores(company: Company, key_id: int | None, client: ShopMonkeyPort, now: datetime) -> int:
    read = 0
    for due in (_open(now), _lately_closed(now)):
        for known in _stale(company.id, key_id, due, now):
            read += _reread(company, client, known, now)
    return read


def freshen(lead_id: int, now: datetime) -> None:
    """Read the lead's order again when that was last done over a quarter of an hour ago. Commits.

    Does nothing for a company that is not read from ShopMonkey. Raises ShopMonkeyError when the order cannot be read.
    """
    lead = db.session.get_one(Lead, lead_id, populate_existing=True)
    fresh = lead.order_read_at is not None and now - lead.order_read_at < EVERY
    company = lead.location.company
    if fresh or lead.closed or not has_key(company):
        db.session.commit()
        return
    try:
        take_order(company, lead.shopmonkey_order_id, now)
    except UnknownStore as error:
        log.warning("order %s has moved away: %s", lead.shopmonkey_order_id, error)


def _stale(company_id: int, key_id: int | None, due: ColumnElement[bool], now: datetime) -> Iterator[Known]:
    """Orders to read again with what is kept of each, twenty at a time, the longest unread first."""
    rows = (
        of_company(company_id)
        .where(Location.shopmonkey_key_id.is_not_distinct_from(key_id), due)
        # What cannot be read keeps its old date, so that nobody takes it for fresh, and lets the others pass.
        .where(or_(Lead.order_tried_at.is_(None), Lead.order_tried_at <= now - EVERY))
        .order_by(Lead.order_read_at, Lead.id)
        .limit(AT_ONCE)
    )
    while found := rows_of(rows):
        db.session.commit()
        yield found


def _open(now: datetime) -> ColumnElement[bool]:
    return and_(Lead.stage.not_in(("won", "lost")), _read_before(now - EVERY))


def _lately_closed(now: datetime) -> ColumnElement[bool]:
    lately = and_(Lead.stage.in_(("won", "lost")), Lead.created_at > now - CLOSED_FOR)
    return and_(lately, Lead.order_deleted_at.is_(None), _read_before(now - CLOSED_EVERY))


def _read_before(moment: datetime) -> ColumnElement[bool]:
    return or_(Lead.order_read_at.is_(None), Lead.order_read_at <= moment)


def _reread(company: Company, client: ShopMonkeyPort, known: Known, now: datetime) -> int:
    company_id = company.id
    keep_turn(company_id, JOB)
    ours = added_ids(company_id)
    db.session.commit()
    shown = {order.id: order for order in client.orders_by_ids(known)}
    same = [
        order_id
        for order_id, lead in known.items()
        if order_id in shown and not _tells_something(lead, shown[order_id], ours)
    ]
    _write(company_id, same, order_read_at=now)
    # One that is not shown is not thereby gone: only a look by its own id says so.
    taken = [order_id for order_id in known.keys() - set(same) if _take(company, known[order_id], now)]
    unread.forget(company_id, [*same, *taken])
    db.session.commit()
    return len(known)


def _tells_something(lead: KnownLead, shown: Order, ours: set[str]) -> bool:
    return lead.differs(shown) or (shown.location_id in ours and lead.comes_back(shown))


def _take(company: Company, lead: KnownLead, now: datetime) -> bool:
    """Whether the order was read. Whoever may read it is asked: moved to a store of another key, it is not gone.

    Raises ShopMonkeyError where ShopMonkey asks to slow down.
    """
    company_id = company.id
    outcome = attempt(company, lead.as_order(), now, job=JOB)
    error = outcome.error
    if error is None:
        _write(company_id, [lead.order_id], order_read_at=now)
        return outcome.taken
    if not outcome.blameless:
        # It is tried by itself from here on, and staff see it.
        unread.failed(company_id, lead.as_order(), error, unread.HELD_ATTEMPTS)
    settled = outcome.odd or (error.permanent and not outcome.blameless)
    _write(company_id, [lead.order_id], **{"order_read_at" if settled else "order_tried_at": now})
    if error.status == 429:
        raise error
    return False


def _write(company_id: int, order_ids: list[str], **values: datetime) -> None:
    theirs = update(Lead).where(Lead.company_id == company_id, Lead.shopmonkey_order_id.in_(order_ids))
    db.session.execute(theirs.values(**values).execution_options(synchronize_session=False))
    db.session.commit()
