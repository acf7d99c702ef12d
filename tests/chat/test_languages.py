"""Customers are spoken to in their own language: pages, refusals, the house's own lines, and fresh links."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import chat
from app.chat import holding, words
from app.chat.models import Conversation, Message
from app.db import db
from app.leads.links import chat_token
from app.leads.models import Lead, RequestedService
from app.lib import clock
from app.messaging.models import Delivery
from app.messaging.segments import is_gsm, segments
from tests.factories.accounts import make_staff
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_location

SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}


def lead_speaking(language: str | None, **store: object) -> Lead:
    location = make_location(**store)
    lead = make_lead(location, customer=make_customer(location.company, language=language))
    db.session.commit()
    return lead


def lines(conversation_id: int) -> list[str]:
    query = select(Message.text).where(Message.conversation_id == conversation_id).order_by(Message.seq)
    return list(db.session.scalars(query))


def test_the_chat_page_speaks_the_browsers_language(client: FlaskClient) -> None:
    lead = lead_speaking(None)
    lead.services = [RequestedService(shopmonkey_id="tint", name="Ceramic Tint", price_cents=39900)]
    db.session.commit()
    client.get("/session", query_string={"token": chat_token(lead)}, headers=SPANISH)
    page = client.get(f"/chat/{lead.public_id}", headers=SPANISH).text
    assert '<html lang="es">' in page
    for text in ("Hola, Maria", "Escriba un mensaje", "su cotización", "¿Cuánto costaría?", "Saltar al contenido"):
        assert text in page
    for text in ("Hi Maria", "Write a message", "your quote", "AI assistant"):
        assert text not in page


def test_the_customers_own_language_wins_over_the_browsers(client: FlaskClient) -> None:
    lead = lead_speaking("fr-CA")
    client.get("/session", query_string={"token": chat_token(lead)}, headers=SPANISH)
    page = client.get(f"/chat/{lead.public_id}", headers=SPANISH).text
    assert '<html lang="fr">' in page
    assert "Bonjour Maria" in page


@pytest.mark.parametrize(
    ("language", "wording"), [("es", "Abierto hasta las 6 p.\u00a0m."), ("fr", "Ouvert jusqu’à 18\u00a0h")]
)
def test_opening_hours_read_as_that_language_says_them(client: FlaskClient, language: str, wording: str) -> None:
    lead = lead_speaking(language)
    client.get("/session", query_string={"token": chat_token(lead)})
    clock.use(lambda: datetime(2026, 11, 23, 17, tzinfo=UTC))
    assert wording in client.get(f"/chat/{lead.public_id}").text


def test_a_refused_message_says_why_in_spanish(client: FlaskClient) -> None:
    lead = lead_speaking("es")
    client.get("/session", query_string={"token": chat_token(lead)})
    answer = client.post(f"/chat/{lead.public_id}/messages", data={"message": " "})
    assert answer.status_code == 422
    assert "Primero escriba un mensaje." in answer.text


def test_an_error_page_speaks_the_browsers_language(client: FlaskClient) -> None:
    page = client.get("/nowhere", headers=SPANISH).text
    assert "Aquí no hay nada" in page
    assert "Lo sentimos (404)" in page


def test_a_link_that_nobody_signed_is_refused_in_the_browsers_language(client: FlaskClient) -> None:
    page = client.get("/session", query_string={"token": "x"}, headers=SPANISH).text
    assert "Este enlace ya no funciona" in page


@pytest.mark.parametrize(
    ("language", "sorry", "sent"),
    [
        ("es", "Enviarme un enlace nuevo", "Tint World Coral Springs: su nuevo enlace al chat es http"),
        ("fr", "M’envoyer un nouveau lien", "Tint World Coral Springs : votre nouveau lien de discussion est http"),
    ],
)
def test_an_expired_link_is_renewed_in_the_customers_language(
    client: FlaskClient, language: str, sorry: str, sent: str
) -> None:
    lead = lead_speaking(language)
    token = {"token": chat_token(lead)}
    later = clock.now() + timedelta(days=60)
    clock.use(lambda: later)
    assert sorry in client.get("/session", query_string=token, headers={"Accept-Language": "en"}).text
    client.post("/session/fresh-link", data=token, headers={"Accept-Language": "en"})
    text = db.session.scalars(select(Delivery.text).where(Delivery.lead_id == lead.id)).one()
    assert text.startswith(sent)
    assert is_gsm(text)
    assert segments(text) <= 3


def test_the_house_speaks_the_conversations_language(app: Flask) -> None:
    lead = lead_speaking("es")
    conversation = chat.open_conversation(lead)
    db.session.commit()
    # A Tuesday at noon: the store is open, so nothing is said of when the team is back.
    holding.hand_over(conversation.id, "asked", datetime(2026, 11, 24, 17, tzinfo=UTC))
    holding.take_over(conversation.id, make_staff(lead.location).id, "Sam", clock.now())
    holding.hand_back(conversation.id, "Sam", clock.now())
    assert lines(conversation.id) == [
        "Le pedimos al equipo de la tienda que se una a la conversación.",
        "Sam se unió a la conversación.",
        "Sam salió de la conversación. El asistente vuelve a responder.",
    ]


@pytest.mark.parametrize(
    ("language", "wording"),
    [
        ("es", "También puede llamar al (954) 555-0100."),
        ("fr-CA", "Vous pouvez aussi appeler au (954) 555-0100."),
        ("xx", "You can also call (954) 555-0100."),
        (None, "You can also call (954) 555-0100."),
    ],
)
def test_whoever_cannot_be_answered_is_told_so_in_a_language_that_we_speak(
    app: Flask, language: str | None, wording: str
) -> None:
    assert words.no_answer(language, "Tint World", "(954) 555-0100").endswith(wording)


def test_the_browsers_language_becomes_the_conversations_with_the_first_message(live_app: Flask) -> None:
    lead = make_lead(make_location())
    db.session.commit()
    client = live_app.test_client()
    client.get("/session", query_string={"token": chat_token(lead)})
    for browser in ("es-MX,es", "fr"):
        client.post(
            f"/chat/{lead.public_id}/messages",
            data={"message": "Hola", "client_message_id": browser},
            headers={"Accept-Language": browser},
        )
    db.session.rollback()
    assert db.session.scalar(select(Conversation.language).where(Conversation.lead_id == lead.id)) == "es"
