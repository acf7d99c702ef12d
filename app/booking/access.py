"""Find appointments."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.booking.errors import BookingRefused
from app.booking.models import Appointment, Block, BusyTime
from app.db import db

# A car stays at most 14 nights (`booking_rules.nights`), and a night more by the clock than by the calendar.
LONGEST_VISIT = timedelta(days=16)


def appointment_of(lead_id: int, public_id: str) -> Appointment:
    """The lead's own appointment. Raises BookingRefused (not_yours) for another's, or none."""
    query = select(Appointment).where(Appointment.lead_id == lead_id, Appointment.public_id == public_id)
    found = db.session.scalar(query)
    if found is None:
        raise BookingRefused("not_yours")
    return found


def visit_ahead(lead_id: int, now: datetime) -> Appointment | None:
    """The lead's next booked visit that is not over."""
    query = select(Appointment).where(
        Appointment.lead_id == lead_id, Appointment.status == "booked", Appointment.ends_at > now
    )
    return db.session.scalar(query.order_by(Appointment.starts_at, Appointment.id).limit(1))


def held_by(lead_id: int, now: datetime) -> Appointment | None:
    """The time that the lead holds now."""
    query = select(Appointment).where(
        Appointment.lead_id == lead_id, Appointment.status == "held", Appointment.hold_until > now
    )
    return db.session.scalar(query.limit(1))


def appointments_between(location_id: int, start: datetime, end: datetime) -> list[Appointment]:
    """The store's visits that begin or last between these moments, but for holds that came to nothing."""
    query = select(Appointment).where(
        Appointment.location_id == location_id,
        Appointment.status != "expired",
        # Without the lower bound the store's whole history would be read.
        Appointment.starts_at > start - LONGEST_VISIT,
        Appointment.starts_at < end,
        Appointment.ends_at > start,
    )
    ordered = query.options(selectinload(Appointment.bay)).order_by(Appointment.starts_at, Appointment.id)
    return list(db.session.scalars(ordered))


def blocks_between(location_id: int, start: datetime, end: datetime) -> list[Block]:
    """What staff keep free there between these moments, in order."""
    query = select(Block).where(Block.location_id == location_id, Block.ends_at > start, Block.starts_at < end)
    return list(db.session.scalars(query.order_by(Block.starts_at, Block.id)))


def busy_between(location_id: int, start: datetime, end: datetime) -> list[BusyTime]:
    """What ShopMonkey's calendar holds there between these moments, in order."""
    query = select(BusyTime).where(
        BusyTime.location_id == location_id, BusyTime.ends_at > start, BusyTime.starts_at < end
    )
    return list(db.session.scalars(query.order_by(BusyTime.starts_at, BusyTime.id)))
