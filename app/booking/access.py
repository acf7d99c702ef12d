"""Find appointments."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.booking.errors import BookingRefused
from app.booking.models import Appointment
from app.db import db


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
        Appointment.starts_at < end,
        Appointment.ends_at > start,
    )
    ordered = query.options(selectinload(Appointment.bay)).order_by(Appointment.starts_at, Appointment.id)
    return list(db.session.scalars(ordered))
