"""What becomes of an appointment: moved, cancelled, nobody came, done. Each flushes; the edge commits.

Customers may move and cancel until the store's cut-off, staff always. Refusals are BookingRefused.
"""

from datetime import UTC, datetime

from app.booking import history
from app.booking.actors import Actor
from app.booking.appointments import changing, release, set_slot, work_again
from app.booking.availability import rules_of
from app.booking.errors import BookingRefused
from app.booking.events import (
    AppointmentCancelled,
    AppointmentDone,
    AppointmentEvent,
    AppointmentMoved,
    AppointmentNoShow,
)
from app.booking.models import Appointment
from app.booking.wish import find_slot
from app.db import db
from app.locations.models import Location


def move(
    appointment_id: int, starts_at: datetime, actor: Actor, now: datetime, why: str = "", bay_id: int | None = None
) -> Appointment:
    """Put a booked visit at another time, or (staff) in another bay. There already, it stays as it is."""
    with changing(appointment_id, now, starts_at) as (appointment, _):
        if appointment.status != "booked":
            raise BookingRefused("not_open")
        if starts_at == appointment.starts_at and bay_id in (None, appointment.bay_id):
            return appointment
        _refuse_late(appointment, actor, now)
        store = db.session.get_one(Location, appointment.location_id)
        start = starts_at.astimezone(UTC)
        slot = find_slot(store, work_again(appointment), start, now, actor, bay_id, ignoring=appointment.id)
        was = history.before(appointment)
        set_slot(appointment, slot)
        appointment.sequence += 1
        history.keep(appointment, "moved", was, actor, now, why)
        history.write_timeline(appointment, "Moved to", actor, now, why)
        history.tell(AppointmentMoved, appointment, from_starts_at=was.starts_at)
    return appointment


def cancel(appointment_id: int, actor: Actor, now: datetime, why: str = "") -> Appointment:
    """Cancel a booked visit, or let a hold go. Cancelled already, it stays as it is."""
    with changing(appointment_id, now) as (appointment, lead):
        if appointment.status == "held":
            release(appointment, actor, now, why)
        elif appointment.status == "booked":
            _refuse_late(appointment, actor, now)
            was = history.before(appointment)
            appointment.status = "cancelled"
            appointment.sequence += 1
            history.keep(appointment, "cancelled", was, actor, now, why)
            history.lead_without_visit(lead, "the visit was cancelled", actor, now)
            history.write_timeline(appointment, "Cancelled: the visit of", actor, now, why)
            history.tell(AppointmentCancelled, appointment)
        elif appointment.status not in ("cancelled", "expired"):
            raise BookingRefused("not_open")
    return appointment


def no_show(appointment_id: int, actor: Actor, now: datetime, why: str = "") -> Appointment:
    """Nobody came. Raises BookingRefused (not_open) before the visit's time, or for one that was not booked."""
    return _over(appointment_id, "no_show", AppointmentNoShow, actor, now, why)


def done(appointment_id: int, actor: Actor, now: datetime, why: str = "") -> Appointment:
    """The work is done. Raises BookingRefused (not_open) before the visit's time, or for one that was not booked."""
    return _over(appointment_id, "done", AppointmentDone, actor, now, why)


def _over(
    appointment_id: int, status: str, event: type[AppointmentEvent], actor: Actor, now: datetime, why: str
) -> Appointment:
    with changing(appointment_id, now) as (appointment, lead):
        if appointment.status == status:
            return appointment
        if appointment.status not in ("booked", "no_show", "done") or now < appointment.starts_at:
            raise BookingRefused("not_open")
        was = history.before(appointment)
        appointment.status = status
        history.keep(appointment, status, was, actor, now, why)
        if status == "no_show":
            history.lead_without_visit(lead, "nobody came to the visit", actor, now)
        words = "Nobody came" if status == "no_show" else "Done: the visit of"
        history.write_timeline(appointment, words, actor, now, why)
        history.tell(event, appointment)
    return appointment


def _refuse_late(appointment: Appointment, actor: Actor, now: datetime) -> None:
    until = appointment.starts_at - rules_of(appointment.location_id).change_until
    if not actor.is_staff and now > until:
        raise BookingRefused("too_late_to_change")
