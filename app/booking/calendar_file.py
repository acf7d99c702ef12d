"""A visit as calendars take it in: an iCalendar file (RFC 5545, method PUBLISH) or a link to Google's calendar.

Moments stand in UTC, so that no calendar's idea of the store's zone or its daylight saving can shift them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from icalendar import Calendar, Event

from app.booking.models import Appointment

PRODUCT = "-//Lead Orchestrator//EN"
GOOGLE = "https://calendar.google.com/calendar/render"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a calendar shows of a visit, in finished wording."""

    title: str
    place: str
    description: str


def uid_of(appointment: Appointment) -> str:
    """The visit's identity in every calendar, whatever becomes of it."""
    return f"{appointment.public_id}@lead-orchestrator"


def calendar_file(appointment: Appointment, entry: CalendarEntry) -> bytes:
    """The visit as a file. Read again after a change, it replaces what was there: SEQUENCE counts the changes."""
    event = Event()
    event.add("uid", uid_of(appointment))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.changed_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("location", entry.place)
    event.add("description", entry.description)
    event.add("status", "CANCELLED" if appointment.status == "cancelled" else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()


def google_link(starts_at: datetime, ends_at: datetime, timezone: str, entry: CalendarEntry) -> str:
    """The address at which Google's calendar offers to keep the visit (its documented render?action=TEMPLATE form)."""
    times = "/".join(f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in (starts_at, ends_at))
    given = {"action": "TEMPLATE", "text": entry.title, "dates": times, "ctz": timezone}
    return f"{GOOGLE}?{urlencode({**given, 'location': entry.place, 'details': entry.description})}"
