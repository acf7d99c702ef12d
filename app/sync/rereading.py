"""Reading known orders again: a change whose webhook was lost is noticed within a quarter of an hour."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update

from app.db import db
from app.leads.models import Lead
from app.locations import UnknownStore
from app.locations.models import Company, Location
from app.shopmonkey import ShopMonkeyError, ShopMonkeyPort
from app.sync.clients import has_key
from app.sync.key_turns import key_by_key
from app.sync.order_state import is_newer
from app.sync.orders import take_order
from app.sync.turns import keep_turn

JOB = "rereading"
EVERY = timedelta(minutes=15)
# A closed lead's order may still be taken out of the archive, or move: looked at daily for a month.
CLOSED_EVERY = timedelta(days=1)
CLOSED_FOR = timedelta(days=30)
AT_ONCE = 20

Kept = tuple[int | None, datetime | None]

log = logging.getLogger(__name__)


def reread(company: Company, now: datetime) -> int:
    """Read the orders again that were last read a quarter of an hour ago; how many. 20 ids a call.

    Nothing happens while another worker has the company's turn. Raises ShopMonkeyError; the rest waits for the next.
    """
    return key_by_key(company, JOB, lambda key_id, client: _reread_stores(company, key_id, client, now))


def _reread_stores(company: Company, key_id: int | None, client: ShopMonkeyPort, now: datetime) -> int:
    read = 0
    for due in (_open(now), _lately_closed(now)):
        for known in _stale(company.id, key_id, due):
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


def _stale(company_id: int, key_id: int | None, due: ColumnElement[bool]) -> Iterator[dict[str, Kept]]:
    """Orders to read again with what is kept of each, twenty at a time, the longest unread first."""
    rows = (
        select(Lead.shopmonkey_order_id, Lead.order_version, Lead.order_updated_at)
        .join(Location, Location.id == Lead.location_id)
        .where(Lead.company_id == company_id, Location.shopmonkey_key_id.is_not_distinct_from(key_id), due)
        .order_by(Lead.order_read_at, Lead.id)
        .limit(AT_ONCE)
    )
    while found := db.session.execute(rows).all():
        db.session.commit()
        yield {order_id: (version, updated_at) for order_id, version, updated_at in found}


def _open(now: datetime) -> ColumnElement[bool]:
    return and_(Lead.stage.not_in(("won", "lost")), _read_before(now - EVERY))


def _lately_closed(now: datetime) -> ColumnElement[bool]:
    lately = and_(Lead.stage.in_(("won", "lost")), Lead.created_at > now - CLOSED_FOR)
    return and_(lately, Lead.order_deleted_at.is_(None), _read_before(now - CLOSED_EVERY))


def _read_before(moment: datetime) -> ColumnElement[bool]:
    return or_(Lead.order_read_at.is_(None), Lead.order_read_at <= moment)


def _reread(company: Company, client: ShopMonkeyPort, known: dict[str, Kept], now: datetime) -> int:
    company_id = company.id
    keep_turn(company_id, JOB)
    db.session.commit()
    shown = {order.id: order for order in client.orders_by_ids(known)}
    same = [order_id for order_id, kept in known.items() if order_id in shown and not is_newer(shown[order_id], *kept)]
    _read_now(company_id, same, now)
    # One that is not shown is not thereby gone: only a look by its own id says so.
    for order_id in known.keys() - set(same):
        _take(company, order_id, now)
    return len(known)


def _take(company: Company, order_id: str, now: datetime) -> None:
    try:
        keep_turn(company.id, JOB)
        # Whoever may read it is asked: moved to a store of another key, it is not gone.
        take_order(company, order_id, now)
    except UnknownStore as error:
        log.warning("order %s has moved away: %s", order_id, error)
        _read_now(company.id, [order_id], now)
    except ShopMonkeyError as error:
        if not error.permanent or error.key_refused:
            raise
        log.warning("order %s cannot be read: %s", order_id, error)
        _read_now(company.id, [order_id], now)
    except Exception:
        # Whatever is odd about this one, the others are read; it has its next turn with them.
        db.session.rollback()
        log.exception("order %s could not be taken in", order_id)
        _read_now(company.id, [order_id], now)


def _read_now(company_id: int, order_ids: list[str], now: datetime) -> None:
    read = update(Lead).where(Lead.company_id == company_id, Lead.shopmonkey_order_id.in_(order_ids))
    db.session.execute(read.values(order_read_at=now).execution_options(synchronize_session=False))
    db.session.commit()
