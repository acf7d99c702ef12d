"""Who works on which event. A claim is committed before the work begins; its lease outlives no crash for long.

Leases and retries go by the database's own clock: the sandbox may set ours.
"""

import os
import socket
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from app.db import db
from app.webhooks.models import WebhookEvent

# One that is still at work then may be joined by another: handling an event twice changes nothing.
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 10
OWNER = f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True)
class Claim:
    """One event, ours for the length of the lease; `age` is how long it lay here before."""

    id: int
    attempt: int
    source: str
    account: str
    object_table: str
    object_id: str
    age: timedelta


def claim_next() -> Claim | None:
    """The next due event, or one whose worker's lease ran out; None when there is none. Commits."""
    due = or_(
        and_(WebhookEvent.status == "new", WebhookEvent.next_attempt_at <= func.now()),
        and_(WebhookEvent.status == "claimed", WebhookEvent.lease_until < func.now()),
    )
    next_id = (
        select(WebhookEvent.id)
        .where(due)
        .order_by(WebhookEvent.next_attempt_at, WebhookEvent.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    claimed = (
        update(WebhookEvent)
        .where(WebhookEvent.id == next_id)
        .values(
            status="claimed",
            lease_owner=OWNER,
            lease_until=func.now() + LEASE,
            attempts=WebhookEvent.attempts + 1,
        )
        .returning(
            WebhookEvent.id,
            WebhookEvent.attempts.label("attempt"),
            WebhookEvent.source,
            WebhookEvent.account,
            WebhookEvent.object_table,
            WebhookEvent.object_id,
            (func.now() - WebhookEvent.received_at).label("age"),
        )
        .execution_options(synchronize_session=False)
    )
    row = db.session.execute(claimed).one_or_none()
    db.session.commit()
    return Claim(**row._mapping) if row else None


def finish(claim: Claim, status: str, why: str | None = None) -> None:
    """Write the outcome, unless the lease ran out and another worker has the event now. Commits."""
    _write(claim, status=status, last_error=why, finished_at=func.now() if status == "done" else None)


def try_later(claim: Claim, why: str) -> None:
    """Give the event back for another attempt, or park it after the tenth. Commits."""
    if claim.attempt >= MOST_ATTEMPTS:
        finish(claim, "parked", why)
        return
    _write(claim, status="new", last_error=why, next_attempt_at=func.now() + backoff(claim.attempt))


def backoff(attempt: int) -> timedelta:
    """How long to wait after failed attempt number `attempt`: 5 s doubling, at most an hour; ten take over an hour."""
    return min(timedelta(seconds=5) * 2 ** (attempt - 1), timedelta(hours=1))


def _write(claim: Claim, **values: Any) -> None:
    db.session.rollback()
    written = (
        update(WebhookEvent)
        .where(
            WebhookEvent.id == claim.id,
            WebhookEvent.status == "claimed",
            WebhookEvent.attempts == claim.attempt,
        )
        .values(lease_owner=None, lease_until=None, **values)
    )
    db.session.execute(written.execution_options(synchronize_session=False))
    db.session.commit()
