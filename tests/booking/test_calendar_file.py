"""What two independent programs read from a visit's .ics file, across changes of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject

from app.booking import CUSTOMER, book, cancel, move
from app.booking.calendar_file import Invitation, calendar_file, google_link
from app.locations.models import OpeningHours
from tests.factories.booking import NOW, TEN, make_bay, make_rules, make_wish, tint
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

INVITATION = Invitation(
    "https://example.com/chat/abc", "Please come; bring the key, and the code.\nThank you: Anna",
    "maria@example.com", 'Maria "Mia" Álvarez; Ruiz',
)  # fmt: skip


@pytest.fixture
def store(app):
    location = make_location(name="Tint World, Coral Springs; North")
    location.hours = [OpeningHours(weekday=day, opens=time(0), closes=time(23, 59)) for day in range(7)]
    make_bay(location)
    make_rules(location, horizon_days=365, change_minutes=0, lead_minutes=0)
    return location


def by_icalendar(told: bytes) -> dict:
    calendar = icalendar.Calendar.from_ical(told)
    (event,) = calendar.walk("VEVENT")
    return {
        "method": str(calendar["method"]),
        "uid": str(event["uid"]),
        "sequence": int(event["sequence"]),
        "start": event["dtstart"].dt,
        "end": event["dtend"].dt,
        "stamp": event["dtstamp"].dt,
        "summary": str(event["summary"]),
        "location": str(event["location"]),
        "description": str(event["description"]),
        "status": str(event["status"]),
        "organizer": str(event.get("organizer", "")),
        "attendee": str(event.get("attendee", "")),
    }


def by_vobject(told: bytes) -> dict:
    calendar = vobject.readOne(told.decode())
    event = calendar.vevent
    return {
        "method": calendar.method.value,
        "uid": event.uid.value,
        "sequence": int(event.sequence.value),
        "start": event.dtstart.value,
        "end": event.dtend.value,
        "stamp": event.dtstamp.value,
        "summary": event.summary.value,
        "location": event.location.value,
        "description": event.description.value,
        "status": event.status.value,
        "organizer": event.organizer.value if hasattr(event, "organizer") else "",
        "attendee": event.attendee.value if hasattr(event, "attendee") else "",
    }


def read(appointment, store, method="REQUEST") -> dict:
    told = calendar_file(appointment, store, method, INVITATION, NOW)
    first, second = by_icalendar(told), by_vobject(told)
    assert first == second
    assert max(len(line) for line in told.split(b"\r\n")) <= 75
    return first


def test_both_read_what_was_booked(store):
    booked = book(make_wish(make_lead(store), services=[tint(), tint()]), NOW)
    found = read(booked, store)
    assert found == {
        "method": "REQUEST", "uid": f"{booked.public_id}@example.com", "sequence": 0, "start": TEN,
        "end": TEN + timedelta(hours=4), "stamp": NOW, "status": "CONFIRMED",
        "summary": "Ceramic Tint, Ceramic Tint · Tint World, Coral Springs; North",
        "location": "100 Atlantic Blvd, Coral Springs, FL 33071",
        "description": f"{INVITATION.text}\n\n{INVITATION.link}",
        "organizer": "mailto:coralsprings@example.com", "attendee": "mailto:maria@example.com",
    }  # fmt: skip


def test_moved_and_cancelled_it_stays_the_same_visit_with_a_higher_number(store):
    booked = book(make_wish(make_lead(store)), NOW)
    first = read(booked, store)
    moved = read(move(booked.id, TEN + timedelta(hours=24), CUSTOMER, NOW), store)
    gone = read(cancel(booked.id, CUSTOMER, NOW), store, "CANCEL")
    assert first["uid"] == moved["uid"] == gone["uid"]
    assert [one["sequence"] for one in (first, moved, gone)] == [0, 1, 2]
    assert (gone["method"], gone["status"], moved["start"]) == ("CANCEL", "CANCELLED", TEN + timedelta(hours=24))


def test_a_download_invites_nobody(store):
    found = read(book(make_wish(make_lead(store)), NOW), store, "PUBLISH")
    assert (found["method"], found["organizer"], found["attendee"]) == ("PUBLISH", "", "")


@pytest.mark.parametrize("zone", ["America/New_York", "America/Denver", "America/St_Johns", "America/Phoenix"])
@pytest.mark.parametrize("day", [date(2026, 3, 7), date(2026, 3, 8), date(2026, 10, 31), date(2026, 11, 1)])
def test_around_a_change_of_the_clocks_the_hour_is_the_stores(store, zone, day):
    store.timezone = zone
    before = datetime.combine(day - timedelta(days=2), time(12), UTC)
    told = datetime.combine(day, time(23), ZoneInfo(zone))
    booked = book(make_wish(make_lead(store), told, services=[tint(50)]), before)
    found = read(booked, store)
    assert found["start"].astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(day, time(23))
    assert found["end"] - found["start"] == timedelta(minutes=50)


def test_googles_calendar_gets_the_same(store):
    booked = book(make_wish(make_lead(store)), NOW)
    link = urlsplit(google_link(booked, store, INVITATION))
    fields = {name: values[0] for name, values in parse_qs(link.query).items()}
    assert link.netloc == "calendar.google.com"
    assert fields["dates"] == "20261201T150000Z/20261201T170000Z"
    assert fields["text"] == "Ceramic Tint · Tint World, Coral Springs; North"
    assert fields["details"].endswith(INVITATION.link)
