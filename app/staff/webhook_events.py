"""Deliveries that found no store, no lead, or failed too often: kept, shown, and tried again on demand.

Webhooks is a stranger on staff's own line: its table is read by name, and its retry is handed over by wiring.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, current_app
from sqlalchemy import ColumnElement, and_, false, func, or_, select

from app.accounts import scope
from app.accounts.models import StaffUser
from app.db import Base, db
from app.sync.models import UnreadOrder

REASONS = {"unknown_store": "No store of ours has this id", "parked": "Failed ten times"}
# What people wrote, not what ShopMonkey told: staff need its words to answer.
MESSAGES = {"twilio": "Text message", "email": "Email"}
MOST_SHOWN = 100
NEWEST = 20_000


@dataclass(frozen=True, slots=True)
class StrandedEvent:
    """One delivery that led nowhere. A text or email shows its words; ShopMonkey's nothing of the customer."""

    id: int
    what: str
    order: str
    store: str
    reason: str
    attempts: int
    received_at: datetime


def stranded_events(staff: StaffUser) -> list[StrandedEvent]:
    """The newest hundred that `staff` may see."""
    table = Base.metadata.tables["webhook_events"]
    rows = select(table).where(_visible(staff)).order_by(table.c.received_at.desc(), table.c.id.desc())
    return [_event(row) for row in db.session.execute(rows.limit(MOST_SHOWN))]


def last_delivery(company_id: int) -> datetime | None:
    """When the company's ShopMonkey last sent a delivery that was believed, as far as the newest thousands tell."""
    event = Base.metadata.tables["webhook_events"].c
    newest = select(func.coalesce(func.max(event.id), 0) - NEWEST).scalar_subquery()
    rows = select(event.received_at).where(event.company_id == company_id, event.id > newest)
    return db.session.scalar(rows.order_by(event.id.desc()).limit(1))


def try_again(staff: StaffUser, event_id: int, now: datetime) -> None:
    """Queue the delivery anew. 404 unless it is stranded and `staff` may see it; commits nothing."""
    table = Base.metadata.tables["webhook_events"]
    if db.session.scalar(select(table.c.id).where(table.c.id == event_id, _visible(staff))) is None:
        abort(404)
    current_app.extensions["retry_webhook_event"](event_id, now)


def theirs(staff: StaffUser) -> ColumnElement[bool]:
    """The orders set aside that `staff` may see: of their own stores, an admin the whole company's."""
    mine = UnreadOrder.company_id == staff.company_id
    if scope.sees_whole_company(staff):
        return mine
    return and_(mine, UnreadOrder.store.in_([location.shopmonkey_id for location in staff.locations]))


def _visible(staff: StaffUser) -> ColumnElement[bool]:
    """A store manager sees what no store has claimed and what is of their own stores; an admin the whole company's."""
    event = Base.metadata.tables["webhook_events"].c
    mine = event.company_id == staff.company_id
    if not scope.sees_whole_company(staff):
        stores = [location.shopmonkey_id for location in staff.locations]
        named = event.payload["data"]["locationId"].astext
        mine = and_(mine, or_(event.status == "unknown_store", named.in_(stores)))
    nobodys = event.company_id.is_(None) if scope.sees_unknown_companies(staff) else false()
    return and_(event.status.in_(tuple(REASONS)), or_(mine, nobodys))


def _event(row: Any) -> StrandedEvent:
    if row.source in MESSAGES:
        words = row.last_error or REASONS[row.status]
        return StrandedEvent(row.id, MESSAGES[row.source], "", "", words, row.attempts, row.received_at)
    data = row.payload.get("data") if isinstance(row.payload, dict) else None
    data = data if isinstance(data, dict) else {}
    return StrandedEvent(
        id=row.id,
        what=f"{row.object_table} {row.operation.lower()}",
        order=str(data.get("number") or row.object_id),
        store=str(data.get("locationId") or "none named"),
        reason=row.last_error or REASONS[row.status],
        attempts=row.attempts,
        received_at=row.received_at,
    )
