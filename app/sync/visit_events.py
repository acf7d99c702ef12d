"""ShopMonkey's calendar follows our visits: reactions to booking's events, in the same transaction."""

from app.booking.events import AppointmentBooked, AppointmentCancelled, AppointmentEvent, AppointmentMoved
from app.booking.models import Appointment
from app.db import db
from app.lib.events import Reaction
from app.sync.visits import Operation, Visit, visit_changed

OPERATIONS: dict[type, Operation] = {
    AppointmentBooked: "booked",
    AppointmentMoved: "moved",
    AppointmentCancelled: "cancelled",
}


def tell_shopmonkey(event: AppointmentEvent) -> None:
    """Have the visit pushed as it now is. Its public id names it there for good."""
    appointment = db.session.get_one(Appointment, event.appointment_id)
    contact = (appointment.customer_name, appointment.customer_phone, appointment.customer_email)
    lines = (appointment.note, "" if appointment.lead_id else ", ".join(part for part in contact if part))
    visit = Visit(
        key=appointment.public_id,
        company_id=appointment.company_id,
        location_id=appointment.location_id,
        lead_id=appointment.lead_id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        services=[service.name for service in appointment.services],
        note="\n".join(line for line in (*lines, f"Quoted: {appointment.price_wording}") if line),
        customer=appointment.customer_name or "",
    )
    visit_changed(visit, OPERATIONS[type(event)])


VISIT_REACTIONS: dict[type, Reaction] = dict.fromkeys(OPERATIONS, tell_shopmonkey)
