"""What the worker does for sync."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import select

from app.db import db
from app.locations.models import Company
from app.shopmonkey import ShopMonkeyError, short_of_patience
from app.sync.busy_jobs import read_calendars
from app.sync.clients import has_key
from app.sync.polling import poll
from app.sync.registrations import check_registration
from app.sync.rereading import reread
from app.sync.second_looks import look_again
from app.sync.store_details import refresh_details

# Companies worked on at once, and how many seconds they are waited for. One whose ShopMonkey hangs goes on in a thread
# of its own, without a database connection, and keeps its turn: later runs pass it by.
LANES = 64
PATIENCE = 10.0

log = logging.getLogger(__name__)


def poll_orders(now: datetime) -> int:
    """Poll every company that has a key; how many orders were read. One company's failure does not stop the others."""
    return sum(_for_each("polling", lambda company: poll(company, now)))


def reread_orders(now: datetime) -> int:
    """Read known orders of every company again that are due; how many."""
    return sum(_for_each("re-reading", lambda company: reread(company, now)))


def judge_again(now: datetime) -> int:
    """Take what has become a lead since it was first judged, for every company that is due; how many."""
    return sum(_for_each("second looks at the orders of", lambda company: look_again(company, now)))


def check_registrations(now: datetime) -> int:
    """Look after every company's webhook in ShopMonkey; how many of them something is wrong with."""
    problems = _for_each("checking the webhook of", _briefly(lambda company: bool(check_registration(company, now))))
    return sum(problems)


def refresh_stores(now: datetime) -> int:
    """Take over what ShopMonkey says about every company's stores; how many changed."""
    return sum(_for_each("reading the stores of", _briefly(refresh_details)))


def read_all_calendars(now: datetime) -> int:
    """Read what is due of every company's calendars; how many stores were read."""
    return sum(_for_each("reading the calendars of", _briefly(lambda company: read_calendars(company, now))))


def _briefly(work: Callable[[Company], int]) -> Callable[[Company], int]:
    """Without sleeping through a long rest that ShopMonkey wants: the lane is the other companies' too."""

    def briefly(company: Company) -> int:
        with short_of_patience():
            return work(company)

    return briefly


def _for_each(what: str, work: Callable[[Company], int]) -> list[int]:
    companies = [company.id for company in db.session.scalars(select(Company).order_by(Company.id)) if has_key(company)]
    db.session.commit()
    if LANES == 1 or len(companies) == 1:
        return [_attempt(what, work, company_id) for company_id in companies]
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def in_lane(company_id: int) -> int:
        with app.app_context():
            return _attempt(what, work, company_id)

    lanes = ThreadPoolExecutor(min(LANES, len(companies)) or 1, "companies")
    done, _ = wait([lanes.submit(in_lane, company_id) for company_id in companies], PATIENCE)
    lanes.shutdown(wait=False, cancel_futures=True)
    return [one.result() for one in done]


def _attempt(what: str, work: Callable[[Company], int], company_id: int) -> int:
    try:
        return work(db.session.get_one(Company, company_id))
    except ShopMonkeyError as error:
        log.warning("%s company %s stopped: %s", what, company_id, error)
    except Exception:
        # The others have their turn whatever is wrong with this one; the job's next run tries it again.
        log.exception("%s company %s failed", what, company_id)
        db.session.rollback()
    return 0
