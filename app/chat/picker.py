"""What somebody sees who chooses a time: services as quoted, days with free times, the times of one day."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app import booking
from app.assistant.visit_services import quoted
from app.booking import Actor, BookingRefused, QuotedService, Slot, Wish, Work
from app.booking.appointments import work_again
from app.booking.availability import today_of
from app.booking.bays import bays_of
from app.booking.models import Appointment
from app.catalog.pricing import Price
from app.leads.models import Lead

WINDOW = timedelta(days=14)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Picker:
    """Free times for some services. `trouble` says why there are none: hours, bays, services, apart or full.

    `day` is the chosen one of `days`, which all have free times; `slots` are its. `later` and `earlier` are first days
    of the windows beside this one, where there are such.
    """

    services: Sequence[QuotedService] = ()
    minutes: int = 0
    price: Price | None = None
    days: Sequence[date] = ()
    day: date | None = None
    slots: Sequence[Slot] = ()
    earlier: date | None = None
    later: date | None = None
    trouble: str = ""
    service_ids: Sequence[int] = ()

    @property
    def parts(self) -> list[tuple[str, list[Slot]]]:
        """The day's slots by part of day, without empty parts."""
        parts = [(part, booking.in_part(self.slots, part)) for part in ("morning", "afternoon")]
        return [(part, slots) for part, slots in parts if slots]


def take(lead: Lead, service_ids: Sequence[int], start: datetime, actor: Actor, now: datetime) -> Appointment:
    """Hold this time for the lead; what it holds already is kept, not begun anew. Raises BookingRefused."""
    services = quoted(lead, service_ids)
    held = booking.held_by(lead.id, now)
    if held and held.starts_at == start and [one.service_id for one in held.services] == list(service_ids):
        return held
    wish = Wish(lead.location_id, start, services, uuid.uuid4().hex, actor, lead_id=lead.id)
    return booking.hold(wish, now)


def picker(
    lead: Lead, service_ids: Sequence[int], now: datetime, day: date | None = None, first: date | None = None
) -> Picker:
    """Free times for these services; `day` is the wished one, `first` the first of the window of two weeks."""
    if trouble := trouble_of(lead):
        return Picker(trouble=trouble)
    try:
        services = quoted(lead, service_ids)
    except BookingRefused:
        return Picker(trouble="services")
    held = booking.held_by(lead.id, now)
    return _with_times(lead, services, booking.work_of(services), now, day, first, held)


def picker_to_move(
    lead: Lead, appointment: Appointment, now: datetime, day: date | None = None, first: date | None = None
) -> Picker:
    """Free times to which this visit could be moved."""
    services = [
        QuotedService(
            one.service_id, one.name, one.minutes, Price(one.kind, one.low_cents, one.high_cents, one.currency)
        )
        for one in appointment.services
    ]  # fmt: skip
    return _with_times(lead, services, work_again(appointment), now, day, first, appointment)


def trouble_of(lead: Lead) -> str:
    """Why nothing at all can be booked at the lead's store: hours, bays or nothing."""
    if not lead.location.hours:
        return "hours"
    return "" if bays_of(lead.location_id) else "bays"


def _with_times(
    lead: Lead,
    services: Sequence[QuotedService],
    work: Work,
    now: datetime,
    day: date | None,
    first: date | None,
    own: Appointment | None,
) -> Picker:
    """`own` is what the lead has already: it does not stand in its own way."""
    store, ignoring = lead.location, own.id if own else None
    today = today_of(store, now)
    furthest = today + booking.rules_of(store.id).horizon_days * DAY
    first = min(max(first or _window_of(day, today), today), furthest)

    def free(begin: date, end: date) -> list[Slot]:
        found = booking.free_slots(store.id, work, now, begin, end, ignoring)
        return [slot for slot in found if own is None or own.status == "held" or slot.starts_at != own.starts_at]

    found = free(first, first + WINDOW - DAY)
    if not found and (beyond := free(today, furthest)):
        first = beyond[0].day
        found = [slot for slot in beyond if slot.day < first + WINDOW]
    plan = Picker(
        services=services, minutes=round(work.duration / timedelta(minutes=1)), price=booking.total(services),
        service_ids=[one.service_id for one in services if one.service_id],
    )  # fmt: skip
    if not found:
        apart = not any(work.abilities <= set(bay.abilities) for bay in bays_of(store.id))
        return replace(plan, trouble="apart" if apart else "full")
    days = list(dict.fromkeys(slot.day for slot in found))
    chosen = day if day in days else days[0]
    return replace(
        plan, days=days, day=chosen, slots=booking.on_day(found, chosen),
        earlier=max(first - WINDOW, today) if first > today else None,
        later=first + WINDOW if first + WINDOW <= furthest else None,
    )  # fmt: skip


def _window_of(day: date | None, today: date) -> date:
    """The first day of the window that holds the day; windows follow each other from today."""
    if day is None or day < today:
        return today
    return today + (day - today) // WINDOW * WINDOW
