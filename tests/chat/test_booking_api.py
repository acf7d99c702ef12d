"""The JSON API of bookings."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app import booking
from app.assistant.models import PriceReceipt
from app.booking.models import Appointment
from app.catalog.models import Service
from app.db import db
from app.leads.links import chat_token
from app.leads.models import Lead
from app.lib import clock
from tests.factories.booking import NOW, TEN, make_bay, make_wish
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

START = "2026-12-01T10:00:00-05:00"


class Api:
    """Maria's calls, by her link's token."""

    def __init__(self, client: FlaskClient, lead: Lead, service: Service) -> None:
        self.client, self.lead, self.service = client, lead, service
        self.headers = {"Authorization": f"Bearer {chat_token(lead)}"}

    def get(self, what: str, **query: object) -> Any:
        return self.client.get(f"/api/chat/{self.lead.public_id}/{what}", query_string=query, headers=self.headers)

    def call(self, method: str, **body: object) -> Any:
        path = f"/api/chat/{self.lead.public_id}/appointment"
        return self.client.open(path, method=method, json=body, headers=self.headers)

    def book(self, **body: object) -> Any:
        return self.call("POST", **{"service_ids": [self.service.id], "starts_at": START, **body})


@pytest.fixture
def api(app: Flask, client: FlaskClient):
    clock.use(lambda: NOW)
    location = make_location()
    make_bay(location, "tint")
    service = make_service(location, name="Ceramic Tint, Full Car", duration_minutes=120, low_cents=39900)
    lead = make_lead(location)
    db.session.commit()
    yield Api(client, lead, service)
    clock.use(None)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json["error"]["code"]


def test_slots_say_when_how_long_and_for_how_much(api: Api) -> None:
    found = api.get("slots", service=api.service.id, day="2026-12-01", part="morning").json
    assert found["timezone"] == "America/New_York"
    assert found["bookable"] is True
    assert (found["duration_minutes"], found["duration_wording"]) == (120, "about 2 h")
    assert found["price"]["wording"] == "$399"
    assert [slot["wording"] for slot in found["slots"]][:3] == [
        "Tuesday, December 1 at 9:00 AM", "Tuesday, December 1 at 9:30 AM", "Tuesday, December 1 at 10:00 AM",
    ]  # fmt: skip
    assert found["slots"][2] == {
        "starts_at": START, "ends_at": "2026-12-01T12:00:00-05:00", "wording": "Tuesday, December 1 at 10:00 AM",
    }  # fmt: skip
    assert {slot["starts_at"][11:13] for slot in found["slots"]} <= {"09", "10", "11"}


def test_days_are_asked_for_one_by_one_or_as_a_span(api: Api) -> None:
    spanned = api.get("slots", **{"service": api.service.id, "from": "2026-12-01", "to": "2026-12-02"}).json["slots"]
    assert {slot["starts_at"][:10] for slot in spanned} == {"2026-12-01", "2026-12-02"}
    for odd in (
        {"day": "tomorrow"},
        {"from": "2026-12-02", "to": "2026-12-01"},
        {"from": "2026-12-01", "to": "2028-12-01"},
    ):
        assert refusal(api.get("slots", service=api.service.id, **odd)) == (400, "bad_request")


def test_the_same_client_id_books_once(api: Api) -> None:
    first, second = api.book(client_id="one"), api.book(client_id="one")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    made = first.json["appointment"]
    assert (made["status"], made["wording"]) == ("booked", "Tuesday, December 1 at 10:00 AM")
    assert made["services"][0]["price"]["low_cents"] == 39900
    assert db.session.scalar(select(func.count()).select_from(Appointment)) == 1


def test_hold_renew_book_move_cancel(api: Api) -> None:
    held = api.book(action="hold").json["appointment"]
    assert (held["status"], held["hold_until"]) == ("held", "2026-11-30T13:05:00+00:00")
    clock.use(lambda: NOW + timedelta(minutes=2))
    assert api.call("PATCH", action="renew").json["appointment"]["hold_until"] == "2026-11-30T13:07:00+00:00"
    assert refusal(api.call("PATCH", action="renew")) == (409, "hold_over")
    assert api.call("PATCH", action="book").json["appointment"]["status"] == "booked"
    moved = api.call("PATCH", action="move", starts_at="2026-12-02T09:00:00-05:00").json["appointment"]
    assert (moved["id"], moved["starts_at"]) == (held["id"], "2026-12-02T09:00:00-05:00")
    assert api.get("appointment").json["appointment"]["id"] == held["id"]
    assert api.call("DELETE").json["appointment"]["status"] == "cancelled"
    assert refusal(api.get("appointment")) == (404, "not_yours")


def test_a_taken_time_names_the_next_best(api: Api) -> None:
    booking.book(make_wish(make_lead(api.lead.location)), NOW)
    db.session.commit()
    answer = api.book()
    assert refusal(answer) == (409, "taken")
    slots = answer.json["error"]["slots"]
    assert slots
    assert api.book(starts_at=slots[0]["starts_at"]).status_code == HTTPStatus.CREATED


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"starts_at": "2026-12-01T07:00:00-05:00"}, (422, "closed")),
        ({"starts_at": "2026-12-01T16:30:00-05:00"}, (422, "closed")),
        ({"starts_at": "2026-11-29T10:00:00-05:00"}, (422, "past")),
        ({"starts_at": "2026-11-30T09:00:00-05:00"}, (422, "too_soon")),
        ({"starts_at": "2027-11-30T10:00:00-05:00"}, (422, "too_far")),
        ({"service_ids": [1 << 40]}, (422, "unknown_service")),
        ({"service_ids": []}, (422, "unknown_service")),
        ({"service_ids": "all"}, (400, "bad_request")),
        ({"starts_at": "2026-12-01T10:00:00"}, (400, "bad_request")),
        ({"starts_at": None}, (400, "bad_request")),
        ({"action": "pay"}, (400, "bad_request")),
        ({"client_id": "x" * 65}, (400, "bad_request")),
    ],
)
def test_what_cannot_be_says_why(api: Api, body: dict[str, object], expected: tuple[int, str]) -> None:
    assert refusal(api.book(**body)) == expected
    assert db.session.scalar(select(func.count()).select_from(Appointment)) == 0


def test_after_the_cut_off_a_change_is_refused(api: Api) -> None:
    api.book()
    clock.use(lambda: TEN - timedelta(hours=3))
    assert refusal(api.call("DELETE")) == (422, "too_late_to_change")
    assert refusal(api.call("PATCH", starts_at="2026-12-03T10:00:00-05:00")) == (422, "too_late_to_change")


def test_a_price_that_the_conversation_has_shown_is_what_is_booked(api: Api) -> None:
    given = {"lead_id": api.lead.id, "service_id": api.service.id, "vehicle_class": "sedan", "currency": "USD"}
    db.session.add(PriceReceipt(**given, kind="exact", low_cents=34900, given_at=NOW, shown_at=NOW))
    db.session.commit()
    assert api.book().json["appointment"]["price"]["wording"] == "$349"


def test_only_the_leads_own_link_opens_it(api: Api, client: FlaskClient) -> None:
    path = f"/api/chat/{api.lead.public_id}"
    assert client.get(f"{path}/slots").status_code == HTTPStatus.UNAUTHORIZED
    stranger = make_lead(api.lead.location)
    db.session.commit()
    theirs = {"Authorization": f"Bearer {chat_token(stranger)}"}
    assert client.get(f"{path}/slots", headers=theirs).status_code == HTTPStatus.NOT_FOUND
    assert client.delete(f"{path}/appointment", headers=theirs, json={}).status_code == HTTPStatus.NOT_FOUND
    mine = api.book().json["appointment"]["id"]
    other = client.delete(f"/api/chat/{stranger.public_id}/appointment", headers=theirs, json={"appointment_id": mine})
    assert refusal(other) == (404, "not_yours")


def test_a_browsers_calls_are_json_from_our_own_pages(api: Api, client: FlaskClient) -> None:
    client.get("/session", query_string={"token": chat_token(api.lead)})
    path = f"/api/chat/{api.lead.public_id}/appointment"
    body = {"service_ids": [api.service.id], "starts_at": START}
    assert client.post(path, data=body).status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    assert client.delete(path).status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    foreign = {"Origin": "https://evil.example"}
    assert client.post(path, json=body, headers=foreign).status_code == HTTPStatus.FORBIDDEN
    assert client.post(path, json=body).status_code == HTTPStatus.CREATED


@pytest.mark.parametrize(
    "query", [{"from": "9999-12-31"}, {"day": "0001-01-01"}, {"from": "9999-12-20", "to": "9999-12-31"}]
)
def test_days_beyond_any_calendar_are_refused_in_words(api: Api, query: dict[str, str]) -> None:
    assert refusal(api.get("slots", service=api.service.id, **query)) == (400, "bad_request")
