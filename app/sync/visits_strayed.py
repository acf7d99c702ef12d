"""Visits of ours that somebody changed in ShopMonkey's calendar. Neither side wins by itself: staff decide.

The customer was told our time, so it holds; the time there is taken too, since whoever moved it will work by it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, null, select

from app import booking
from app.booking.actors import Actor
from app.booking.models import Appointment, BusyTime
from app.db import db
from app.leads.models import Lead
from app.live import wake
from app.locations.models import Location
from app.sync.models import VisitPush
from app.sync.visits import JOB

MOST_SHOWN = 200
AS_THERE = "as it stands in ShopMonkey"


@dataclass(frozen=True)
class StrayedVisit:
    """One of them: `starts_at` is what the customer was told, `there` what ShopMonkey shows, None for nothing."""

    id: int
    starts_at: datetime
    there: datetime | None
    customer: str
    services: str
    store: str
    timezone: str
    lead_id: str | None
    seen_at: datetime


def strayed_visits(allowed: ColumnElement[bool] | None = None) -> list[StrayedVisit]:
    """Those that wait for a decision, the next visit first; `allowed` narrows them to what the asker may see."""
    query = (
        select(VisitPush, Location, Lead)
        .join(Location, Location.id == VisitPush.location_id)
        .outerjoin(Lead, Lead.id == VisitPush.lead_id)
        .where(VisitPush.strayed_at.is_not(None))
        .order_by(VisitPush.payload["starts_at"].astext, VisitPush.id)
        .limit(MOST_SHOWN)
    )
    if allowed is not None:
        query = query.where(allowed)
    return [_shown(*row) for row in db.session.execute(query)]


def put_back(push: VisitPush) -> bool:
    """Have ShopMonkey show the visit as it stands with us; False where nothing strayed any more. The caller commits."""
    db.session.refresh(push, with_for_update=True)
    if push.strayed_at is None or push.status != "done":
        return False
    _free_there(push)
    push.strayed_at = push.strayed_starts_at = push.strayed_ends_at = None
    push.revision += 1
    push.changed_at = func.now()
    push.pushed = null()
    push.status, push.attempts, push.next_attempt_at = "queued", 0, func.now()
    db.session.flush()
    wake(JOB)
    return True


def take_over(push: VisitPush, actor: Actor, now: datetime) -> bool:
    """Have the visit stand with us as it does in ShopMonkey, and tell its customer; False where nothing strayed.

    Taken off there, it is cancelled. Raises BookingRefused. The caller commits.
    """
    # The push's row comes after the lead's and the bays': booking takes it when it tells ShopMonkey, and clears it.
    db.session.refresh(push)
    appointment_id = db.session.scalar(select(Appointment.id).where(Appointment.public_id == push.visit_key))
    if appointment_id is None or push.strayed_at is None:
        return False
    _free_there(push)
    if push.strayed_starts_at is None:
        booking.cancel(appointment_id, actor, now, AS_THERE)
    else:
        booking.move(appointment_id, push.strayed_starts_at, actor, now, AS_THERE)
    return True


def _free_there(push: VisitPush) -> None:
    """Its time there takes no bay of its own any more."""
    theirs = BusyTime.shopmonkey_id == push.shopmonkey_appointment_id
    db.session.execute(delete(BusyTime).where(BusyTime.location_id == push.location_id, theirs))


def _shown(push: VisitPush, store: Location, lead: Lead | None) -> StrayedVisit:
    told, known = push.payload, lead.customer.name if lead and lead.customer else "Customer"
    return StrayedVisit(
        id=push.id,
        starts_at=datetime.fromisoformat(told["starts_at"]),
        there=push.strayed_starts_at,
        customer=told["customer"] or known,
        services=", ".join(told["services"]),
        store=store.name,
        timezone=store.timezone,
        lead_id=lead.public_id if lead else None,
        seen_at=push.strayed_at or push.changed_at,
    )
