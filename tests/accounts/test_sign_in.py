from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import AuditEntry, SignIn
from app.accounts.sign_in import MOST_OPEN_LINKS, sign_in_url
from app.db import db
from app.lib import clock
from app.messaging.models import Delivery
from app.web.limits import limiter
from tests.factories.accounts import make_staff, sign_in
from tests.factories.locations import make_location

SIGN_IN = "/staff/sign-in"


@pytest.fixture(autouse=True)
def _counters_from_zero(app):
    limiter.reset()


@pytest.fixture
def ana(app):
    return make_staff(make_location(), email="ana@example.com")


def ask(client, email):
    return client.post(SIGN_IN, data={"email": email})


def mails():
    return list(db.session.scalars(select(Delivery).where(Delivery.purpose == "staff").order_by(Delivery.id)))


def link_in(mail):
    return next(word for word in mail.text.split() if "/staff/sign-in/" in word)


def is_signed_in(client):
    return client.get("/staff/").status_code == 200


def test_the_mailed_link_signs_in_by_its_button(client, ana):
    ask(client, "ana@example.com")
    link = link_in(mails()[0])
    page = client.get(link)
    assert 'method="post"' in page.text
    assert not is_signed_in(client)
    response = client.post(link)
    assert (response.status_code, response.location) == (303, "/staff/")
    assert is_signed_in(client)


def test_opening_the_link_ten_times_uses_nothing_up(client, ana):
    link = sign_in_url(ana)
    db.session.commit()
    for _ in range(10):
        client.get(link)
        client.head(link)
    assert client.post(link).status_code == 303


def test_a_link_works_once(client, app, ana):
    link = sign_in_url(ana)
    db.session.commit()
    assert client.post(link).status_code == 303
    second = app.test_client()
    assert second.post(link).status_code == 410
    assert second.get(link).status_code == 410
    assert not is_signed_in(second)


def test_a_link_dies_after_fifteen_minutes(client, ana):
    link = sign_in_url(ana)
    db.session.commit()
    late = clock.now() + timedelta(minutes=15)
    clock.use(lambda: late)
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert not is_signed_in(client)


@pytest.mark.parametrize("nonce", ["x", "A" * 43, "%00", "../sign-in"])
def test_a_forged_link_opens_nothing(client, ana, nonce):
    response = client.post(f"{SIGN_IN}/{nonce}")
    assert response.status_code in (404, 405, 410)
    assert not is_signed_in(client)


def test_a_closed_account_gets_no_link_and_its_links_die(client, ana):
    link = sign_in_url(ana)
    ana.active = False
    db.session.commit()
    ask(client, "ana@example.com")
    assert mails() == []
    assert client.post(link).status_code == 410


def test_the_answer_does_not_tell_whether_an_account_exists(client, ana):
    known, unknown = ask(client, "ana@example.com"), ask(client, "eve@example.com")
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("ana@example.com", "") == unknown.text.replace("eve@example.com", "")
    assert [mail.recipient for mail in mails()] == ["ana@example.com"]


def test_the_address_may_be_written_in_any_case(client, ana):
    ask(client, "  Ana@Example.COM ")
    assert len(mails()) == 1


def test_no_more_than_five_links_are_open_at_once(client, ana):
    for _ in range(MOST_OPEN_LINKS + 2):
        assert ask(client, "ana@example.com").status_code == 200
    assert len(mails()) == MOST_OPEN_LINKS
    limiter.reset()
    later = clock.now() + timedelta(minutes=16)
    clock.use(lambda: later)
    ask(client, "ana@example.com")
    assert len(mails()) == MOST_OPEN_LINKS + 1


def test_one_address_cannot_ask_without_end(client, app):
    answers = [ask(client, f"guess{number}@example.com").status_code for number in range(11)]
    assert answers == [200] * 10 + [429]


def test_only_the_hash_of_the_nonce_is_kept(client, ana):
    nonce = sign_in_url(ana).rsplit("/", 1)[1]
    kept = db.session.scalar(select(SignIn.nonce_hash))
    assert nonce not in kept
    assert len(kept) == 64


def test_signing_in_leads_to_the_page_that_was_asked_for(client, ana):
    client.get("/staff/leads/Nothing12345?x=1")
    link = sign_in_url(ana)
    db.session.commit()
    assert client.post(link).location == "/staff/leads/Nothing12345?x=1"


def test_a_form_on_another_site_cannot_sign_a_browser_in(client, ana):
    link = sign_in_url(ana)
    db.session.commit()
    response = client.post(link, headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert not is_signed_in(client)


def test_signing_in_is_audited(client, ana):
    sign_in(client, ana)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.staff_user_id, entry.action) == (ana.id, "signed in")


def test_an_odd_address_is_sent_back_with_a_word(client):
    response = ask(client, "not an address")
    assert response.status_code == 422
    assert "not an email address" in response.text
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_the_log_does_not_keep_what_signs_in(client, ana, caplog, capsys):
    link = sign_in_url(ana)
    db.session.commit()
    with caplog.at_level("INFO"):
        client.get(link)
    nonce = link.rsplit("/", 1)[1]
    assert nonce not in capsys.readouterr().err
    told = [record.told["path"] for record in caplog.records if record.name == "access"]
    assert told == ["/staff/sign-in/…"]
