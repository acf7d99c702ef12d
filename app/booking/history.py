"""What is kept and told of a change: its row, the lead's timeline, the lead's stage, the event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.booking.actors import Actor
from app.booking.events import AppointmentEvent
from app.booking.models import Appointment, AppointmentChange, Bay
from app.db import db
from app.leads.models import Lead
from app.leads.moves import leave_booked, move
from app.leads.timeline import note
from app.lib.events import publish
from app.locations.models import Location


@dataclass(frozen=True, slots=True)
class Before:
    """What an appointment was before a change."""

    status: str | None
    starts_at: datetime | None
    bay_id: int | None


def before(appointment: Appointment) -> Before:
    """What the appointment is now."""
    return Before(appointment.status, appointment.starts_at, appointment.bay_id)


NOTHING = Before(None, None, None)


def keep(appointment: Appointment, change: str, was: Before, actor: Actor, now: datetime, why: str = "") -> None:
    """Write who did what, when and why, from what to what."""
    appointment.changed_at = now
    db.session.flush()
    db.session.add(
        AppointmentChange(
            appointment_id=appointment.id, at=now, change=change, actor_kind=actor.kind, actor=actor.name, why=why,
            from_status=was.status, to_status=appointment.status, from_starts_at=was.starts_at,
            to_starts_at=appointment.starts_at, from_bay_id=was.bay_id, to_bay_id=appointment.bay_id,
        )
    )  # fmt: skip


def tell(event: type[AppointmentEvent], appointment: Appointment, **given: Any) -> None:
    """Publish the event, with everything written."""
    db.session.flush()
    publish(
        event(
            appointment_id=appointment.id, company_id=appointment.company_id, location_id=appointment.location_id,
            lead_id=appointment.lead_id, starts_at=appointment.starts_at, **given,
        )
    )  # fmt: skip


def write_timeline(appointment: Appointment, words: str, actor: Actor, now: datetime, why: str = "") -> None:
    """One line of the lead's timeline, where there is a lead: `Booked for Tuesday, December 1 at 10:00 AM, Tint 1`."""
    if appointment.lead_id is None:
        return
    bay = db.session.get(Bay, appointment.bay_id) if appointment.bay_id else None
    zone = ZoneInfo(db.session.get_one(Location, appointment.location_id).timezone)
    said = f"{words} {when(appointment.starts_at.astimezone(zone))}{f', {bay.name}' if bay else ''}"
    detail = {"appointment": appointment.public_id}
    note(appointment.lead_id, "appointment", f"{said}: {why}" if why else said, actor.name, now, detail)


def engage(lead: Lead | None, actor: Actor, now: datetime) -> None:
    """Choosing a time is the customer's answer to us."""
    if lead is not None and not actor.is_staff:
        lead.first_engaged_at = lead.first_engaged_at or now
        move(lead, "engaged", "a time was chosen", now, actor.name)


def lead_booked(lead: Lead | None, actor: Actor, now: datetime) -> None:
    """The lead is booked; whoever books has engaged."""
    if lead is not None:
        lead.first_engaged_at = lead.first_engaged_at or now
        move(lead, "booked", "a visit is booked", now, actor.name)


def lead_without_visit(lead: Lead | None, why: str, actor: Actor, now: datetime) -> None:
    """The lead is no longer booked, unless another visit of it is."""
    if lead is None:
        return
    other = select(Appointment.id).where(
        Appointment.lead_id == lead.id, Appointment.status == "booked", Appointment.ends_at > now
    )
    if db.session.scalar(other.limit(1)) is None:
        leave_booked(lead, why, now, actor.name)


def when(local: datetime) -> str:
    """`Tuesday, December 1 at 10:00 AM`."""
    hour = local.hour % 12 or 12
    return f"{local:%A, %B} {local.day} at {hour}:{local:%M} {'AM' if local.hour < 12 else 'PM'}"
