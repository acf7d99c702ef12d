"""Polling: what webhooks missed comes in here, by the same road."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.locations import UnknownStore
from app.locations.models import Company, Location
from app.shopmonkey import ShopMonkeyError, ShopMonkeyPort
from app.sync.clients import clients_of
from app.sync.models import OrderWatermark
from app.sync.orders import needs_reading, take_order
from app.sync.rules import judge_of
from app.sync.turns import end_turn, keep_turn, take_turn
from app.sync.windows import whole_windows

JOB = "orders"
FIRST_LOOK_BACK = timedelta(hours=24)
# An order may show in lists later than its createdDate says, and the two clocks differ.
OVERLAP = timedelta(minutes=10)
PAUSE = timedelta(seconds=15)
# Orders taken at once: as many as the client has calls at once.
LANES = 5

log = logging.getLogger(__name__)


def poll(company: Company, now: datetime) -> int:
    """Take every order created since the watermark; how many were read. The watermark follows each complete window.

    Nothing happens while another worker has the company's turn. Raises ShopMonkeyError after noting it.
    """
    company_id = company.id
    if not take_turn(company_id, JOB):
        return 0
    try:
        return _Poll(company, now).run()
    except ShopMonkeyError as error:
        db.session.rollback()
        _note(company_id, error=str(error))
        raise
    finally:
        db.session.rollback()
        end_turn(company_id, JOB, PAUSE)
        db.session.commit()


class _Poll:
    """One company's turn. One order that cannot be read holds back the watermark, but not the other orders."""

    def __init__(self, company: Company, now: datetime) -> None:
        self.company, self.company_id, self.now = company, company.id, now
        self.failure: ShopMonkeyError | None = None

    def run(self) -> int:
        since, newest_store_at = self._since()
        clients = clients_of(self.company)
        db.session.commit()
        taken = sum(self._read_if_it_answers(client, since, follow=len(clients) == 1) for client in clients)
        if self.failure:
            raise self.failure
        _note(self.company_id, complete_until=_no_less_than(self.now), newest_store_at=newest_store_at, error=None)
        return taken

    def _since(self) -> tuple[datetime, datetime | None]:
        mark = _watermark(self.company_id, self.now)
        newest = select(func.max(Location.created_at)).where(Location.company_id == self.company_id)
        newest_store_at = db.session.scalar(newest)
        since = min(mark.complete_until, self.now) - OVERLAP
        if newest_store_at and (mark.newest_store_at is None or newest_store_at > mark.newest_store_at):
            # Orders of a store that was not added yet were left out: they may be fresh enough to be leads.
            since = min(since, self.now - FIRST_LOOK_BACK)
        return since, newest_store_at

    def _read_if_it_answers(self, client: ShopMonkeyPort, since: datetime, follow: bool) -> int:
        try:
            return self._read(client, since, follow)
        except ShopMonkeyError as error:
            # A key that is refused must not keep the stores of the others waiting.
            self.failure = self.failure or error
            return 0

    def _read(self, client: ShopMonkeyPort, since: datetime, follow: bool) -> int:
        taken = 0
        for end, orders in whole_windows(client.orders_created, since, self.now):
            judge = judge_of(self.company_id, client)
            wanted = [order.id for order in orders if needs_reading(judge, order, self.now)]
            db.session.commit()
            taken += self._take_all(client, wanted)
            if follow and not self.failure:
                _note(self.company_id, complete_until=_no_less_than(end), error=None)
        return taken

    def _take_all(self, client: ShopMonkeyPort, order_ids: list[str]) -> int:
        if LANES == 1 or len(order_ids) <= 1:
            return sum(self._take(client, self.company, order_id) for order_id in order_ids)
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        with ThreadPoolExecutor(min(LANES, len(order_ids)), "orders") as lanes:
            return sum(lanes.map(lambda order_id: self._take_in_lane(app, client, order_id), order_ids))

    def _take_in_lane(self, app: Flask, client: ShopMonkeyPort, order_id: str) -> bool:
        with app.app_context():
            return self._take(client, db.session.get_one(Company, self.company_id), order_id)

    def _take(self, client: ShopMonkeyPort, company: Company, order_id: str) -> bool:
        try:
            keep_turn(self.company_id, JOB)
            take_order(company, order_id, self.now, client)
        except UnknownStore as error:
            log.warning("order %s is left out: %s", order_id, error)
            return False
        except ShopMonkeyError as error:
            log.warning("order %s could not be read: %s", order_id, error)
            if not error.permanent or error.key_refused:
                self.failure = self.failure or error
            return False
        except Exception as error:
            # Whatever is odd about this one, the others come in; it is tried again as long as the watermark waits.
            db.session.rollback()
            log.exception("order %s could not be taken in", order_id)
            kind = type(error).__name__
            self.failure = self.failure or ShopMonkeyError(f"order {order_id}: {kind}", permanent=False)
            return False
        return True


def _watermark(company_id: int, now: datetime) -> OrderWatermark:
    first = insert(OrderWatermark).values(company_id=company_id, complete_until=now - FIRST_LOOK_BACK)
    db.session.execute(first.on_conflict_do_nothing())
    _note(company_id, polled_at=func.now())
    return db.session.get_one(OrderWatermark, company_id, populate_existing=True)


def _no_less_than(moment: datetime) -> object:
    return func.greatest(OrderWatermark.complete_until, moment)


def _note(company_id: int, **values: object) -> None:
    noted = update(OrderWatermark).where(OrderWatermark.company_id == company_id).values(**values)
    db.session.execute(noted.execution_options(synchronize_session=False))
    keep_turn(company_id, JOB)
    db.session.commit()
