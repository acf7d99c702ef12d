"""SMTP over the wire, against aiosmtpd."""

import email
import email.policy
import socket
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from app.messaging.port import Outgoing, TransportError
from app.messaging.smtp_email import SmtpAddress, SmtpEmail


class Mailbox:
    """Keeps what arrives; answers RCPT and the end of DATA as told. `drop` closes the line instead of answering."""

    def __init__(self) -> None:
        self.rcpt = "250 OK"
        self.data = "250 OK"
        self.drop = False
        self.mails: list = []
        self.raw: list[bytes] = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.raw.append(envelope.content)
        self.mails.append((envelope, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        if self.drop:
            server.transport.abort()
        return self.data


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def smtp_url(mailbox: Mailbox) -> Iterator[str]:
    with serving(mailbox) as url:
        yield url


def serving(mailbox: Mailbox, **given: object):
    from contextlib import contextmanager

    @contextmanager
    def run() -> Iterator[str]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(mailbox, hostname="127.0.0.1", port=port, **given)
        controller.start()
        try:
            yield f"smtp://127.0.0.1:{port}"
        finally:
            controller.stop()

    return run()


def message(**given: object) -> Outgoing:
    return Outgoing(
        **{
            "public_id": "Abc-1",
            "sender": "Tint World Coral Springs <hello@tint.example.com>",
            "recipient": "maria@example.com",
            "subject": "Your quote",
            "text": "Plain words: José, 5 €",
            "html": "<p>Rich words</p>",
            **given,
        }
    )


def test_both_forms_arrive_under_the_stores_name_with_an_id_made_from_the_delivery(smtp_url, mailbox):
    sent = SmtpEmail(smtp_url, "fallback@example.com").send(message())
    envelope, mail = mailbox.mails[0]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("hello@tint.example.com", ["maria@example.com"])
    assert mail["From"] == "Tint World Coral Springs <hello@tint.example.com>"
    assert (mail["To"], mail["Subject"]) == ("maria@example.com", "Your quote")
    assert mail["Message-ID"] == sent.provider_id == "<Abc-1@tint.example.com>"
    assert mail["Date"]
    assert mail.get_body(("plain",)).get_content().strip() == "Plain words: José, 5 €"
    assert mail.get_body(("html",)).get_content().strip() == "<p>Rich words</p>"


def test_without_a_sender_it_comes_from_the_houses_mailbox(smtp_url, mailbox):
    SmtpEmail(smtp_url, "Leads <fallback@example.com>").send(message(sender=None))
    assert mailbox.mails[0][0].mail_from == "fallback@example.com"


def test_a_long_header_address_is_not_folded_into_encoded_words(smtp_url, mailbox):
    address = f"<https://leads.example.com/webhooks/email/unsubscribe?token={'x' * 300}>"
    SmtpEmail(smtp_url, "a@example.com").send(message(headers={"List-Unsubscribe": address}))
    assert f"List-Unsubscribe: {address}\r\n".encode() in mailbox.raw[0]


def test_a_text_with_very_long_lines_and_a_lone_dot_arrives_whole(smtp_url, mailbox):
    text = "word " * 900 + "\n.\nend\n"
    SmtpEmail(smtp_url, "a@example.com").send(message(text=text, html=None))
    assert mailbox.mails[0][1].get_content().replace("\r\n", "\n") == text


@pytest.mark.parametrize(
    ("place", "answer", "permanent", "code"),
    [
        ("rcpt", "550 no such user", True, "550"),
        ("rcpt", "550 5.1.1 no such user", True, "5.1.1"),
        ("rcpt", "451 greylisted", False, "451"),
        ("data", "554 spam", True, "554"),
        ("data", "452 4.3.1 full", False, "4.3.1"),
    ],
)
def test_a_refusal_is_for_good_or_for_now_and_never_unknown(smtp_url, mailbox, place, answer, permanent, code):
    setattr(mailbox, place, answer)
    with pytest.raises(TransportError) as caught:
        SmtpEmail(smtp_url, "a@example.com").send(message())
    assert (caught.value.permanent, caught.value.unknown) == (permanent, False)
    assert caught.value.code == code


def test_a_line_that_drops_after_the_message_is_unknown(smtp_url, mailbox):
    mailbox.drop = True
    with pytest.raises(TransportError) as caught:
        SmtpEmail(smtp_url, "a@example.com").send(message())
    assert caught.value.unknown
    assert len(mailbox.mails) == 1


def test_a_server_that_is_not_there_took_nothing():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(TransportError) as caught:
        SmtpEmail(f"smtp://127.0.0.1:{port}", "a@example.com").send(message())
    assert (caught.value.permanent, caught.value.unknown) == (False, False)


@pytest.mark.parametrize("recipient", ["mária@example.com", "a@example.com\nBcc: b@example.com"])
def test_an_address_that_no_header_can_hold_is_refused_before_anything_is_sent(smtp_url, mailbox, recipient):
    with pytest.raises(TransportError) as caught:
        SmtpEmail(smtp_url, "a@example.com").send(message(recipient=recipient))
    assert caught.value.permanent
    assert mailbox.mails == []


def test_it_signs_in_with_the_addresss_user_and_password(mailbox):
    seen = []

    def check(server, session, envelope, mechanism, data) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=True)

    options: dict[str, Callable | bool] = {"authenticator": check, "auth_require_tls": False}
    with serving(mailbox, **options) as url:
        SmtpEmail(url.replace("smtp://", "smtp://user%40x:p%3Aw@"), "a@example.com").send(message())
    assert seen[-1] == (b"user@x", b"p:w")
    assert len(mailbox.mails) == 1


def test_a_server_without_the_encryption_we_ask_for_gets_no_message(smtp_url, mailbox):
    with pytest.raises(TransportError) as caught:
        SmtpEmail(f"{smtp_url}?starttls=1", "a@example.com").send(message())
    assert not caught.value.unknown
    assert mailbox.mails == []


@pytest.mark.parametrize(
    ("url", "port", "tls", "starttls"),
    [
        ("smtps://u:p@mail.example.com", 465, True, False),
        ("smtp://u:p@mail.example.com?starttls=1", 587, False, True),
        ("smtp://mail.example.com", 25, False, False),
        ("smtp://mail.example.com:2525?starttls=yes", 2525, False, True),
    ],
)
def test_the_address_says_how_to_speak(url, port, tls, starttls):
    parsed = SmtpAddress.parse(url)
    assert (parsed.host, parsed.port, parsed.tls, parsed.starttls) == ("mail.example.com", port, tls, starttls)


@pytest.mark.parametrize("url", ["mail.example.com:25", "http://mail.example.com", "smtp://"])
def test_another_kind_of_address_is_refused(url):
    with pytest.raises(ValueError, match="SMTP_URL"):
        SmtpAddress.parse(url)
