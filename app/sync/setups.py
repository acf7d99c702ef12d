"""What the worker does in ShopMonkey for a store that was added: it registers the webhook.

The step may be repeated: it first looks whether it is done. Leases go by the database's own clock.
"""

import logging
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.live import wake
from app.locations.models import Location
from app.shopmonkey import ShopMonkeyError, short_of_patience
from app.sync.models import StoreSetup
from app.sync.registering import register
from app.sync.registrations import CannotRegister
from app.sync.shopmonkey_words import in_words

JOB = "store_setups"
LEASE = timedelta(minutes=5)
LONGEST_WAIT = timedelta(hours=1)

log = logging.getLogger(__name__)


def begin_setup(store: Location) -> None:
    """Have the worker do what is left in ShopMonkey for the store, from the caller's commit on until it is done."""
    fresh = {"due_at": func.now(), "attempts": 0, "error": None}
    row = insert(StoreSetup).values(location_id=store.id, **fresh)
    db.session.execute(row.on_conflict_do_update(index_elements=["location_id"], set_=fresh))
    wake(JOB)


def resume_stopped(company_id: int) -> None:
    """Have every store of the company that was stopped go on: its key, say, is another one now."""
    stores = select(Location.id).where(Location.company_id == company_id)
    stopped = update(StoreSetup).where(StoreSetup.location_id.in_(stores), StoreSetup.error.is_not(None))
    stopped = stopped.values(due_at=func.now(), attempts=0, error=None)
    db.session.execute(stopped.execution_options(synchronize_session=False))
    wake(JOB)


def set_stores_up(limit: int = 500) -> int:
    """Do what is due, store by store; how many were worked on. Every failure is written on its store. Commits.

    A company whose ShopMonkey is unwell waits for the next call, so that the others need not wait for it.
    """
    unwell: set[int] = set()
    for done in range(limit):
        location_id = _claim(unwell)
        if location_id is None:
            return done
        try:
            with short_of_patience():
                _set_up(location_id)
        except ShopMonkeyError as error:
            if error.unwell:
                unwell.add(db.session.get_one(Location, location_id).company_id)
                db.session.commit()
    return limit


def set_up(location_id: int) -> str | None:
    """Do what is left for one store; None when nothing is, else what stopped it, which is written too. Commits."""
    try:
        return _set_up(location_id)
    except ShopMonkeyError as error:
        return in_words(error)


def _set_up(location_id: int) -> str | None:
    """As `set_up`, but raises ShopMonkeyError, after it was written on the store."""
    try:
        webhook_id = register(location_id)
    except CannotRegister as error:
        return _stop(location_id, str(error), due_at=None)
    except ShopMonkeyError as error:
        log.warning("setting store %s up stopped: %s", location_id, error)
        _stop(location_id, in_words(error), due_at=None if error.permanent else _later(location_id))
        raise
    _write(location_id, webhook_id=webhook_id, due_at=None, error=None)
    return None


def _claim(apart_from: Collection[int]) -> int | None:
    due = select(StoreSetup.location_id).where(StoreSetup.due_at <= func.now()).order_by(StoreSetup.due_at).limit(1)
    if apart_from:
        theirs = select(Location.id).where(Location.company_id.in_(apart_from))
        due = due.where(StoreSetup.location_id.not_in(theirs))
    claimed = (
        update(StoreSetup)
        .where(StoreSetup.location_id == due.with_for_update(skip_locked=True).scalar_subquery())
        .values(due_at=func.now() + LEASE, attempts=StoreSetup.attempts + 1)
        .returning(StoreSetup.location_id)
        .execution_options(synchronize_session=False)
    )
    location_id = db.session.scalar(claimed)
    db.session.commit()
    return location_id


def _later(location_id: int) -> Any:
    db.session.rollback()
    attempts = db.session.scalar(select(StoreSetup.attempts).where(StoreSetup.location_id == location_id)) or 1
    return func.now() + min(timedelta(seconds=15) * 2 ** min(attempts - 1, 10), LONGEST_WAIT)


def _stop(location_id: int, why: str, due_at: Any) -> str:
    _write(location_id, due_at=due_at, error=why)
    return why


def _write(location_id: int, **values: Any) -> None:
    db.session.rollback()
    changed = update(StoreSetup).where(StoreSetup.location_id == location_id)
    changed = changed.values(updated_at=func.now(), **values).execution_options(synchronize_session=False)
    db.session.execute(changed)
    db.session.commit()
