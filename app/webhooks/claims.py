"""Who works on which event. A claim is committed before the work begins; its lease outlives no crash for long.

Leases and retries go by the database's own clock: the sandbox may set ours.
"""

import os
import socket
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, ScalarSelect, Table, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import ReturningUpdate

from app.db import db
from app.live import wake
from app.webhooks.intake import JOB
from app.webhooks.models import WebhookEvent

# Longer than one call to ShopMonkey with the wait before it; renewed while the work goes on.
LEASE = timedelta(seconds=60)
RENEWED_EVERY = 1 / 6
MOST_ATTEMPTS = 10
SLOWEST = timedelta(hours=1)
# Of one account at once: a ShopMonkey that hangs must leave lanes to the others, and bears five calls at once. Lanes of
# one worker look one after the other, those of several workers may each take one too many.
MOST_OF_ACCOUNT = 4
LOOKS = 5
_one_looks = threading.Lock()
OBJECT = ("account", "object_table", "object_id")
EVENTS = cast(Table, WebhookEvent.__table__)
OWNER = f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True)
class Claim:
    """One event, ours for the length of the lease; `age` is how long it lay here before.

    `store` is ShopMonkey's id of the location that its row named, if it did.
    """

    id: int
    attempt: int
    source: str
    account: str
    object_table: str
    object_id: str
    age: timedelta
    store: str | None = None


def claim_next(tell_others: bool = False) -> Claim | None:
    """The next due event, or one whose worker's lease ran out; None when there is none. Commits.

    Not one of an object that is being worked on, nor of an account that has its share of the lanes already. With
    `tell_others` another lane is woken to look for work too, where there was some.
    """
    with _one_looks:
        row = _taken()
        if row and tell_others:
            wake(JOB)
        db.session.commit()
    return Claim(*row) if row else None


def _taken() -> Any:
    for _ in range(LOOKS):
        try:
            return db.session.execute(CLAIM, {"lease": LEASE}).one_or_none()
        except IntegrityError:
            # Another worker has taken an event of the same object at this moment: a fresh look leaves that object out.
            db.session.rollback()
    return None


def _claim() -> ReturningUpdate[Any]:
    """Takes `lease`. Built once: it runs for every event, and on every look that finds none."""
    lease = {"lease_owner": OWNER, "lease_until": func.now() + bindparam("lease"), "attempts": EVENTS.c.attempts + 1}
    claimed = update(EVENTS).where(EVENTS.c.id == _next_id()).values(status="claimed", **lease)
    age = (func.now() - EVENTS.c.received_at).label("age")
    store = EVENTS.c.payload["data"]["locationId"].astext
    return claimed.returning(*(EVENTS.c[name] for name in ("id", "attempts", "source", *OBJECT)), age, store)


def _next_id() -> ScalarSelect[int]:
    busy = EVENTS.alias("busy")
    same_object = [busy.c[name] == EVENTS.c[name] for name in ("source", *OBJECT)]
    at_work = exists().where(busy.c.status == "claimed", busy.c.id != EVENTS.c.id, *same_object)
    full = select(busy.c.account).where(busy.c.status == "claimed", busy.c.lease_until >= func.now())
    due = or_(
        and_(EVENTS.c.status == "new", EVENTS.c.next_attempt_at <= func.now()),
        and_(EVENTS.c.status == "claimed", EVENTS.c.lease_until < func.now()),
    )
    return (
        select(EVENTS.c.id)
        .where(due, ~at_work)
        .where(EVENTS.c.account.not_in(full.group_by(busy.c.account).having(func.count() >= MOST_OF_ACCOUNT)))
        .order_by(EVENTS.c.next_attempt_at, EVENTS.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=EVENTS)
        .scalar_subquery()
    )


CLAIM = _claim()


def finish(claim: Claim, status: str, why: str | None = None) -> None:
    """Write the outcome, unless the lease ran out and another worker has the event now. Commits."""
    _write(claim, status=status, last_error=why, finished_at=func.now() if status == "done" else None)


def try_later(claim: Claim, why: str) -> None:
    """Give the event back for another attempt, or park it after the tenth. Commits."""
    if claim.attempt >= MOST_ATTEMPTS:
        finish(claim, "parked", why)
        return
    _write(claim, status="new", last_error=why, next_attempt_at=func.now() + backoff(claim.attempt))


def set_back(claim: Claim, why: str, pause: timedelta) -> None:
    """Give the event back for after `pause`, as if it had not been tried: nothing is wrong with it. Commits."""
    later = func.now() + min(pause, SLOWEST)
    _write(claim, status="new", last_error=why, attempts=EVENTS.c.attempts - 1, next_attempt_at=later)


class LostClaim(Exception):
    """Another worker has the event now: the lease had run out."""


class Lease:
    """Goes on for as long as `keep` is called, at least every half minute. No transaction may be open then."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.renewed = time.monotonic()

    def keep(self) -> None:
        """Renew it where that was not done lately. Commits; raises LostClaim."""
        if time.monotonic() - self.renewed < LEASE.total_seconds() * RENEWED_EVERY:
            return
        self.renewed = time.monotonic()
        going_on = update(EVENTS).where(*_held(self.claim)).values(lease_until=func.now() + LEASE)
        ours = db.session.execute(going_on.returning(EVENTS.c.id)).first()
        db.session.commit()
        if ours is None:
            raise LostClaim(f"event {self.claim.id}, attempt {self.claim.attempt}")


def backoff(attempt: int) -> timedelta:
    """How long to wait after failed attempt number `attempt`: 5 s doubling, at most an hour; ten take over an hour."""
    return min(timedelta(seconds=5) * 2 ** (attempt - 1), SLOWEST)


def _held(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return EVENTS.c.id == claim.id, EVENTS.c.status == "claimed", EVENTS.c.attempts == claim.attempt


def _write(claim: Claim, **values: Any) -> None:
    db.session.rollback()
    written = update(EVENTS).where(*_held(claim)).values(lease_owner=None, lease_until=None, **values)
    db.session.execute(written)
    db.session.commit()
