"""The mail system's doors."""

import base64

import pytest
from sqlalchemy import func, select

from app.db import db
from app.messaging import may_send
from app.messaging.models import Consent
from app.messaging.unsubscribe import unsubscribe_url
from app.webhooks.models import WebhookEvent
from tests.factories.locations import make_company
from tests.wire.mails import make_mail


@pytest.fixture
def company(app):
    return make_company(mail_inbound_secret="a-secret")


def stored() -> int:
    return db.session.scalar(select(func.count()).select_from(WebhookEvent))


def bearer(company, secret="a-secret"):
    return {"Authorization": f"Bearer {company.id}.{secret}"}


def post(client, raw, headers):
    return client.post("/webhooks/email/inbound", data=raw, headers=headers, content_type="message/rfc822").status_code


def test_a_mail_is_kept_as_it_came_once(client, company):
    raw = make_mail("Olá 👋")
    assert [post(client, raw, bearer(company)) for _ in range(2)] == [200, 200]
    event = db.session.scalars(select(WebhookEvent)).one()
    assert base64.b64decode(event.payload["raw"]) == raw
    assert (event.source, event.account, event.company_id) == ("email", str(company.id), company.id)


def test_basic_credentials_in_the_address_do_as_well(client, company):
    pair = base64.b64encode(f"{company.id}:a-secret".encode()).decode()
    assert post(client, make_mail(), {"Authorization": f"Basic {pair}"}) == 200


def test_without_the_company_s_secret_nobody_is_let_in(client, company):
    other = make_company()
    for headers in (
        {},
        bearer(company, "another"),
        bearer(company, ""),
        bearer(other, ""),
        bearer(other),
        {"Authorization": "Bearer a-secret"},
        {"Authorization": f"Bearer ².{company.id}"},
        {"Authorization": f"Bearer {'9' * 30}.a-secret"},
        {"Authorization": "Basic !!!"},
    ):
        assert post(client, make_mail(), headers) == 401
    assert stored() == 0


def test_what_is_no_mail_or_too_large_is_refused(client, company, monkeypatch):
    assert post(client, b"", bearer(company)) == 400
    assert post(client, b"hello", bearer(company)) == 400
    monkeypatch.setattr("app.webhooks.email_routes.LARGEST", 1000)
    assert post(client, make_mail("x" * 2000), bearer(company)) == 413
    assert stored() == 0


def path_of(company, address="maria@example.com"):
    return unsubscribe_url(company.id, address).removeprefix("http://localhost")


def test_opening_the_unsubscribe_address_changes_nothing(client, company):
    for _ in range(2):
        page = client.get(path_of(company))
        assert page.status_code == 200
        assert "maria@example.com" in page.text
        assert client.head(path_of(company)).status_code == 200
    assert db.session.scalar(select(func.count()).select_from(Consent)) == 0


def test_one_click_ends_email_at_once_without_cookie_or_origin(client, company):
    headers = {"Origin": "null", "Sec-Fetch-Site": "cross-site"}
    answer = client.post(path_of(company), data={"List-Unsubscribe": "One-Click"}, headers=headers)
    assert answer.status_code == 200
    assert may_send(company.id, "email", "Maria@example.com", asked=True) is not None
    assert may_send(make_company().id, "email", "maria@example.com", asked=True) is None
    client.post(path_of(company))
    assert db.session.scalar(select(func.count()).select_from(Consent)) == 1, "twice is once"


def test_a_forged_unsubscribe_address_does_nothing(client, company):
    assert client.get("/webhooks/email/unsubscribe").status_code == 404
    assert client.post(path_of(company)[:-2] + "xx").status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Consent)) == 0
