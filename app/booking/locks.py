"""The one way to a bay: lead, then (by whoever reacts to AppointmentChanging) conversation, then the store's bays.

All of a store's bays are taken, in order: a visit from ShopMonkey stands in whichever bay is free, so that two bookings
in two bays can want the same room. The database's own constraint stands behind it; alone it would deadlock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from psycopg2.errors import ExclusionViolation
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import lazyload

from app.booking.actors import SYSTEM
from app.booking.errors import BookingRefused
from app.booking.events import AppointmentChanging
from app.booking.models import Appointment, AppointmentChange
from app.db import db
from app.leads.models import Lead
from app.lib.events import publish

# One statement, so that the order holds whatever the plan: the subquery is sorted before the first lock is asked for.
LOCK_BAYS = text("""
    SELECT count(pg_advisory_xact_lock(hashtextextended('bay:' || id, 0)))
    FROM (SELECT id FROM bays WHERE location_id = :location_id ORDER BY id OFFSET 0) AS ordered
""")


def lock_lead(lead_id: int) -> Lead:
    """The lead as committed now, its row held; raises BookingRefused (not_yours) where there is none."""
    lead = hold_lead(lead_id)
    if lead is None:
        raise BookingRefused("not_yours")
    publish(AppointmentChanging(lead_id))
    return lead


def hold_lead(lead_id: int) -> Lead | None:
    """The lead as committed now; whoever books, moves or cancels for it waits until the transaction ends."""
    statement = select(Lead).where(Lead.id == lead_id).options(lazyload("*"))
    locked = statement.with_for_update(key_share=True, of=Lead).execution_options(populate_existing=True)
    return db.session.execute(locked).scalar_one_or_none()


@contextmanager
def bays_held(location_id: int, now: datetime) -> Iterator[None]:
    """Inside, nobody else changes what the store's bays hold, and no overdue hold is in the way.

    The locks last until the transaction ends, or until the block is left by an exception: it is a savepoint, and takes
    back what was written in it. What the database refuses as an overlap is raised as BookingRefused (taken).
    """
    try:
        with db.session.begin_nested():
            db.session.execute(LOCK_BAYS, {"location_id": location_id})
            _expire(location_id, now)
            yield
            db.session.flush()
    except IntegrityError as refused:
        if not isinstance(refused.orig, ExclusionViolation):
            raise
        raise BookingRefused("taken") from None


def expire_holds(now: datetime) -> int:
    """Free the bays of all holds that have run out; how many. Commits store by store."""
    overdue = select(Appointment.location_id).where(Appointment.status == "held", Appointment.hold_until <= now)
    stores = db.session.scalars(overdue.distinct().order_by(Appointment.location_id)).all()
    db.session.commit()
    ended = 0
    for location_id in stores:
        db.session.execute(LOCK_BAYS, {"location_id": location_id})
        ended += _expire(location_id, now)
        db.session.commit()
    return ended


def _expire(location_id: int, now: datetime) -> int:
    overdue = update(Appointment).where(
        Appointment.location_id == location_id, Appointment.status == "held", Appointment.hold_until <= now
    )
    ended = db.session.execute(
        overdue.values(status="expired", hold_until=None, changed_at=now)
        .returning(Appointment.id, Appointment.starts_at, Appointment.bay_id)
        .execution_options(synchronize_session=False)
    ).all()
    for appointment_id, starts_at, bay_id in ended:
        db.session.add(
            AppointmentChange(
                appointment_id=appointment_id, at=now, change="expired", actor_kind=SYSTEM.kind, actor=SYSTEM.name,
                from_status="held", to_status="expired", from_starts_at=starts_at, to_starts_at=starts_at,
                from_bay_id=bay_id, to_bay_id=bay_id,
            )
        )  # fmt: skip
    return len(ended)
