"""`flask mail inbound`."""

from app.db import db
from app.locations.models import Company
from tests.factories.locations import make_company


def run(app, *words: str):
    return app.test_cli_runner().invoke(args=["mail", "inbound", *words])


def test_it_prints_the_secret_that_lets_mail_in_and_keeps_it_encrypted(app, client):
    company = make_company(name="Tint World")
    printed = run(app, "--reply-domain", "mail.example.com")
    assert printed.exit_code == 0
    header = printed.output.splitlines()[-1].partition(": ")[2]
    mail = client.post("/webhooks/email/inbound", data=b"From: a@b.co\r\n\r\nHi", headers={"Authorization": header})
    assert mail.status_code == 200
    stored = db.session.execute(db.text("SELECT mail_inbound_secret FROM companies")).scalar_one()
    assert header.partition(".")[2].encode() not in bytes(stored)
    assert db.session.get_one(Company, company.id).mail_reply_domain == "mail.example.com"


def test_it_asks_which_company_and_refuses_what_is_no_domain(app):
    assert "found: none" in run(app).output
    make_company(name="One")
    make_company(name="Two")
    assert run(app).exit_code != 0
    assert run(app, "--company", "Two").exit_code == 0
    assert run(app, "--company", "Two", "--reply-domain", "a@b").exit_code != 0
