"""Twilio's doors: who is let in, and what is kept."""

import hashlib
import json

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app.db import db
from app.messaging.twilio_signature import TwilioAccount, signed_form
from app.webhooks.models import WebhookEvent
from tests.wire.twilio_calls import PUBLIC, call, text_form, use_account
from tests.wire.twilio_server import ACCOUNT, TOKEN, signed


@pytest.fixture
def client(app):
    before = app.extensions["twilio_account"]
    use_account(app)
    yield app.test_client()
    app.extensions["twilio_account"] = before


def stored() -> int:
    return db.session.scalar(select(func.count()).select_from(WebhookEvent))


def status_form(**given: str) -> dict[str, str]:
    return {"MessageSid": "SM1", "MessageStatus": "delivered", "AccountSid": ACCOUNT, "To": "+19545550101", **given}


def test_a_text_is_kept_whole_and_answered_with_nothing_to_say(client):
    form = text_form("¿Cuánto cuesta? 👍", FromZip="33071")
    answer = call(client, "inbound", form)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert answer.text.endswith("<Response/>")
    event = db.session.scalars(select(WebhookEvent)).one()
    assert (event.source, event.object_table, event.object_id) == ("twilio", "inbound", form["MessageSid"])
    assert event.payload["Body"] == "¿Cuánto cuesta? 👍"
    assert event.status == "new"


def test_twilio_s_retry_of_a_text_is_kept_once(client):
    form = text_form("Hi")
    assert [call(client, "inbound", form).status_code for _ in range(3)] == [200] * 3
    assert stored() == 1


def test_every_status_is_kept_and_a_replayed_one_once(client):
    for status in ("delivered", "sent", "queued", "sent"):
        assert call(client, "status", status_form(MessageStatus=status), query="delivery=abc_-1").status_code == 200
    assert stored() == 3
    assert db.session.scalars(select(WebhookEvent)).first().payload["delivery"] == "abc_-1"


@pytest.mark.parametrize(
    "query",
    [
        "delivery=a-b_c",
        "delivery=a&x=%C3%A9",
        "u=https%3A%2F%2Fx.example%2Fy&delivery=1",
        "delivery=a+b%20c",
        "d=%2F&e=",
    ],
)
def test_the_query_is_signed_as_it_was_sent(client, query):
    assert call(client, "status", status_form(), query=query).status_code == 200


def test_behind_a_proxy_our_own_address_counts_not_the_one_that_was_passed_on(client):
    passed_on = {"Host": "10.0.0.7:8000", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "elsewhere.example"}
    assert call(client, "inbound", text_form("Hi"), headers=passed_on).status_code == 200


def test_what_is_not_signed_by_our_account_is_refused(client):
    form = text_form("Hi")
    url = f"{PUBLIC}/webhooks/twilio/inbound"
    for headers in (
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "AAAA"},
        signed(url, form, "another-token"),
        signed(url, {**form, "Body": "Hi!"}),
        signed(url.replace("inbound", "status"), form),
        signed("http://evil.example/webhooks/twilio/inbound", form),
    ):
        assert call(client, "inbound", form, headers=headers).status_code == 403
    other = text_form("Hi", AccountSid="AC" + "b" * 32)
    assert call(client, "inbound", other).status_code == 403
    assert stored() == 0


def test_an_address_signed_for_a_json_body_proves_no_form(client):
    query = f"bodySHA256={hashlib.sha256(b'').hexdigest()}"
    url = f"{PUBLIC}/webhooks/twilio/status?{query}"
    headers = signed(url, {})
    assert not signed_form(TwilioAccount(ACCOUNT, TOKEN), url, MultiDict(), headers["X-Twilio-Signature"])
    assert call(client, "status", status_form(), query=query, headers=headers).status_code == 403
    assert stored() == 0


def post_json(client, body: bytes, hashed: bytes | None):
    query = f"delivery=abc&bodySHA256={hashlib.sha256(hashed).hexdigest()}" if hashed is not None else "delivery=abc"
    headers = signed(f"{PUBLIC}/webhooks/twilio/status?{query}", {})
    return client.post(
        f"/webhooks/twilio/status?{query}", data=body, headers=headers, content_type="application/json"
    ).status_code


def test_a_json_body_is_taken_by_its_hash(client):
    body = json.dumps(status_form()).encode()
    assert post_json(client, body, body) == 200
    assert post_json(client, body.replace(b"delivered", b"failed   "), body) == 403
    assert post_json(client, body, None) == 403
    assert post_json(client, b"\xff\xfe", b"\xff\xfe") == 403
    assert post_json(client, b"[]", b"[]") == 400
    assert stored() == 1


def test_what_lacks_its_ids_is_refused_and_odd_characters_are_kept_out(client):
    assert call(client, "inbound", text_form("Hi", MessageSid="")).status_code == 400
    assert call(client, "inbound", {"AccountSid": ACCOUNT}).status_code == 400
    assert call(client, "status", status_form(MessageStatus="x" * 300)).status_code == 400
    assert stored() == 0
    assert call(client, "inbound", text_form("a\x00b")).status_code == 200
    assert db.session.scalars(select(WebhookEvent)).one().payload["Body"] == "ab"


def test_a_flood_of_words_is_refused(client):
    assert call(client, "inbound", text_form("x" * 100_000)).status_code == 413


def test_without_twilio_nobody_is_let_in(client, app):
    app.extensions["twilio_account"] = None
    assert call(client, "inbound", text_form("Hi")).status_code == 403
