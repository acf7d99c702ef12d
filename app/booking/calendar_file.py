"""A visit for people's calendars: as a file (RFC 5545, sent as RFC 5546 says) and as a link to Google's."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlencode, urlsplit

from icalendar import Calendar, Event, vCalAddress, vText

from app.booking.models import Appointment
from app.locations.models import Location

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
GOOGLE = "https://calendar.google.com/calendar/render"
PRODUCT = "-//Lead Orchestrator//Booking//EN"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What stands around a visit's times: the link to change it, a text of the store, who is invited, and by whom.

    Calendars take an invitation for one where it comes from its organizer: the mail's sender, else the store.
    """

    link: str
    text: str = ""
    attendee_email: str | None = None
    attendee_name: str | None = None
    organizer_email: str | None = None


def calendar_file(
    appointment: Appointment, store: Location, method: Method, invitation: Invitation, now: datetime
) -> bytes:
    """The visit as an .ics file. REQUEST and CANCEL are for mails, PUBLISH for a download without attendees.

    Its UID stays the same for good and SEQUENCE grows with every change, so that calendars update what they have. Times
    are UTC: every program reads them alike, whatever it thinks of time zones.
    """
    event = Event()
    event.add("uid", uid(appointment, invitation.link))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", summary(appointment, store))
    event.add("description", _description(invitation))
    event.add("url", invitation.link)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    if store.address:
        event.add("location", store.address)
    if method != "PUBLISH":
        _add_people(event, store, invitation)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def google_link(appointment: Appointment, store: Location, invitation: Invitation) -> str:
    """The address that opens Google Calendar with the visit filled in."""
    times = (f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" for moment in (appointment.starts_at, appointment.ends_at))
    fields = {
        "action": "TEMPLATE",
        "text": summary(appointment, store),
        "dates": "/".join(times),
        "details": _description(invitation),
        "location": store.address,
        "ctz": store.timezone,
    }
    return f"{GOOGLE}?{urlencode(fields)}"


def uid(appointment: Appointment, link: str) -> str:
    """What calendars know the visit by."""
    return f"{appointment.public_id}@{urlsplit(link).hostname or 'localhost'}"


def summary(appointment: Appointment, store: Location) -> str:
    """`Ceramic Tint, Sunroof · Tint World Coral Springs`."""
    return f"{', '.join(service.name for service in appointment.services)} · {store.name}"


def _description(invitation: Invitation) -> str:
    return "\n\n".join(part for part in (invitation.text, invitation.link) if part)


def _add_people(event: Event, store: Location, invitation: Invitation) -> None:
    organizer = invitation.organizer_email or store.email
    if organizer:
        event.add("organizer", _address(organizer, store.name))
    if invitation.attendee_email:
        attendee = _address(invitation.attendee_email, invitation.attendee_name)
        attendee.params["PARTSTAT"], attendee.params["RSVP"] = vText("ACCEPTED"), vText("FALSE")
        event.add("attendee", attendee, encode=False)


def _address(email: str, name: str | None) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    if name:
        address.params["CN"] = vText(name)
    return address
