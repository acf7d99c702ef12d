"""Planning the messages around a visit: reactions to booking's own events, in the same transaction, rows only."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.booking.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentDone,
    AppointmentEvent,
    AppointmentMoved,
    AppointmentNoShow,
)
from app.booking.message_models import VisitMessage
from app.booking.message_rules import CANCELLED, MOVED, NOBODY_CAME, OVER, Due, after_visit, around_visit, news_of
from app.booking.models import Appointment, AppointmentChange
from app.db import db
from app.leads.models import Lead
from app.lib.events import Reaction
from app.live import wake
from app.locations.models import Location

JOB = "visit_messages"


def on_booked(event: AppointmentBooked) -> None:
    """A confirmation now, reminders later."""
    appointment, zone = _visit(event)
    now = appointment.changed_at
    _plan(appointment, around_visit("confirmation", appointment.starts_at, appointment.ends_at, zone, now))


def on_moved(event: AppointmentMoved) -> None:
    """What was planned for the old time is dropped. Only in another bay, the visit stays what its customer knows."""
    appointment, zone = _visit(event)
    if event.starts_at == event.from_starts_at:
        _carry_over(appointment)
        return
    appointment.confirmed_at = None
    _drop(appointment, MOVED)
    now = appointment.changed_at
    _plan(appointment, around_visit("change", appointment.starts_at, appointment.ends_at, zone, now))


def on_cancelled(event: AppointmentCancelled) -> None:
    """Nothing more, but the note that it is cancelled."""
    appointment, _ = _visit(event)
    _drop(appointment, CANCELLED)
    _plan(appointment, news_of("cancellation", appointment.starts_at, appointment.changed_at))


def on_done(event: AppointmentDone) -> None:
    """The customer is asked the day after how it went."""
    appointment, zone = _visit(event)
    _drop(appointment, OVER)
    _plan(appointment, [after_visit(max(appointment.changed_at, appointment.starts_at), zone)])


def on_no_show(event: AppointmentNoShow) -> None:
    """Nobody is asked how a visit went to which nobody came."""
    _drop(_visit(event)[0], NOBODY_CAME)


REACTIONS: dict[type, Reaction] = {
    AppointmentBooked: on_booked,
    AppointmentMoved: on_moved,
    AppointmentCancelled: on_cancelled,
    AppointmentDone: on_done,
    AppointmentNoShow: on_no_show,
}


def _visit(event: AppointmentEvent) -> tuple[Appointment, ZoneInfo]:
    appointment = db.session.get_one(Appointment, event.appointment_id)
    if event.lead_id is not None:
        _keep_link(event.lead_id)
    return appointment, ZoneInfo(db.session.get_one(Location, appointment.location_id).timezone)


def _keep_link(lead_id: int) -> None:
    """The customer's link opens until two weeks after their last visit."""
    counts = Appointment.lead_id == lead_id, Appointment.status.in_(("booked", "done"))
    db.session.get_one(Lead, lead_id).last_visit_at = db.session.scalar(
        select(func.max(Appointment.ends_at)).where(*counts)
    )


def _plan(appointment: Appointment, messages: Iterable[Due]) -> None:
    """Write the rows; one that was dropped before, and is wanted after all, is planned anew."""
    whose = {
        "company_id": appointment.company_id, "location_id": appointment.location_id,
        "appointment_id": appointment.id, "sequence": appointment.sequence, "asked_at": _asked_at(appointment),
    }  # fmt: skip
    rows = [
        {**whose, "kind": due.kind, "channel": due.channel, "due_at": due.due_at, "useful_until": due.useful_until}
        for due in messages
    ]
    written = insert(VisitMessage).values(rows)
    again = {"due_at": written.excluded.due_at, "useful_until": written.excluded.useful_until}
    dropped = and_(VisitMessage.status == "skipped", VisitMessage.delivery_id.is_(None))
    db.session.execute(
        written.on_conflict_do_update(
            index_elements=["appointment_id", "sequence", "kind", "channel"],
            set_={**again, "status": "planned", "reason": None},
            where=dropped,
        )
    )
    wake(JOB)


def _asked_at(appointment: Appointment) -> datetime | None:
    """When the customer last did something: what staff change by themselves answers the booking, not a wish of now."""
    last = (
        select(AppointmentChange.actor_kind)
        .where(AppointmentChange.appointment_id == appointment.id)
        .order_by(AppointmentChange.id.desc())
        .limit(1)
    )
    by_customer = db.session.scalar(last) in ("customer", "assistant")
    return appointment.changed_at if by_customer else appointment.booked_at


def _drop(appointment: Appointment, reason: str) -> None:
    planned = update(VisitMessage).where(
        VisitMessage.appointment_id == appointment.id, VisitMessage.status == "planned"
    )
    db.session.execute(planned.values(status="skipped", reason=reason).execution_options(synchronize_session="fetch"))


def _carry_over(appointment: Appointment) -> None:
    planned = update(VisitMessage).where(
        VisitMessage.appointment_id == appointment.id, VisitMessage.status == "planned"
    )
    db.session.execute(planned.values(sequence=appointment.sequence).execution_options(synchronize_session="fetch"))
