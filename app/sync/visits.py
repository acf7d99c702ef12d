"""Visits on their way to ShopMonkey: what is told here is a row, and the worker pushes it.

One row per visit holds its newest state. Booked, moved twice and cancelled before the worker came is one row that says
cancelled, and nothing is sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.live import wake
from app.locations.models import Location
from app.sync.models import VisitPush

JOB = "visits"

Operation = Literal["booked", "moved", "cancelled"]


@dataclass(frozen=True)
class Visit:
    """A visit as the rooms that keep it tell it. `key` names it for good and stands in ShopMonkey's note.

    Order, customer and vehicle are the lead's, as they are when it is pushed. `customer` is for a visit without a lead.
    """

    key: str
    company_id: int
    location_id: int
    lead_id: int | None
    starts_at: datetime
    ends_at: datetime
    services: Sequence[str] = ()
    note: str = ""
    customer: str = ""


def visit_changed(visit: Visit, operation: Operation) -> VisitPush:
    """Have ShopMonkey's calendar follow, in the caller's transaction. Call it at every change, under the visit's lock.

    The same state told twice changes nothing. Raises ValueError for a key with a line break, times without an offset,
    or an end that is not after the start.
    """
    _check(visit)
    values = {
        "lead_id": visit.lead_id,
        "location_id": visit.location_id,
        "operation": operation,
        "payload": _payload(visit),
    }
    first = insert(VisitPush).values(company_id=visit.company_id, visit_key=visit.key, **values)
    made = db.session.scalar(first.on_conflict_do_nothing().returning(VisitPush.id))
    push = _locked(visit)
    if not made and any(getattr(push, name) != value for name, value in values.items()):
        _renew(push, values)
    if made or push.status == "queued":
        wake(JOB)
    return push


def try_again(push: VisitPush) -> bool:
    """Have a stuck push tried at once, as if for the first time; False when it is not stuck. The caller commits."""
    db.session.refresh(push, with_for_update=True)
    if push.status != "stuck":
        return False
    push.status, push.attempts, push.next_attempt_at = "queued", 0, func.now()
    db.session.flush()
    wake(JOB)
    return True


def try_stores_again(*which: ColumnElement[bool]) -> None:
    """Have the visits of `which` stores that wait for a person pushed again: their key, say, is another one now.

    In the caller's transaction.
    """
    stores = select(Location.id).where(*which)
    waiting = (VisitPush.status == "stuck", VisitPush.next_attempt_at.is_(None), VisitPush.location_id.in_(stores))
    again = update(VisitPush).where(*waiting).values(status="queued", attempts=0, next_attempt_at=func.now())
    db.session.execute(again.execution_options(synchronize_session="fetch"))
    wake(JOB)


def _check(visit: Visit) -> None:
    if not visit.key.strip() or "\n" in visit.key:
        raise ValueError("a visit's key is one line of text")
    if visit.starts_at.utcoffset() is None or visit.ends_at.utcoffset() is None:
        raise ValueError("a visit's times need an offset")
    if visit.ends_at <= visit.starts_at:
        raise ValueError("a visit ends after it starts")


def _payload(visit: Visit) -> dict[str, Any]:
    return {
        "starts_at": visit.starts_at.isoformat(),
        "ends_at": visit.ends_at.isoformat(),
        "services": list(visit.services),
        "note": visit.note,
        "customer": visit.customer,
    }


def _locked(visit: Visit) -> VisitPush:
    same = select(VisitPush).where(VisitPush.company_id == visit.company_id, VisitPush.visit_key == visit.key)
    return db.session.execute(same.with_for_update().execution_options(populate_existing=True)).scalar_one()


def _renew(push: VisitPush, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(push, name, value)
    push.revision += 1
    push.changed_at = func.now()
    push.strayed_at = push.strayed_starts_at = push.strayed_ends_at = None
    # One that is under way is queued anew when its worker comes back, and its lease must stay.
    if push.status != "sending":
        # A POST whose end nobody has seen may still be on its way: the time to wait for it stays.
        unseen = push.posted and push.status != "done"
        due = func.greatest(push.next_attempt_at, func.now()) if unseen else func.now()
        push.status, push.attempts, push.next_attempt_at = "queued", 0, due
    db.session.flush()
