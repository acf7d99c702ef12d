"""Text that no database holds, JSON that no reader reads: every door refuses or cleans it, and none breaks."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import chat
from app.chat.models import Message
from app.db import db
from app.leads.links import chat_token
from app.leads.models import Lead
from tests.factories.accounts import make_staff, sign_in
from tests.factories.leads import make_lead
from tests.factories.locations import make_location


@pytest.fixture
def lead(app: Flask) -> Lead:
    made = make_lead(make_location())
    chat.take_over(chat.open_conversation(made).id, make_staff(made.location).id, "Sam", made.created_at)
    return made


@pytest.fixture
def customer(client: FlaskClient, lead: Lead) -> FlaskClient:
    client.get("/session", query_string={"token": chat_token(lead)})
    return client


@pytest.fixture
def desk(client: FlaskClient, lead: Lead) -> FlaskClient:
    sign_in(client, make_staff(lead.location, "store_manager"))
    return client


@pytest.mark.parametrize(
    "body",
    [
        '{"message": "\\ud800Hi"}',
        '{"message": "H\\u0000i"}',
        '{"message": "Hi", "client_message_id": "a\\u0000b"}',
        '{"message": "Hi", "client_message_id": "\\ud800"}',
        "[" * 100_000,
        '{"message": ' + "[" * 100_000,
        '{"message": ' + "9" * 5000 + "}",
    ],
)
def test_odd_json_is_refused_or_cleaned(customer: FlaskClient, lead: Lead, body: str) -> None:
    answer = customer.post(f"/api/chat/{lead.public_id}", data=body, content_type="application/json")
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert answer.json is not None
        assert answer.json["message"]["text"] == "Hi"


@pytest.mark.parametrize("path", ["", "/appointment"])
def test_the_json_api_takes_no_form_that_another_site_could_post(customer: FlaskClient, lead: Lead, path: str) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = customer.post(f"/api/chat/{lead.public_id}{path}", data='{"message": "Hi"}', content_type=kind)
        assert answer.status_code == 415
    assert db.session.query(Message).filter_by(author="customer").count() == 0


@pytest.mark.parametrize("fields", [{"message": "H\0i"}, {"message": "Hi", "client_message_id": "a\0b"}])
def test_an_odd_form_of_a_customer_is_cleaned(customer: FlaskClient, lead: Lead, fields: dict[str, str]) -> None:
    assert customer.post(f"/chat/{lead.public_id}/messages", data=fields).status_code == 303
    assert db.session.query(Message.text).filter_by(author="customer").all() == [("Hi",)]


@pytest.mark.parametrize("path", ["a%00b", "%00/stream", "%00/panel"])
def test_an_odd_id_is_nobodys_lead(desk: FlaskClient, path: str) -> None:
    assert desk.get(f"/staff/leads/{path}").status_code == 404


@pytest.mark.parametrize("query", ["search=%00", "lead=%00", "after=%00"])
def test_an_odd_query_of_staff_is_refused(desk: FlaskClient, query: str) -> None:
    assert desk.get(f"/staff/?{query}").status_code == 400


@pytest.mark.parametrize("fields", [{"message": "H\0i"}, {"message": "Hi", "client_message_id": "a\0b"}])
def test_an_odd_form_of_staff_is_refused(desk: FlaskClient, lead: Lead, fields: dict[str, str]) -> None:
    assert desk.post(f"/staff/leads/{lead.public_id}/messages", data=fields).status_code == 400


def test_an_odd_address_gets_no_sign_in_link(client: FlaskClient, app: Flask) -> None:
    assert client.post("/staff/sign-in", data={"email": "a\0@b.example"}).status_code == 400


@pytest.mark.parametrize("position", ["9" * 5000, "9" * 5000 + ".1", "²", "\x85", "-1"])
def test_an_odd_place_in_the_feed_is_its_beginning(customer: FlaskClient, lead: Lead, position: str) -> None:
    with customer.get(f"/chat/{lead.public_id}/stream?after={position}", buffered=False) as answer:
        assert answer.status_code == 200
        assert next(iter(answer.response)) == b": here\n\n"
