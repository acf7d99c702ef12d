"""The sandbox's page: what a first visitor does, and that it exists nowhere else."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from app import messaging
from app.config import ConfigError
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.locations.models import Location
from app.messaging.port import Outgoing, TransportError
from app.sandbox import SandboxEmail, SandboxSms, carrier, refuse_with_live_store
from app.sandbox.outbox import newest
from app.sandbox.screens import parts
from app.sandbox.shopmonkey import orders
from app.sandbox.tables import objects, session

LINK = "http://127.0.0.1:9/session?token=abc"
ORIGIN = {"Origin": "http://localhost"}
FRAGMENT = {**ORIGIN, "HX-Request": "true"}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """The orders whose webhook was fired."""
    found: list[dict] = []
    monkeypatch.setattr(orders, "send_in_background", lambda sent: found.append(sent))
    return found


def text(public_id: str, words: str = f"Hi Sofia, see {LINK}. Reply STOP to opt out") -> Outgoing:
    return Outgoing(public_id=public_id, sender=None, recipient="+19545550111", text=words)


def orders_kept() -> int:
    with session() as opened:
        return opened.scalar(select(func.count()).where(objects.c.kind == "order")) or 0


def test_without_the_sandbox_there_is_no_such_page(client: FlaskClient) -> None:
    for path in ("/sandbox/", "/sandbox/screens", "/sandbox/shopmonkey/v3/order"):
        assert client.get(path).status_code == 404, path
    assert client.post("/sandbox/orders", data={"example": "sofia"}).status_code in (403, 404)


def test_the_page_shows_customers_clock_staff_and_leads(visitor: FlaskClient) -> None:
    page = visitor.get("/sandbox/").text
    for words in (
        "Sofia Reyes",
        "Lucía Fernández",
        "Email only",
        "Tint World Boulder",
        "Morgan Hayes",
        "Maria Alvarez",
    ):
        assert words in page
    assert page.count("/session?token=") >= 6
    assert 'target="_blank"' in page


def test_one_press_places_an_order_and_fires_its_webhook(visitor: FlaskClient, told: list) -> None:
    before = orders_kept()
    answer = visitor.post("/sandbox/orders", data={"example": "owen"}, headers=ORIGIN)
    assert answer.status_code == 303
    assert orders_kept() == before + 1
    assert told[0].url == "http://127.0.0.1:9/webhooks/shopmonkey"
    assert b'"operation":"INSERT"' in told[0].body
    assert "Owen Clark" in visitor.post("/sandbox/orders", data={"example": "owen"}, headers=FRAGMENT).text


def test_another_customer_can_be_typed_in(visitor: FlaskClient, told: list) -> None:
    typed = {
        "first_name": "Nora", "phone": "(303) 555-0188", "store": "boulder", "year": "2020", "make": "Kia",
        "type": "suv", "services": ["led-headlight-upgrade", "full-detail"],
    }  # fmt: skip
    assert visitor.post("/sandbox/orders", data=typed, headers=ORIGIN).status_code == 303
    assert b"New Quote Lighting" in told[0].body


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({"store": "boulder"}, "A phone number or an email"),
        ({"store": "boulder", "phone": "123"}, "not a phone number"),
        ({"store": "boulder", "email": "nobody"}, "not an email"),
        ({"store": "boulder", "email": "a@b.example", "year": "soon"}, "four digits"),
        ({"store": "boulder", "email": "a@b.example", "year": "²"}, "four digits"),
    ],
)
def test_what_cannot_be_reached_is_asked_for_again(
    visitor: FlaskClient, told: list, typed: dict[str, str], complaint: str
) -> None:
    for headers in (FRAGMENT, ORIGIN):
        answer = visitor.post("/sandbox/orders", data={"first_name": "Nora", **typed}, headers=headers)
        assert answer.status_code == 422
        assert complaint in answer.text
        assert 'value="Nora"' in answer.text
    assert told == []


def test_a_text_appears_on_the_phone_with_a_link_that_opens_in_a_new_tab(visitor: FlaskClient) -> None:
    SandboxSms().send(text("text-1"))
    screen = visitor.get("/sandbox/screens?version=0").text
    assert re.search(rf'<a href="{re.escape(LINK)}" target="_blank"', screen)
    assert "Reply STOP" in screen


def test_an_unchanged_screen_is_not_sent_again(visitor: FlaskClient) -> None:
    SandboxSms().send(text("text-2"))
    assert visitor.get(f"/sandbox/screens?version={newest()}").status_code == 204
    SandboxSms().send(text("text-3"))
    assert visitor.get(f"/sandbox/screens?version={newest() - 1}").status_code == 200


def test_an_email_can_be_opened_and_its_markup_stays_text(visitor: FlaskClient) -> None:
    words = f"<script>alert(1)</script> {LINK}"
    mail = Outgoing("mail-1", None, "sofia@example.com", words, subject="Your quote <b>", html="<p>x</p>")
    SandboxEmail().send(mail)
    shown = visitor.get(f"/sandbox/?mail={newest()}").text
    assert "<script>alert" not in shown
    assert "Your quote &lt;b&gt;" in shown
    assert f'href="{LINK}"' in shown


def test_the_phone_of_the_chosen_person_stays_in_view(visitor: FlaskClient) -> None:
    SandboxSms().send(text("text-4"))
    SandboxSms().send(Outgoing("text-5", None, "+13035550199", "For somebody else"))
    assert "For somebody else" not in visitor.get("/sandbox/screens?phone=%2B19545550111").text
    assert "For somebody else" in visitor.get("/sandbox/screens").text


def test_the_providers_remember_what_they_took(sandbox: Flask) -> None:
    sent = SandboxSms().send(text("text-6", "x" * 200))
    assert sent.segments == 2
    assert SandboxSms().find(text("text-6"), datetime.now(UTC)).provider_id == sent.provider_id
    assert SandboxSms().find(text("never"), datetime.now(UTC)) is None
    with pytest.raises(TransportError) as refused:
        SandboxEmail().send(text("text-7"))
    assert refused.value.permanent


def test_pieces_of_a_text_join_to_the_text() -> None:
    words = f"See {LINK}, or ({LINK})."
    assert "".join(piece for piece, _ in parts(words)) == words
    assert [piece for piece, is_link in parts(words) if is_link] == [LINK, LINK]


def test_the_clock_can_be_set_in_a_stores_time_and_put_back(visitor: FlaskClient) -> None:
    visitor.post("/sandbox/clock", data={"to": "23:00", "store": "boulder"}, headers=ORIGIN)
    page = visitor.get("/sandbox/").text
    assert "11:00 PM" in page
    assert "texts wait until" in page
    visitor.post("/sandbox/clock", data={"to": "texting"}, headers=ORIGIN)
    assert "texts wait until" not in visitor.get("/sandbox/").text
    visitor.post("/sandbox/clock", data={"to": "at", "at": "2027-01-05T10:00", "store": "boulder"}, headers=ORIGIN)
    assert abs(clock.now() - datetime(2027, 1, 5, 17, 0, tzinfo=UTC)) < timedelta(seconds=5)
    assert visitor.post("/sandbox/clock", data={"to": "at", "at": "noon"}, headers=ORIGIN).status_code == 400
    visitor.post("/sandbox/clock", data={"to": "now"}, headers=ORIGIN)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_one_tap_leads_to_the_staff_sign_in_of_that_person(visitor: FlaskClient) -> None:
    actions = re.findall(r'action="(/sandbox/sign-in/\d+)"', visitor.get("/sandbox/").text)
    assert len(actions) == 3
    answer = visitor.post(actions[0], headers=ORIGIN)
    assert answer.status_code == 303
    assert visitor.get(answer.location).status_code == 200
    assert visitor.post("/sandbox/sign-in/999999", headers=ORIGIN).status_code == 404


def test_a_live_store_refuses_the_sandbox(sandbox: Flask) -> None:
    refuse_with_live_store()
    db.session.execute(update(Location).values(live=True))
    with pytest.raises(ConfigError, match="live"):
        refuse_with_live_store()
    db.session.rollback()


@pytest.fixture
def posted(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """What the sandbox's carrier and mailbox would post."""
    found: list[tuple] = []
    monkeypatch.setattr(carrier, "_in_background", lambda *given: found.append(given))
    return found


def test_the_phone_answers_through_the_product_s_own_door(visitor: FlaskClient, posted: list) -> None:
    SandboxSms().send(text("text-10"))
    assert [url.partition("?")[0].rpartition("/")[2] for url, *_ in posted] == ["status", "status"]
    posted.clear()
    answer = visitor.post("/sandbox/texts", data={"phone": "+19545550111", "text": "STOP"}, headers=FRAGMENT)
    assert answer.status_code == 200
    assert "sms--mine" in answer.text
    url, form, headers, _ = posted[0]
    assert (form["Body"], form["From"]) == ("STOP", "+19545550111")
    assert visitor.post(url.removeprefix("http://127.0.0.1:9"), data=form, headers=headers).status_code == 200
    assert visitor.post("/sandbox/texts", data={"phone": "+19545550111"}, headers=ORIGIN).status_code == 422


def test_the_phone_names_the_store_although_its_person_wrote_last(visitor: FlaskClient, posted: list) -> None:
    lead = db.session.scalars(select(Lead).limit(1)).unique().one()
    delivery = messaging.queue(
        company_id=lead.company_id, location_id=lead.location_id, lead_id=lead.id, channel="sms", purpose="answer",
        recipient="+19545550111", text="We open at nine", dedupe_key="phone-answer",
    )  # fmt: skip
    SandboxSms().send(text(delivery.public_id))
    db.session.commit()
    answer = visitor.post("/sandbox/texts", data={"phone": "+19545550111", "text": "Thanks"}, headers=FRAGMENT)
    bar = answer.text.partition('<header class="phone__bar">')[2].partition("</header>")[0]
    assert lead.location.name in bar


def test_the_mailbox_answers_a_mail_of_the_product(visitor: FlaskClient, sandbox: Flask, posted: list) -> None:
    lead = db.session.scalars(select(Lead).limit(1)).unique().one()
    delivery = messaging.queue(
        company_id=lead.company_id, location_id=lead.location_id, lead_id=lead.id, channel="email", purpose="answer",
        recipient="priya@example.com", subject="Your quote", text="Hi Priya", dedupe_key="mailbox-answer",
    )  # fmt: skip
    outgoing = Outgoing(delivery.public_id, None, "priya@example.com", "Hi Priya", subject="Your quote")
    delivery.provider_id = SandboxEmail().send(outgoing).provider_id
    db.session.commit()
    answer = visitor.post(f"/sandbox/mails/{newest()}/answer", data={"text": "Yes please"}, headers=ORIGIN)
    assert answer.status_code == 303
    url, raw, headers, _ = posted[0]
    assert b"Yes please" in raw
    assert visitor.post(url.removeprefix("http://127.0.0.1:9"), data=raw, headers=headers).status_code == 200
    assert visitor.post("/sandbox/mails/999999/answer", data={"text": "Hi"}, headers=ORIGIN).status_code == 404
