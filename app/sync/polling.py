"""Polling: what webhooks missed comes in here, by the same road."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import func, or_, update
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.locations import UnknownStore
from app.locations.models import Company
from app.shopmonkey import ShopMonkeyError
from app.sync.clients import client_of
from app.sync.models import OrderWatermark
from app.sync.orders import needs_reading, take_order
from app.sync.windows import whole_windows

FIRST_LOOK_BACK = timedelta(hours=24)
OVERLAP = timedelta(minutes=10)
TURN = timedelta(seconds=20)

log = logging.getLogger(__name__)


def poll(company: Company, now: datetime) -> int:
    """Take every order created since the watermark; how many were read. The watermark follows each complete window.

    Nothing happens while another worker has the company's turn. Raises ShopMonkeyError after noting it.
    """
    company_id = company.id
    complete_until = _take_turn(company_id, now)
    if complete_until is None:
        return 0
    taken = 0
    try:
        client = client_of(company)
        db.session.commit()
        since = min(complete_until, now) - OVERLAP
        for end, orders in whole_windows(client.orders_created, since, now):
            wanted = [order.id for order in orders if needs_reading(company_id, order)]
            taken += sum(_take(company, order_id, now) for order_id in wanted)
            _note(company_id, complete_until=func.greatest(OrderWatermark.complete_until, end), error=None)
    except ShopMonkeyError as error:
        db.session.rollback()
        _note(company_id, error=str(error))
        raise
    return taken


def _take(company: Company, order_id: str, now: datetime) -> bool:
    try:
        take_order(company, order_id, now)
    except UnknownStore as error:
        log.warning("order %s is left out: %s", order_id, error)
        return False
    return True


def _take_turn(company_id: int, now: datetime) -> datetime | None:
    first = insert(OrderWatermark).values(company_id=company_id, complete_until=now - FIRST_LOOK_BACK)
    db.session.execute(first.on_conflict_do_nothing())
    turn = (
        update(OrderWatermark)
        .where(OrderWatermark.company_id == company_id)
        .where(or_(OrderWatermark.polled_at.is_(None), OrderWatermark.polled_at < func.now() - TURN))
        .values(polled_at=func.now())
        .returning(OrderWatermark.complete_until)
        .execution_options(synchronize_session=False)
    )
    complete_until = db.session.scalar(turn)
    db.session.commit()
    return complete_until


def _note(company_id: int, **values: object) -> None:
    noted = update(OrderWatermark).where(OrderWatermark.company_id == company_id).values(**values)
    db.session.execute(noted.execution_options(synchronize_session=False))
    db.session.commit()
