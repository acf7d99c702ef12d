"""A customer takes a time: the pages, with and without JavaScript, and the card in the conversation."""

import re
from datetime import timedelta
from http import HTTPStatus

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from app import booking, chat
from app.booking.models import Appointment, Bay
from app.catalog.models import Service
from app.chat.models import Conversation, Message
from app.db import db
from app.leads.links import chat_token
from app.leads.models import Lead
from app.lib import clock
from app.locations.models import Location, OpeningHours
from tests.factories.booking import HOUR, NOW, TEN, make_bay, make_rules, make_wish
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

HTMX = {"HX-Request": "true"}
START = "2026-12-01T10:00:00-05:00"


@pytest.fixture
def at_eight(app: Flask):
    """A Monday at eight in the morning in Florida."""
    clock.use(lambda: NOW)
    yield
    clock.use(None)


@pytest.fixture
def store(at_eight: None) -> Location:
    location = make_location()
    make_bay(location, "tint")
    return location


@pytest.fixture
def tint(store: Location) -> Service:
    return make_service(store, name="Ceramic Tint, Full Car", duration_minutes=120, low_cents=39900)


@pytest.fixture
def maria(store: Location, tint: Service) -> Lead:
    lead = make_lead(store)
    db.session.commit()
    return lead


@pytest.fixture
def phone(client: FlaskClient, maria: Lead) -> FlaskClient:
    client.get("/session", query_string={"token": chat_token(maria)})
    return client


def held(phone: FlaskClient, lead: Lead, tint: Service, start: str = START) -> Appointment:
    answer = phone.post(f"/chat/{lead.public_id}/visit", data={"service": tint.id, "start": start})
    assert answer.status_code == HTTPStatus.SEE_OTHER
    return db.session.scalars(select(Appointment).where(Appointment.status == "held")).one()


def booked(phone: FlaskClient, lead: Lead, tint: Service) -> Appointment:
    hold = held(phone, lead, tint)
    phone.post(f"/chat/{lead.public_id}/visit/{hold.public_id}/booking")
    db.session.refresh(hold)
    assert hold.status == "booked"
    return hold


def messages(lead: Lead) -> list[Message]:
    query = select(Message).join(Conversation, Conversation.id == Message.conversation_id)
    return list(db.session.scalars(query.where(Conversation.lead_id == lead.id).order_by(Message.seq)))


def test_days_and_times_are_offered_with_what_it_takes_and_costs(
    phone: FlaskClient, maria: Lead, tint: Service
) -> None:
    page = phone.get(f"/chat/{maria.public_id}/visit", query_string={"service": tint.id, "day": "2026-12-01"}).text
    for told in ("Ceramic Tint, Full Car", "$399", "about 2 h", "Tuesday, December 1", f'value="{START}"'):
        assert told in page
    assert 'value="2026-12-01T16:30:00-05:00"' not in page, "it would not be done before closing"
    assert "<html" in page
    piece = phone.get(f"/chat/{maria.public_id}/visit", query_string={"service": tint.id}, headers=HTMX).text
    assert "<html" not in piece


def test_one_tap_holds_and_one_books(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    hold = held(phone, maria, tint)
    shown = phone.get(f"/chat/{maria.public_id}/visit").text
    assert "Held until 8:05 AM" in shown
    assert "Visit booked" not in shown
    assert messages(maria) == [], "nothing is said to be booked before it is"
    answer = phone.post(f"/chat/{maria.public_id}/visit/{hold.public_id}/booking")
    assert answer.status_code == HTTPStatus.SEE_OTHER
    assert "Your visit is booked" in phone.get(answer.headers["Location"]).text
    assert "Your visit" in phone.get(f"/chat/{maria.public_id}").text
    assert db.session.get_one(Lead, maria.id).stage == "booked"


def test_tapping_twice_holds_once(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    first = held(phone, maria, tint)
    assert held(phone, maria, tint).id == first.id
    assert db.session.scalar(select(func.count()).select_from(Appointment)) == 1


def test_the_card_shows_the_row_and_follows_it(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    visit = booked(phone, maria, tint)
    card = messages(maria)[-1]
    assert (card.author, card.text) == ("system", "Visit booked: Tuesday, December 1 at 10:00 AM")
    assert card.card is not None
    assert (card.card["status"], card.card["visit"]) == ("booked", visit.public_id)
    assert "Tuesday,\u00a0December\u00a01 at\u00a010:00\u00a0AM" in phone.get(f"/chat/{maria.public_id}").text
    seen = card.changed_seq

    booking.move(visit.id, TEN + HOUR, booking.staff("Alex"), NOW, "the bay is needed")
    db.session.commit()
    moved, line = messages(maria)
    assert (moved.id, moved.card["starts_at"]) == (card.id, "2026-12-01T16:00:00+00:00")
    assert moved.changed_seq > seen, "open pages hear of it"
    assert line.text == "Visit moved to Tuesday, December 1 at 11:00 AM"

    booking.cancel(visit.id, booking.staff("Alex"), NOW)
    db.session.commit()
    assert [one.card["status"] for one in messages(maria) if one.card] == ["cancelled"]
    page = phone.get(f"/chat/{maria.public_id}").text
    assert "Visit cancelled" in page
    assert "Change or cancel" not in page


def test_a_hold_that_comes_to_nothing_leaves_no_card(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    hold = held(phone, maria, tint)
    booking.cancel(hold.id, booking.CUSTOMER, NOW)
    db.session.commit()
    assert messages(maria) == []


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_who_comes_second_gets_the_next_best_times(
    phone: FlaskClient, maria: Lead, tint: Service, headers: dict[str, str]
) -> None:
    booking.book(make_wish(make_lead(maria.location)), NOW)
    db.session.commit()
    answer = phone.post(f"/chat/{maria.public_id}/visit", data={"service": tint.id, "start": START}, headers=headers)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Somebody else has just taken that time." in answer.text
    offered = re.findall(r'booking__choice" name="start" value="([^"]+)"', answer.text)
    assert "2026-12-01T12:30:00-05:00" in offered
    assert re.search(r'id="day-2026-12-01"[^>]*aria-current="date"', answer.text), "the day that was wanted stays open"
    assert (
        phone.post(f"/chat/{maria.public_id}/visit", data={"service": tint.id, "start": offered[0]}).status_code == 303
    )


def test_a_visit_is_moved_after_asking_once_more(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    make_rules(maria.location, change_minutes=60)
    visit = booked(phone, maria, tint)
    path = f"/chat/{maria.public_id}/visit"
    query = {"visit": visit.public_id, "moving": 1}
    assert START not in phone.get(path, query_string=query).text, "its own time is no new one"
    new = "2026-12-02T09:00:00-05:00"
    asked = phone.get(path, query_string={"visit": visit.public_id, "to": new}).text
    assert "Move your visit?" in asked
    db.session.refresh(visit)
    assert visit.starts_at == TEN
    phone.post(f"{path}/{visit.public_id}/new-time", data={"start": new})
    db.session.refresh(visit)
    assert visit.starts_at.isoformat() == "2026-12-02T14:00:00+00:00"


def test_after_the_cut_off_only_the_store_changes_it(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    visit = booked(phone, maria, tint)
    clock.use(lambda: TEN - timedelta(hours=3))
    path = f"/chat/{maria.public_id}/visit"
    shown = phone.get(path).text
    assert "please call us" in shown
    assert "(954) 555-0100" in shown
    refused = phone.post(f"{path}/{visit.public_id}/cancellation")
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Please call the store." in refused.text
    db.session.refresh(visit)
    assert visit.status == "booked"


def test_a_visit_is_cancelled_after_asking_once_more(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    visit = booked(phone, maria, tint)
    path = f"/chat/{maria.public_id}/visit"
    assert "Yes, cancel it" in phone.get(path, query_string={"visit": visit.public_id, "cancelling": 1}).text
    answer = phone.post(f"{path}/{visit.public_id}/cancellation")
    assert "Your visit was cancelled" in phone.get(answer.headers["Location"]).text
    assert db.session.get_one(Lead, maria.id).stage == "engaged"


def test_without_hours_or_bays_the_page_says_so_and_offers_the_team(phone: FlaskClient, maria: Lead) -> None:
    path = f"/chat/{maria.public_id}/visit"
    for missing in (Bay, OpeningHours):
        db.session.execute(delete(missing).where(missing.location_id == maria.location_id))
        db.session.commit()
        db.session.expire_all()
        page = phone.get(path).text
        assert "No bookings here yet" in page
        assert 'name="start"' not in page
    asked = phone.post(f"{path}/team")
    assert "The store's team has been asked" in asked.text.replace("&#39;", "'")
    waiting = db.session.scalars(select(Conversation.waiting_since).where(Conversation.lead_id == maria.id)).one()
    assert waiting is not None


def test_without_services_they_are_chosen_first(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    path = f"/chat/{maria.public_id}/visit"
    assert "What can we do for your vehicle?" in phone.get(path).text
    chosen = phone.get(path, query_string={"choosing": 1, "service": tint.id}).text
    assert re.search(rf'value="{tint.id}" checked', chosen)


def test_the_calendar_file_is_the_row(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    visit = booked(phone, maria, tint)
    answer = phone.get(f"/chat/{maria.public_id}/visit/{visit.public_id}/calendar.ics")
    assert answer.content_type.startswith("text/calendar")
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (TEN, TEN + 2 * HOUR)
    assert event["UID"].startswith(visit.public_id)
    assert "100 Atlantic Blvd" in event["LOCATION"]


def test_somebody_elses_visit_is_404(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    other = booking.book(make_wish(make_lead(maria.location)), NOW)
    db.session.commit()
    path = f"/chat/{maria.public_id}/visit"
    assert phone.get(path, query_string={"visit": other.public_id}).status_code == HTTPStatus.NOT_FOUND
    for what in ("booking", "renewal", "new-time", "cancellation"):
        answer = phone.post(f"{path}/{other.public_id}/{what}", data={"start": START})
        assert answer.status_code == HTTPStatus.NOT_FOUND
    assert phone.get(f"{path}/{other.public_id}/calendar.ics").status_code == HTTPStatus.NOT_FOUND


def test_without_a_link_nothing_opens(client: FlaskClient, maria: Lead) -> None:
    path = f"/chat/{maria.public_id}/visit"
    assert client.get(path).status_code == HTTPStatus.UNAUTHORIZED
    assert client.post(path, data={"start": START}).status_code == HTTPStatus.UNAUTHORIZED


def test_odd_queries_are_answered(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    path = f"/chat/{maria.public_id}/visit"
    for odd in ({"day": "no"}, {"day": "9999-12-31"}, {"first": "0001-01-01"}, {"service": "9" * 18}, {"service": "x"}):
        assert phone.get(path, query_string={"service": tint.id, **odd}).status_code == HTTPStatus.OK
    for start in ("", "now", "2026-12-01T10:00", "0001-01-01T00:00:00+14:00"):
        answer = phone.post(path, data={"service": tint.id, "start": start})
        assert answer.status_code == HTTPStatus.BAD_REQUEST


def test_it_speaks_the_customers_language(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    conversation = chat.open_conversation(maria)
    conversation.language = "es"
    db.session.commit()
    booked(phone, maria, tint)
    said = messages(maria)[-1].text.replace("\u00a0", " ")
    assert said == "Visita reservada: martes 1 de diciembre a las 10:00 a. m."
    page = phone.get(f"/chat/{maria.public_id}/visit").text
    assert "Su visita está reservada" in page


def test_a_visit_that_is_near_is_confirmed_by_one_tap(phone: FlaskClient, maria: Lead, tint: Service) -> None:
    visit = booked(phone, maria, tint)
    page = f"/chat/{maria.public_id}/visit?visit={visit.public_id}"
    assert "Confirm that I will come" not in phone.get(page).text
    clock.use(lambda: NOW + 2 * HOUR)
    assert "Confirm that I will come" in phone.get(page).text
    phone.post(f"/chat/{maria.public_id}/visit/{visit.public_id}/confirmation")
    db.session.refresh(visit)
    assert visit.confirmed_at == NOW + 2 * HOUR
    shown = phone.get(page).text
    assert "Visit confirmed" in shown
    assert "Confirm that I will come" not in shown
    assert "Visit confirmed" in phone.get(f"/chat/{maria.public_id}").text


def test_shopmonkeys_day_is_looked_at_before_a_time_is_held(
    app, phone: FlaskClient, maria: Lead, tint: Service
) -> None:
    asked = []
    before = app.extensions["freshen_calendar"]
    app.extensions["freshen_calendar"] = lambda store, day, now: asked.append((store, day.isoformat()))
    try:
        held(phone, maria, tint)
    finally:
        app.extensions["freshen_calendar"] = before
    assert asked == [(maria.location_id, "2026-12-01")]
