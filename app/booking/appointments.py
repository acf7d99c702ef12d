"""Taking a time: hold it, renew the hold, book. Each flushes; the edge commits, and until then the bays stay locked.

Refusals are BookingRefused. Where the wished time was the matter they carry the next best free ones; then nothing was
changed and the bays are free already.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.booking import history
from app.booking.actors import Actor
from app.booking.availability import next_best
from app.booking.errors import BookingRefused
from app.booking.events import AppointmentBooked
from app.booking.locks import bays_held, lock_lead
from app.booking.models import Appointment, AppointmentService
from app.booking.quoted import total
from app.booking.rules import HOLD, Work
from app.booking.slots import Slot
from app.booking.wish import Wish, find_slot
from app.db import db
from app.leads.models import Lead
from app.locations.models import Location

THE_TIME = ("taken", "closed", "past", "too_soon", "too_far")


def hold(wish: Wish, now: datetime) -> Appointment:
    """Keep the wished time for five minutes. A lead holds one time: an earlier hold of it is let go.

    The same `client_id` again returns what is there. Raises BookingRefused.
    """
    lead = lock_lead(wish.lead_id) if wish.lead_id else None
    store = db.session.get_one(Location, wish.location_id)
    with offering_instead(store, wish.work, wish.starts_at, now), bays_held(store.id, now):
        if found := _known(wish):
            if not found.holds(now):
                raise BookingRefused("hold_over")
            return found
        _refuse_second(lead, wish.actor, now)
        _let_go(lead, store.id, wish.actor, now)
        appointment = _make(wish, store, now)
        appointment.status, appointment.hold_until = "held", now + HOLD
        history.keep(appointment, "held", history.NOTHING, wish.actor, now)
    history.engage(lead, wish.actor, now)
    return appointment


def renew_hold(appointment_id: int, actor: Actor, now: datetime) -> Appointment:
    """Five more minutes, once. Raises BookingRefused (hold_over) where it has run out or was renewed before."""
    with changing(appointment_id, now) as (appointment, _):
        if appointment.status != "held" or appointment.hold_renewed:
            raise BookingRefused("hold_over")
        was = history.before(appointment)
        appointment.hold_until, appointment.hold_renewed = now + HOLD, True
        history.keep(appointment, "renewed", was, actor, now)
    return appointment


def book(wish: Wish, now: datetime) -> Appointment:
    """Book the wished time without a hold, or the hold of the same `client_id`. Raises BookingRefused."""
    lead = lock_lead(wish.lead_id) if wish.lead_id else None
    store = db.session.get_one(Location, wish.location_id)
    with offering_instead(store, wish.work, wish.starts_at, now), bays_held(store.id, now):
        appointment = _known(wish)
        if appointment is None:
            _refuse_second(lead, wish.actor, now)
            _let_go(lead, store.id, wish.actor, now)
            appointment = _make(wish, store, now)
            _book(appointment, history.NOTHING, lead, wish.actor, now)
        elif appointment.status in ("held", "expired"):
            _book_known(appointment, store, lead, wish.actor, now)
    return appointment


def book_held(appointment_id: int, actor: Actor, now: datetime) -> Appointment:
    """Book what is held. A hold that ran out is booked all the same if its time is still free.

    Booked already, it is returned as it is. Raises BookingRefused.
    """
    with changing(appointment_id, now) as (appointment, lead):
        if appointment.status in ("held", "expired"):
            store = db.session.get_one(Location, appointment.location_id)
            _book_known(appointment, store, lead, actor, now)
        elif appointment.status != "booked":
            raise BookingRefused("not_open")
    return appointment


@contextmanager
def changing(
    appointment_id: int, now: datetime, start: datetime | None = None
) -> Iterator[tuple[Appointment, Lead | None]]:
    """The appointment and its lead as committed now; nobody else changes them, or the store's bays, meanwhile.

    A refusal for its time, or for `start`, offers others. Raises BookingRefused (not_yours) where there is none.
    """
    found = db.session.get(Appointment, appointment_id)
    if found is None:
        raise BookingRefused("not_yours")
    work = work_again(found)
    lead = lock_lead(found.lead_id) if found.lead_id else None
    store = db.session.get_one(Location, found.location_id)
    with offering_instead(store, work, start or found.starts_at, now, found.id), bays_held(store.id, now):
        db.session.refresh(found)
        yield found, lead


@contextmanager
def offering_instead(
    store: Location, work: Work, wanted: datetime, now: datetime, ignoring: int | None = None
) -> Iterator[None]:
    """Add the next best times to a refusal of the wished one."""
    try:
        yield
    except BookingRefused as refused:
        if refused.code in THE_TIME and not refused.slots:
            refused.slots = tuple(next_best(store, work, wanted, now, ignoring))
        raise


def work_again(appointment: Appointment) -> Work:
    """The appointment's work as it was quoted."""
    return Work(timedelta(minutes=appointment.minutes), frozenset(appointment.abilities))


def set_slot(appointment: Appointment, slot: Slot) -> None:
    """Put the appointment there, with the store's buffer after it."""
    appointment.bay_id, appointment.starts_at = slot.bay_id, slot.starts_at
    appointment.ends_at, appointment.busy_until = slot.ends_at, slot.busy_until


def _book_known(appointment: Appointment, store: Location, lead: Lead | None, actor: Actor, now: datetime) -> None:
    _refuse_second(lead, actor, now)
    was = history.before(appointment)
    if appointment.status == "expired":
        set_slot(appointment, find_slot(store, work_again(appointment), appointment.starts_at, now, actor))
    _book(appointment, was, lead, actor, now)


def _book(appointment: Appointment, was: history.Before, lead: Lead | None, actor: Actor, now: datetime) -> None:
    appointment.status, appointment.hold_until, appointment.booked_at = "booked", None, now
    history.keep(appointment, "booked", was, actor, now)
    history.lead_booked(lead, actor, now)
    history.write_timeline(appointment, "Booked for", actor, now)
    history.tell(AppointmentBooked, appointment)


def _known(wish: Wish) -> Appointment | None:
    whose = Appointment.lead_id == wish.lead_id
    if wish.lead_id is None:
        whose = Appointment.lead_id.is_(None) & (Appointment.location_id == wish.location_id)
    query = select(Appointment).where(whose, Appointment.client_id == wish.client_id)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def _refuse_second(lead: Lead | None, actor: Actor, now: datetime) -> None:
    """A customer has one visit ahead; more are for staff to add."""
    if lead is None or actor.is_staff:
        return
    ahead = select(Appointment.id).where(
        Appointment.lead_id == lead.id, Appointment.status == "booked", Appointment.ends_at > now
    )
    if db.session.scalar(ahead.limit(1)) is not None:
        raise BookingRefused("already_booked")


def _let_go(lead: Lead | None, location_id: int, actor: Actor, now: datetime) -> None:
    if lead is None:
        return
    query = select(Appointment).where(
        Appointment.lead_id == lead.id, Appointment.location_id == location_id, Appointment.status == "held"
    )
    for former in db.session.scalars(query.execution_options(populate_existing=True)).all():
        release(former, actor, now, "another time was chosen")


def release(appointment: Appointment, actor: Actor, now: datetime, why: str = "") -> None:
    """End a hold before its time. The caller holds the bays."""
    was = history.before(appointment)
    appointment.status, appointment.hold_until = "expired", None
    history.keep(appointment, "released", was, actor, now, why)


def _make(wish: Wish, store: Location, now: datetime) -> Appointment:
    slot = find_slot(store, wish.work, wish.starts_at.astimezone(UTC), now, wish.actor, wish.bay_id)
    price = total(wish.services)
    appointment = Appointment(
        company_id=store.company_id, location_id=store.id, lead_id=wish.lead_id, client_id=wish.client_id,
        minutes=sum(service.minutes for service in wish.services), abilities=sorted(wish.work.abilities),
        price_kind=price.kind, low_cents=price.low_cents, high_cents=price.high_cents, currency=price.currency,
        price_wording=price.wording, note=wish.note, changed_at=now,
    )  # fmt: skip
    if wish.contact:
        appointment.customer_name, appointment.customer_phone = wish.contact.name, wish.contact.phone
        appointment.customer_email = wish.contact.email
    set_slot(appointment, slot)
    appointment.services = [
        AppointmentService(
            position=position, service_id=one.service_id, name=one.name, minutes=one.minutes, kind=one.price.kind,
            low_cents=one.price.low_cents, high_cents=one.price.high_cents, currency=one.price.currency,
            wording=one.price.wording,
        )
        for position, one in enumerate(wish.services)
    ]  # fmt: skip
    db.session.add(appointment)
    return appointment
