from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.jobs import send_staff_mail
from app.accounts.sign_in import request_sign_in
from app.db import db
from app.lib import clock
from app.messaging.models import Delivery
from app.messaging.port import Sent
from app.messaging.transports import Transports
from tests.factories.accounts import make_staff
from tests.factories.locations import make_location


class Mailbox:
    """Keeps what it is given; as far as the house knows, real people read it."""

    name = "mailbox"
    reaches_people = True
    can_ask = False

    def __init__(self):
        self.mails = []

    def send(self, outgoing):
        self.mails.append(outgoing)
        return Sent(provider_id=f"mail-{len(self.mails)}")


@pytest.fixture
def mailbox(app, monkeypatch):
    box = Mailbox()
    monkeypatch.setitem(app.extensions, "messaging", Transports(email=box))
    return box


@pytest.fixture
def asked(app):
    staff = make_staff(make_location(), email="ana@example.com")
    request_sign_in("ana@example.com", clock.now())
    db.session.commit()
    return staff


def test_the_mail_goes_out_once_though_no_store_is_live(asked, mailbox):
    send_staff_mail()
    send_staff_mail()
    assert [mail.recipient for mail in mailbox.mails] == ["ana@example.com"]
    assert "/staff/sign-in/" in mailbox.mails[0].text
    assert "/staff/sign-in/" in mailbox.mails[0].html


def test_a_mail_whose_link_has_expired_is_not_sent(asked, mailbox):
    delivery = db.session.scalars(select(Delivery)).one()
    delivery.created_at -= timedelta(minutes=20)
    db.session.commit()
    send_staff_mail()
    assert mailbox.mails == []
    assert (delivery.status, delivery.reason) == ("not_sent", "The sign-in link in it has expired")
