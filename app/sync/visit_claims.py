"""Who pushes which visit. A claim is committed before ShopMonkey is called, and each call that writes proves it anew.

Leases and retries go by the database's own clock: the sandbox may set ours.
"""

import os
import socket
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import case, func, literal, null, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB

from app.db import db
from app.sync.models import VisitPush

# Longer than the client's slowest call, its own retries and waits included.
LEASE = timedelta(minutes=8)
OWNER = f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True)
class Turn:
    """One visit, ours for the length of the lease: what is wanted, and what the row knew of ShopMonkey's side.

    `settled` says that this revision is there already, and only a second appointment is looked for.
    """

    id: int
    owner: str
    revision: int
    attempt: int
    key: str
    company_id: int
    location_id: int
    lead_id: int | None
    payload: dict[str, Any]
    cancelled: bool
    settled: bool
    appointment_id: str | None
    posted: dict[str, Any] | None
    pushed: dict[str, Any]


def claim_next(apart_from: Collection[int] = ()) -> Turn | None:
    """The next due visit, or one whose worker's lease ran out; None when there is none. Commits.

    Visits of the companies `apart_from` are left for another time.
    """
    open_to_us = or_(VisitPush.status != "sending", VisitPush.lease_until < func.now())
    due = (
        select(VisitPush)
        .where(VisitPush.next_attempt_at <= func.now(), open_to_us, VisitPush.company_id.not_in(apart_from))
        .order_by(VisitPush.next_attempt_at, VisitPush.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    push = db.session.scalar(due)
    if push is None:
        db.session.commit()
        return None
    push.status, push.attempts = "sending", push.attempts + 1
    push.lease_owner, push.lease_until = f"{OWNER}:{uuid4().hex[:8]}", func.now() + LEASE
    turn = _turn(push)
    db.session.commit()
    return turn


def prove(turn: Turn, **values: Any) -> bool:
    """Renew the lease and write `values`; False when it is no longer ours: nothing may be called then. Commits."""
    renewed = (
        update(VisitPush)
        .where(*_held(turn), VisitPush.lease_until > func.now())
        .values(lease_until=func.now() + LEASE, **values)
    )
    ours = _done(renewed)
    db.session.commit()
    return ours


def finish(turn: Turn, status: str, pause: timedelta | None, settles: timedelta, **values: Any) -> bool:
    """Give the visit back with what became of it; False when it is no longer ours. The caller commits.

    `pause` is the time to the next attempt, None for none. One that changed meanwhile is queued anew whatever became of
    it, after `settles`, and what was known of ShopMonkey's side while we called is not taken for sure.
    """
    changed = VisitPush.revision != turn.revision
    later = null() if pause is None else func.now() + pause
    if "pushed" in values:
        values["pushed"] = case((changed, VisitPush.pushed), else_=literal(values["pushed"], JSONB))
    given_back = (
        update(VisitPush)
        .where(*_held(turn))
        .values(
            status=case((changed, "queued"), else_=status),
            attempts=case((changed, 0), else_=0 if status == "done" else VisitPush.attempts),
            next_attempt_at=case((changed, func.now() + settles), else_=later),
            lease_owner=None,
            lease_until=None,
            **values,
        )
    )
    return _done(given_back)


def disturbed(turn: Turn, appointment_id: str | None, posted: dict[str, Any] | None) -> None:
    """We called after our lease had run out, so what another worker knows may be wrong: have it all looked at again.

    `appointment_id` and `posted` are what we know of what we made. Commits.
    """
    made = {"posted": func.coalesce(VisitPush.posted, literal(posted, JSONB))} if posted else {}
    again = (
        update(VisitPush)
        .where(VisitPush.id == turn.id)
        .values(
            revision=VisitPush.revision + 1,
            attempts=0,
            pushed=null(),
            shopmonkey_appointment_id=func.coalesce(VisitPush.shopmonkey_appointment_id, appointment_id),
            status=case((VisitPush.status == "sending", "sending"), else_="queued"),
            next_attempt_at=func.now(),
            **made,
        )
    )
    _done(again)
    db.session.commit()


def _held(turn: Turn) -> tuple[Any, ...]:
    return VisitPush.id == turn.id, VisitPush.status == "sending", VisitPush.lease_owner == turn.owner


def _done(statement: Any) -> bool:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)


def _turn(push: VisitPush) -> Turn:
    return Turn(
        id=push.id,
        owner=push.lease_owner or "",
        revision=push.revision,
        attempt=push.attempts,
        key=push.visit_key,
        company_id=push.company_id,
        location_id=push.location_id,
        lead_id=push.lead_id,
        payload=push.payload,
        cancelled=push.operation == "cancelled",
        settled=push.pushed_revision == push.revision,
        appointment_id=push.shopmonkey_appointment_id,
        posted=push.posted,
        pushed=push.pushed or {},
    )
