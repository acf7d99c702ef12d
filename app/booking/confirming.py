"""The customer says that they will come, or by a text that they will not."""

from datetime import datetime

from app.booking import history
from app.booking.access import visit_ahead
from app.booking.actors import CUSTOMER, Actor
from app.booking.appointments import changing
from app.booking.errors import BookingRefused
from app.booking.events import AppointmentConfirmed
from app.booking.models import Appointment

# Whole messages, without regard to case and punctuation. Carriers act on CANCEL, YES, END and QUIT: we ask for C.
CONFIRMING = frozenset({"c", "confirm", "confirmed", "confirmo", "confirmado", "confirmer", "confirme"})
CANCELLING = frozenset({"cancel", "cancelar", "annuler"})


def confirm(appointment_id: int, actor: Actor, now: datetime) -> Appointment:
    """Keep that the customer will come; the second time changes nothing.

    Flushes. Raises BookingRefused (not_open) for a visit that is over or not booked.
    """
    with changing(appointment_id, now) as (appointment, lead):
        if appointment.status != "booked" or appointment.ends_at <= now:
            raise BookingRefused("not_open")
        if appointment.confirmed_at is None:
            was = history.before(appointment)
            appointment.confirmed_at = now
            history.keep(appointment, "confirmed", was, actor, now)
            history.engage(lead, actor, now)
            history.write_timeline(appointment, "Confirmed by the customer: the visit of", actor, now)
            history.tell(AppointmentConfirmed, appointment)
    return appointment


def confirm_by_word(lead_id: int, text: str, now: datetime) -> Appointment | None:
    """The visit ahead, confirmed, where the text is nothing but a C; None where it is anything else. Flushes."""
    if _plain(text) not in CONFIRMING:
        return None
    ahead = visit_ahead(lead_id, now)
    return confirm(ahead.id, CUSTOMER, now) if ahead else None


def cancel_by_word(lead_id: int, text: str, now: datetime) -> Appointment | None:
    """The visit ahead that a bare CANCEL may have meant, for staff to ask: carriers take it as an end of texts.

    None where the text says anything else, or no visit is ahead.
    """
    return visit_ahead(lead_id, now) if _plain(text) in CANCELLING else None


def _plain(text: str) -> str:
    return text.strip().strip("\"'.,!¡()").strip().lower()
