"""Opening the door for answers, on the screen."""

import re

import pytest

from app.db import db
from app.locations.models import Company
from tests.factories.accounts import make_staff, sign_in

MAIL = b"From: a@b.co\r\n\r\nHi"


@pytest.fixture
def frances(app, cast):
    return sign_in(app.test_client(), make_staff(cast.store, "franchise_admin"))


def company_of(cast) -> Company:
    db.session.rollback()
    return db.session.get_one(Company, cast.store.company_id, populate_existing=True)


def arrives(client, header: str) -> int:
    return client.post("/webhooks/email/inbound", data=MAIL, headers={"Authorization": header}).status_code


def test_the_secret_that_lets_mail_in_is_shown_once_and_ends_the_one_before(frances, client, cast):
    assert "Not set up" in frances.get("/staff/incoming").text
    headers = [
        re.search(r"Authorization: (Bearer [\w.-]+)", frances.post("/staff/incoming/secret").text)[1] for _ in range(2)
    ]
    assert [arrives(client, header) for header in headers] == [401, 200]
    assert headers[1] not in frances.get("/staff/incoming").text


def test_answers_go_to_a_domain_of_its_own_once_one_is_named(frances, cast):
    assert frances.post("/staff/incoming/reply-domain", data={"reply_domain": " Mail.Example.com "}).status_code == 303
    assert company_of(cast).mail_reply_domain == "mail.example.com"
    refused = frances.post("/staff/incoming/reply-domain", data={"reply_domain": "a@b"})
    assert refused.status_code == 422
    assert "Write a domain" in refused.text
    assert company_of(cast).mail_reply_domain == "mail.example.com"
    frances.post("/staff/incoming/reply-domain", data={"reply_domain": ""})
    assert company_of(cast).mail_reply_domain is None


def test_what_twilio_answers_by_itself_is_told(frances):
    page = frances.get("/staff/incoming").text
    assert "we send nothing on START" in page
    assert "/webhooks/twilio/inbound" in page


@pytest.mark.parametrize("role", ["advisor", "store_manager"])
def test_only_franchise_admins_open_doors(app, cast, role):
    other = sign_in(app.test_client(), make_staff(cast.store, role))
    assert other.get("/staff/incoming").status_code == 403
    assert other.post("/staff/incoming/secret").status_code == 403
