"""Tools about times: what is free, hold, book, move, cancel. Dates and times come and go as finished wording."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app import booking
from app.assistant.booking_wording import (
    MOST_OFFERED,
    about,
    card,
    day_words,
    done,
    local_time,
    offer,
    refused_outcome,
    times_card,
    visit_time,
    wall_time,
)
from app.assistant.facts import Learned
from app.assistant.tooling import AssistantTool, Desk, Outcome, described
from app.assistant.visit_services import quoted, requested
from app.booking import ASSISTANT, BookingRefused, QuotedService, Slot, Wish, Work
from app.booking.appointments import work_again
from app.booking.bays import bays_of
from app.booking.history import when
from app.booking.models import Appointment
from app.db import db
from app.leads.models import Lead

FAR = timedelta(days=13)
MOST_OF_A_DAY = 24
NOT_ONLINE = "This store takes no bookings here: its team sets the time. Call hand_over with what the customer wants."
NO_TIME = "That is no time. Give starts_at as free_times gave it in brackets."
NO_VISIT = "No visit is booked."


def free_times(desk: Desk, arguments: dict[str, Any]) -> Outcome:
    """Free times for some services, or for the visit that is booked."""
    lead = _lead(desk)
    if not lead.location.hours or not bays_of(lead.location_id):
        return Outcome(NOT_ONLINE, card={})
    ahead, day, part = booking.visit_ahead(lead.id, desk.now), _day(arguments), str(arguments.get("part", ""))
    try:
        services = [] if ahead else quoted(lead, _ids(arguments) or requested(lead))
    except BookingRefused:
        return Outcome("Ask what is to be done, and give the ids of the services as search_services told them.")
    work = work_again(ahead) if ahead else booking.work_of(services)
    found = _found(desk, work, day, part, ahead)
    if not found:
        return Outcome("No time is open for this. Call hand_over: the team may find one.", card={})
    head = about(work, services, ahead)
    if day and found[0].day != day:
        head += f"\nNothing is open on {day_words(day)}. The nearest:"
    ids = [one.service_id for one in services if one.service_id]
    return offer(desk, head, found, times_card(desk, ids, found), work.duration)


def hold_time(desk: Desk, arguments: dict[str, Any]) -> Outcome:
    """Keep one time for five minutes."""
    lead, start = _lead(desk), _start(desk, arguments)
    if start is None:
        return Outcome(NO_TIME)
    booking.freshen(lead.location_id, start, desk.now)
    ids = _ids(arguments) or requested(lead)
    try:
        held = booking.hold(_wish(lead, start, quoted(lead, ids)), desk.now)
    except BookingRefused as refused:
        return refused_outcome(desk, refused, ids)
    assert held.hold_until is not None
    begins, until = local_time(desk, held.starts_at), local_time(desk, held.hold_until)
    told = f"Held until {until:%-I:%M %p}, not booked: {when(begins)}. Ask whether to book exactly this time."
    moments = (wall_time(begins), wall_time(until))
    return Outcome(told, Learned(claims=("held",), moments=moments), card=card(desk, ids, [begins]))


def book_time(desk: Desk, arguments: dict[str, Any]) -> Outcome:
    """Book the time that the customer agreed to. Asked twice, it is booked once."""
    lead, start = _lead(desk), _start(desk, arguments)
    if start is None:
        return Outcome(NO_TIME)
    booking.freshen(lead.location_id, start, desk.now)
    ahead, held = booking.visit_ahead(lead.id, desk.now), booking.held_by(lead.id, desk.now)
    ids = _ids(arguments) or requested(lead)
    try:
        if ahead and ahead.starts_at == start:
            booked = ahead
        elif held and held.starts_at == start and [one.service_id for one in held.services] == ids:
            booked = booking.book_held(held.id, ASSISTANT, desk.now)
        else:
            booked = booking.book(_wish(lead, start, quoted(lead, ids)), desk.now)
    except BookingRefused as refused:
        return refused_outcome(desk, refused, ids)
    return done(desk, "Booked", booked, "booked")


def move_visit(desk: Desk, arguments: dict[str, Any]) -> Outcome:
    """Move the booked visit to the time that the customer agreed to."""
    ahead, start = booking.visit_ahead(desk.lead.lead_id, desk.now), _start(desk, arguments)
    if ahead is None or start is None:
        return Outcome(NO_VISIT if ahead is None else NO_TIME)
    booking.freshen(ahead.location_id, start, desk.now)
    try:
        moved = booking.move(ahead.id, start, ASSISTANT, desk.now)
    except BookingRefused as refused:
        return refused_outcome(desk, refused)
    return done(desk, "Moved to", moved, "booked", "moved")


def cancel_visit(desk: Desk, _: dict[str, Any]) -> Outcome:
    """Cancel the booked visit."""
    ahead = booking.visit_ahead(desk.lead.lead_id, desk.now)
    if ahead is None:
        return Outcome(NO_VISIT)
    try:
        cancelled = booking.cancel(ahead.id, ASSISTANT, desk.now)
    except BookingRefused as refused:
        return refused_outcome(desk, refused)
    told = f"Cancelled: the visit of {visit_time(desk, cancelled)}."
    proven = Learned(claims=("cancelled",), moments=(wall_time(local_time(desk, cancelled.starts_at)),))
    return Outcome(told, proven, card={})


def _found(desk: Desk, work: Work, day: date | None, part: str, ahead: Appointment | None) -> list[Slot]:
    """The times to offer: of the day, else the nearest to it; without a day spread over the next ones."""
    first = max(day - timedelta(days=3), desk.now.date() - timedelta(days=1)) if day else None
    last = (first or local_time(desk, desk.now).date()) + FAR
    slots = booking.free_slots(desk.store.location_id, work, desk.now, first, last, ahead.id if ahead else None)
    if part in ("morning", "afternoon"):
        slots = booking.in_part(slots, part)
    if day is None:
        return booking.spread(slots, MOST_OFFERED)
    if that_day := booking.on_day(slots, day):
        return that_day[:MOST_OF_A_DAY]
    noon = datetime.combine(day, time(12), ZoneInfo(desk.store.timezone))
    return booking.around(slots, noon, MOST_OFFERED)


def _wish(lead: Lead, start: datetime, services: list[QuotedService]) -> Wish:
    return Wish(lead.location_id, start, services, uuid.uuid4().hex, ASSISTANT, lead_id=lead.id)


def _lead(desk: Desk) -> Lead:
    return db.session.get_one(Lead, desk.lead.lead_id)


def _ids(arguments: dict[str, Any]) -> list[int]:
    given = arguments.get("service_ids")
    return [one for one in given if isinstance(one, int) and 0 < one < 2**63] if isinstance(given, list) else []


def _day(arguments: dict[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(arguments.get("day", "")))
    except ValueError:
        return None


def _start(desk: Desk, arguments: dict[str, Any]) -> datetime | None:
    try:
        start = datetime.fromisoformat(str(arguments.get("starts_at", "")).strip("[] "))
    except ValueError:
        return None
    return start if start.tzinfo is not None else start.replace(tzinfo=ZoneInfo(desk.store.timezone))


SERVICES = {
    "type": "array",
    "items": {"type": "integer"},
    "description": "The ids that search_services gave; empty for the services of the customer's own order",
}
STARTS_AT = {
    "type": "string",
    "description": "The time in brackets as free_times gave it: 2026-12-01T10:00",
}
TOOLS = (
    AssistantTool(
        described(
            "free_times",
            "Times that are open for the services, done in one visit, or for the booked visit to move to. "
            "The customer also sees them as buttons.",
            {
                "service_ids": SERVICES,
                "day": {"type": "string", "description": "The wished date as 2026-12-01, or empty for the next days"},
                "part": {"type": "string", "enum": ["any", "morning", "afternoon"]},
            },
        ),
        free_times,
    ),
    AssistantTool(
        described(
            "hold_time",
            "Keep one time for five minutes while the customer decides. It is not booked by that.",
            {"service_ids": SERVICES, "starts_at": STARTS_AT},
        ),
        hold_time,
    ),
    AssistantTool(
        described(
            "book_time",
            "Book a visit. Only after the customer has agreed to exactly this time.",
            {"service_ids": SERVICES, "starts_at": STARTS_AT},
        ),
        book_time,
    ),
    AssistantTool(
        described(
            "move_visit",
            "Move the customer's booked visit. Only after they have agreed to exactly this new time.",
            {"starts_at": STARTS_AT},
        ),
        move_visit,
    ),
    AssistantTool(
        described("cancel_visit", "Cancel the customer's booked visit. Only after they have said that they want that."),
        cancel_visit,
    ),
)
