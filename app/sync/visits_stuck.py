"""Visits that do not get into ShopMonkey's calendar: what staff and operators see of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.db import db
from app.leads.models import Lead
from app.locations.models import Location
from app.sync.models import VisitPush
from app.sync.visit_outcomes import MOST_ATTEMPTS

MOST_SHOWN = 200

# One that is tried again by itself leaves the status for the length of a call; it stays what it is for those who look.
IS_STUCK = or_(VisitPush.status == "stuck", and_(VisitPush.attempts >= MOST_ATTEMPTS, VisitPush.status != "done"))


@dataclass(frozen=True)
class StuckVisit:
    """One visit with the reason in words. `next_attempt_at` is None where only a person can help."""

    id: int
    key: str
    operation: str
    starts_at: datetime
    customer: str
    services: str
    store: str
    timezone: str
    lead_id: str | None
    reason: str
    attempts: int
    changed_at: datetime
    next_attempt_at: datetime | None


def stuck_visits(allowed: ColumnElement[bool] | None = None) -> list[StuckVisit]:
    """Those that need a person, the next visit first; `allowed` narrows them to what the asker may see."""
    query = (
        select(VisitPush, Location, Lead)
        .join(Location, Location.id == VisitPush.location_id)
        .outerjoin(Lead, Lead.id == VisitPush.lead_id)
        .where(IS_STUCK)
        .order_by(VisitPush.payload["starts_at"].astext, VisitPush.id)
        .limit(MOST_SHOWN)
    )
    if allowed is not None:
        query = query.where(allowed)
    return [_shown(*row) for row in db.session.execute(query)]


def stuck_count(allowed: ColumnElement[bool]) -> int:
    """How many need a person, stuck or strayed, of those that the asker may see."""
    needing = or_(IS_STUCK, VisitPush.strayed_at.is_not(None))
    return db.session.scalar(select(func.count()).select_from(VisitPush).where(needing, allowed)) or 0


def _shown(push: VisitPush, store: Location, lead: Lead | None) -> StuckVisit:
    told: dict[str, Any] = push.payload
    known = lead.customer.name if lead and lead.customer else "Customer"
    return StuckVisit(
        id=push.id,
        key=push.visit_key,
        operation=push.operation,
        starts_at=datetime.fromisoformat(told["starts_at"]),
        customer=told["customer"] or known,
        services=", ".join(told["services"]),
        store=store.name,
        timezone=store.timezone,
        lead_id=lead.public_id if lead else None,
        reason=push.last_error or "Its worker did not come back",
        attempts=push.attempts,
        changed_at=push.changed_at,
        next_attempt_at=push.next_attempt_at if push.status == "stuck" else None,
    )
