"""What the booking tools tell the model: finished wording, what it proves, and the card that shows it as buttons."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.assistant.amounts import numbers_in
from app.assistant.facts import Learned
from app.assistant.fencing import field
from app.assistant.tooling import Desk, Outcome
from app.booking import BookingRefused, QuotedService, Slot, Work, spread
from app.booking.history import when
from app.booking.models import Appointment
from app.db import db

MOST_OFFERED = 4


def offer(
    desk: Desk, head: str, slots: Iterable[Slot], shown: dict[str, Any], takes: timedelta | None = None
) -> Outcome:
    """Times to offer, each as it is given back and in words; `shown` is the card that goes with them.

    `takes` is how long a visit lasts, where `head` says so.
    """
    slots = list(slots)
    lines = [f"- [{_key(slot.local_start)}] {when(slot.local_start)}" for slot in slots]
    told = "\n".join([head, *lines])
    return Outcome(told, learned(head, [slot.local_start for slot in slots], takes), card=shown)


def _key(local: datetime) -> str:
    """The time by the store's clock; with its offset only where the clock shows it twice."""
    return (local if local.fold else wall_time(local)).isoformat(timespec="minutes")


def refused_outcome(desk: Desk, refused: BookingRefused, ids: list[int] | None = None) -> Outcome:
    """Why not, with the times to offer instead, for these services; nothing was changed."""
    db.session.rollback()
    slots = refused.slots[:MOST_OFFERED]
    if not slots:
        return Outcome(f"Not done. {refused}", card={})
    return offer(desk, f"Not done. {refused} Offer one of these instead:", slots, times_card(desk, ids, slots))


def done(desk: Desk, words: str, appointment: Appointment, *claims: str) -> Outcome:
    """What was committed, and that it may be said."""
    names = field(", ".join(one.name for one in appointment.services))
    local = local_time(desk, appointment.starts_at), local_time(desk, appointment.ends_at)
    ready = f"{local[1]:%-I:%M %p}" if local[0].date() == local[1].date() else when(local[1])
    told = f"{words}: {visit_time(desk, appointment)}, {names}. Ready about {ready}. A card shows it to the customer."
    harmless = tuple(sorted(numbers_in(names)))
    moments = tuple(wall_time(moment) for moment in local)
    minutes = _minutes(appointment.ends_at - appointment.starts_at)
    proven = Learned(claims=claims, moments=moments, appointments=moments[:1], harmless=harmless, durations=(minutes,))
    return Outcome(told, proven, card={})


def about(work: Work, services: list[QuotedService], ahead: Appointment | None) -> str:
    """The line above offered times: what they are for, and how long it takes."""
    names = field(", ".join(one.name for one in (ahead.services if ahead else services)))
    hours, minutes = divmod(_minutes(work.duration), 60)
    length = " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)
    kind = "To move the visit" if ahead else "Open times"
    return f"{kind} ({names}, about {length}); to book one, give back what stands in its brackets:"


def times_card(desk: Desk, ids: list[int] | None, slots: Iterable[Slot]) -> dict[str, Any]:
    """What shows the slots as buttons below the answer; nothing without services to book."""
    return card(desk, ids, [slot.local_start for slot in spread(slots, MOST_OFFERED)]) if ids else {}


def card(desk: Desk, ids: list[int], times: Iterable[datetime]) -> dict[str, Any]:
    """What shows these local times as buttons below the answer."""
    return {
        "kind": "times", "lead": desk.lead.public_id, "services": ids, "timezone": desk.store.timezone,
        "times": [moment.isoformat() for moment in times],
    }  # fmt: skip


def learned(named: str, moments: Iterable[datetime], takes: timedelta | None = None) -> Learned:
    """That these local times may be told, how long it takes, and the numbers of a text that names services."""
    times, numbers = tuple(wall_time(moment) for moment in moments), tuple(sorted(numbers_in(named)))
    return Learned(moments=times, harmless=numbers, durations=(_minutes(takes),) if takes else ())


def _minutes(length: timedelta) -> int:
    return round(length / timedelta(minutes=1))


def local_time(desk: Desk, moment: datetime) -> datetime:
    """The moment by the store's clock."""
    return moment.astimezone(ZoneInfo(desk.store.timezone))


def wall_time(moment: datetime) -> datetime:
    """The time on the wall, as facts hold it."""
    return moment.replace(tzinfo=None)


def visit_time(desk: Desk, appointment: Appointment) -> str:
    """`Tuesday, December 1 at 10:00 AM`."""
    return when(local_time(desk, appointment.starts_at))


def day_words(day: date) -> str:
    """`Tuesday, December 1`."""
    return f"{day:%A, %B} {day.day}"
