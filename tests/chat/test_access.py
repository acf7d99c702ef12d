"""Who gets into a conversation, and who does not."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.booking.wording import price_wording
from app.chat.booking_words import duration_wording
from app.chat.models import Message
from app.db import db
from app.leads.links import chat_token
from app.leads.models import Lead, LeadEvent
from app.lib import clock
from app.messaging.models import Delivery
from app.web.links import sign
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def maria(app: Flask) -> Lead:
    lead = make_lead(make_location())
    db.session.commit()
    return lead


@pytest.fixture
def dan(app: Flask) -> Lead:
    lead = make_lead(make_location())
    db.session.commit()
    return lead


def arrive(client: FlaskClient, token: str) -> int:
    return client.get("/session", query_string={"token": token}).status_code


def test_a_link_opens_the_chat_on_any_device(client: FlaskClient, maria: Lead) -> None:
    response = client.get("/session", query_string={"token": chat_token(maria)})
    assert response.status_code == HTTPStatus.SEE_OTHER
    assert response.headers["Location"] == f"/chat/{maria.public_id}"
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert response.headers["Referrer-Policy"] == "no-referrer"
    page = client.get(f"/chat/{maria.public_id}")
    assert page.status_code == HTTPStatus.OK
    assert maria.location.name in page.text
    assert maria.vehicle.name in page.text


@pytest.mark.parametrize("path", ["", "/stream", "/messages", "/catalog"])
def test_without_a_cookie_a_chat_is_401(client: FlaskClient, maria: Lead, path: str) -> None:
    assert client.get(f"/chat/{maria.public_id}{path}").status_code == HTTPStatus.UNAUTHORIZED


def test_a_public_id_alone_opens_nothing(client: FlaskClient, maria: Lead) -> None:
    assert client.get(f"/{maria.public_id}").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("path", ["", "/stream", "/messages", "/catalog"])
def test_somebody_elses_lead_is_404(client: FlaskClient, maria: Lead, dan: Lead, path: str) -> None:
    arrive(client, chat_token(maria))
    assert client.get(f"/chat/{dan.public_id}{path}").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("path", ["/history", "/context", "/stream"])
def test_the_api_refuses_the_same_people(client: FlaskClient, maria: Lead, dan: Lead, path: str) -> None:
    missing = client.get(f"/api/chat/{maria.public_id}{path}")
    assert missing.status_code == HTTPStatus.UNAUTHORIZED
    assert missing.json is not None
    assert missing.json["error"]["code"] == "unauthorized"
    other = client.get(f"/api/chat/{dan.public_id}{path}", headers={"Authorization": f"Bearer {chat_token(maria)}"})
    assert other.status_code == HTTPStatus.NOT_FOUND
    forged = client.get(f"/api/chat/{maria.public_id}{path}", headers={"Authorization": "Bearer nonsense"})
    assert forged.status_code == HTTPStatus.UNAUTHORIZED


def test_a_forged_link_opens_nothing(client: FlaskClient, maria: Lead) -> None:
    token = chat_token(maria)
    assert arrive(client, token[:-2] + "xx") == HTTPStatus.UNAUTHORIZED
    assert arrive(client, "") == HTTPStatus.UNAUTHORIZED
    assert arrive(client, sign("lead-cookie", [maria.public_id, 1])) == HTTPStatus.UNAUTHORIZED


def test_a_revoked_link_opens_nothing_and_neither_does_its_cookie(client: FlaskClient, maria: Lead) -> None:
    token = chat_token(maria)
    arrive(client, token)
    maria.link_generation += 1
    db.session.commit()
    assert arrive(client, token) == HTTPStatus.UNAUTHORIZED
    assert client.get(f"/chat/{maria.public_id}").status_code == HTTPStatus.UNAUTHORIZED
    assert arrive(client, chat_token(maria)) == HTTPStatus.SEE_OTHER


def test_a_link_lives_45_days_from_the_last_send(client: FlaskClient, maria: Lead) -> None:
    began = datetime(2026, 11, 23, 15, tzinfo=UTC)
    clock.use(lambda: began)
    token = chat_token(maria)
    maria.link_sent_at = began + timedelta(days=10)
    db.session.commit()
    clock.use(lambda: began + timedelta(days=54))
    assert arrive(client, token) == HTTPStatus.SEE_OTHER
    clock.use(lambda: began + timedelta(days=56))
    expired = client.get("/session", query_string={"token": token})
    assert expired.status_code == HTTPStatus.UNAUTHORIZED
    assert "/session/fresh-link" in expired.text
    assert client.get(f"/chat/{maria.public_id}").status_code == HTTPStatus.UNAUTHORIZED


def test_a_fresh_link_opens_the_chat_before_its_sender_says_that_it_went_out(client: FlaskClient, maria: Lead) -> None:
    began = datetime(2026, 11, 23, 15, tzinfo=UTC)
    maria.link_sent_at = began
    db.session.commit()
    clock.use(lambda: began + timedelta(days=60))
    assert arrive(client, chat_token(maria)) == HTTPStatus.SEE_OTHER
    assert client.get(f"/chat/{maria.public_id}").status_code == HTTPStatus.OK


def test_an_expired_link_brings_a_fresh_one_three_times_a_day(client: FlaskClient, maria: Lead) -> None:
    token = chat_token(maria)
    maria.link_sent_at = None
    db.session.commit()
    later = clock.now() + timedelta(days=60)
    clock.use(lambda: later)
    for _ in range(5):
        assert client.post("/session/fresh-link", data={"token": token}).status_code == HTTPStatus.OK
    queued = db.session.scalars(select(Delivery).where(Delivery.lead_id == maria.id)).all()
    assert len(queued) == 3
    assert {delivery.recipient for delivery in queued} == {maria.customer.phone}
    client.post("/session/fresh-link", data={"token": token[:-2] + "xx"})
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 3


def test_prefetching_a_link_ten_times_changes_nothing(app: Flask, maria: Lead) -> None:
    def everything() -> tuple[object, ...]:
        db.session.expire_all()
        lead = db.session.get_one(Lead, maria.id)
        counts = [db.session.scalar(select(func.count()).select_from(t)) for t in (Message, LeadEvent, Delivery)]
        return (lead.stage, lead.opened_at, lead.first_engaged_at, lead.link_sent_at, lead.link_generation, *counts)

    before = everything()
    for _ in range(10):
        scanner = app.test_client()
        assert arrive(scanner, chat_token(maria)) == HTTPStatus.SEE_OTHER
        assert scanner.get(f"/chat/{maria.public_id}").status_code == HTTPStatus.OK
        assert scanner.head("/session", query_string={"token": chat_token(maria)}).status_code < 400
    assert everything() == before


def test_a_gesture_marks_the_lead_as_opened_once(client: FlaskClient, maria: Lead) -> None:
    arrive(client, chat_token(maria))
    assert client.post(f"/chat/{maria.public_id}/opening").status_code == HTTPStatus.NO_CONTENT
    db.session.expire_all()
    first = db.session.get_one(Lead, maria.id).opened_at
    assert first is not None
    client.post(f"/chat/{maria.public_id}/opening")
    db.session.expire_all()
    assert db.session.get_one(Lead, maria.id).opened_at == first


def test_a_post_from_another_site_is_refused(client: FlaskClient, maria: Lead) -> None:
    arrive(client, chat_token(maria))
    path = f"/chat/{maria.public_id}/messages"
    sent = client.post(path, data={"message": "Hi"}, headers={"Origin": "https://evil.example"})
    assert sent.status_code == HTTPStatus.FORBIDDEN


def test_the_api_wants_json(client: FlaskClient, maria: Lead) -> None:
    arrive(client, chat_token(maria))
    path = f"/api/chat/{maria.public_id}"
    assert client.post(path, data={"message": "Hi"}).status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    assert client.post(path, data="{", headers=JSON).status_code == HTTPStatus.BAD_REQUEST
    assert client.post(path, json={"message": 5}).status_code == HTTPStatus.BAD_REQUEST
    empty = client.post(path, json={"message": "   "})
    assert empty.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert empty.json is not None
    assert empty.json["error"]["code"] == "message_refused"


def test_context_tells_the_quote_and_the_catalogue(client: FlaskClient, maria: Lead) -> None:
    from app.leads.models import RequestedService
    from tests.factories.catalog import make_service

    service = make_service(maria.location, by_class={"sedan": 39900})
    maria.services = [
        RequestedService(shopmonkey_id="l1", name="Tint", price_cents=35000, canned_service_id=service.shopmonkey_id),
        RequestedService(shopmonkey_id="l2", name="Ceramic", canned_service_id=service.shopmonkey_id, position=1),
    ]
    db.session.commit()
    headers = {"Authorization": f"Bearer {chat_token(maria)}"}
    told = client.get(f"/api/chat/{maria.public_id}/context", headers=headers).json
    assert told is not None
    assert told["lead"]["id"] == maria.public_id
    assert [line["price"]["wording"] for line in told["services"]["requested"]] == ["$350", "$399"]
    assert told["services"]["catalog"][0]["price"]["low_cents"] == 39900


def test_the_catalogue_says_times_and_uncertain_prices_as_a_booking_does(client: FlaskClient, maria: Lead) -> None:
    from tests.factories.catalog import make_service

    service = make_service(maria.location, duration_minutes=90, kind="to_confirm")
    db.session.commit()
    arrive(client, chat_token(maria))
    page = client.get(f"/chat/{maria.public_id}/catalog").text
    with client.application.test_request_context():
        assert duration_wording(90) in page
        assert price_wording(service.price) in page
    assert "about 1 h 30 min" in page
    assert "price to be confirmed" in page
