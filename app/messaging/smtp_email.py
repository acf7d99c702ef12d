"""Email through any SMTP server (RFC 5321)."""

import contextlib
import re
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import parse_qs, unquote, urlsplit

from app.lib import clock
from app.messaging.port import Outgoing, Sent, TransportError

TIMEOUT_SECONDS = 20
ENHANCED = re.compile(r"[45]\.\d{1,3}\.\d{1,3}\b")
METHOD = re.compile(r"^METHOD:(\w+)", re.MULTILINE)
# A folded List-Unsubscribe address becomes encoded words, which no mail client opens; 7bit needs no server extension.
POLICY = policy.SMTP.clone(max_line_length=998, cte_type="7bit")


@dataclass(frozen=True)
class SmtpAddress:
    """Where the mail server is and how to speak to it."""

    host: str
    port: int
    tls: bool
    starttls: bool
    user: str | None
    password: str | None

    @classmethod
    def parse(cls, url: str) -> "SmtpAddress":
        """Read `smtp[s]://user:pass@host:port?starttls=1`. Raises ValueError when it is something else."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("SMTP_URL must look like smtp[s]://user:pass@host:port?starttls=1")
        tls = parts.scheme == "smtps"
        starttls = parse_qs(parts.query).get("starttls", ["0"])[0].lower() in ("1", "true", "yes")
        port = parts.port or (465 if tls else 587 if starttls else 25)
        user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
        return cls(parts.hostname, port, tls, starttls, user, password)


class SmtpEmail:
    """Hands multipart mail to one SMTP server, one connection a message."""

    name = "smtp"
    reaches_people = True
    can_ask = False

    def __init__(self, url: str, mail_from: str) -> None:
        self._server = SmtpAddress.parse(url)
        self._mail_from = mail_from

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand one email over. Raises TransportError: unknown when the line broke after DATA had begun."""
        try:
            message = compose(outgoing, self._mail_from, clock.now())
        except ValueError as error:
            raise TransportError(f"no mail can be written: {error}", permanent=True, code="compose") from error
        envelope_from = parseaddr(message["From"])[1]
        with self._session(_domain(envelope_from)) as session:
            _expect(session.mail(envelope_from), "the sender")
            _expect(session.rcpt(outgoing.recipient), "the recipient")
            _transfer(session, message.as_bytes())
        return Sent(message["Message-ID"])

    def find(self, outgoing: Outgoing, since: datetime) -> Sent | None:
        """SMTP cannot be asked afterwards."""
        return None

    @contextlib.contextmanager
    def _session(self, own_name: str) -> Iterator[smtplib.SMTP]:
        server = self._server
        try:
            session = self._connect(own_name)
        except (OSError, smtplib.SMTPException) as error:
            raise TransportError(f"{server.host} could not be reached", code=_code(error)) from error
        try:
            if server.starttls:
                session.starttls(context=ssl.create_default_context())
            if server.user:
                session.login(server.user, server.password or "")
            session.ehlo_or_helo_if_needed()
            yield session
        except (OSError, smtplib.SMTPException) as error:
            # Every step before DATA: nothing has been handed over yet.
            raise TransportError(f"{server.host} broke off before the message", code=_code(error)) from error
        finally:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                session.quit()
            session.close()

    def _connect(self, own_name: str) -> smtplib.SMTP:
        server = self._server
        if server.tls:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, own_name, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(server.host, server.port, own_name, timeout=TIMEOUT_SECONDS)


def compose(outgoing: Outgoing, mail_from: str, now: datetime) -> EmailMessage:
    """The message as it goes over the wire, with a Message-ID made from the delivery's id.

    Raises ValueError where an address or header cannot be written in ASCII, or holds a line break.
    """
    if not outgoing.recipient.isascii():
        raise ValueError("the address is not ASCII")
    message = EmailMessage(policy=POLICY)
    sender = outgoing.sender or mail_from
    message["From"] = sender
    message["To"] = outgoing.recipient
    message["Subject"] = outgoing.subject or ""
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{outgoing.public_id}@{_domain(parseaddr(sender)[1])}>"
    for name, value in outgoing.headers.items():
        message[name] = value
    message.set_content(outgoing.text)
    if outgoing.html:
        message.add_alternative(outgoing.html, subtype="html")
    if outgoing.calendar:
        _add_calendar(message, outgoing.calendar)
    return message


def _add_calendar(message: EmailMessage, calendar: str) -> None:
    """As RFC 6047 has it, for programs that read invitations; and as a file for those that only open files."""
    method = METHOD.search(calendar)
    said = {"method": method.group(1)} if method else {}
    message.add_alternative(calendar, subtype="calendar", params=said)
    file = calendar.encode()
    message.add_attachment(
        file, maintype="application", subtype="ics", filename="visit.ics", params={"name": "visit.ics"}
    )


def _transfer(session: smtplib.SMTP, content: bytes) -> None:
    try:
        answer = session.data(content)
    except smtplib.SMTPDataError as error:
        # DATA itself was refused: not one line of the message went over.
        raise _refusal(error.smtp_code, error.smtp_error, "the message") from error
    except (OSError, smtplib.SMTPException) as error:
        raise TransportError("the connection broke while the message was handed over", unknown=True) from error
    _expect(answer, "the message")


def _expect(answer: tuple[int, bytes], what: str) -> None:
    code, text = answer
    if not 200 <= code < 300:
        raise _refusal(code, text, what)


def _refusal(code: int, text: bytes | str, what: str) -> TransportError:
    """A 5xx is for good, a 4xx for now (RFC 5321, 4.2.1); anything else is a line that closed on us."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    # What the reply says beyond the number, where it does (RFC 2034).
    said = ENHANCED.match(words)
    status = said.group() if said else str(code)
    return TransportError(f"{what} was refused: {code} {words}", permanent=500 <= code < 600, code=status)


def _code(error: Exception) -> str:
    return str(getattr(error, "smtp_code", type(error).__name__))


def _domain(address: str) -> str:
    return address.rpartition("@")[2] or "localhost"
