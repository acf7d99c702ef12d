"""What a raw email says: an answer, an automatic one, a bounce or a complaint. Pure.

Automatic answers by RFC 3834 and what mail programs write beside it, bounces by RFC 3464, complaints by RFC 5965.
"""

import re
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import getaddresses, parseaddr

from app.messaging.mail_headers import ids_in, line_of, recipients_of
from app.messaging.mail_reports import Mail, bounce_in, complaint_in
from app.messaging.mail_text import answer_in, text_of

AUTOMATIC_SUBJECT = re.compile(
    r"\s*(?:out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?reply|auto:|autoreply|vacation|away from|"
    r"respuesta autom[aá]tica|fuera de (?:la )?oficina|r[ée]ponse automatique|absence|absent du bureau)",
    re.IGNORECASE,
)
ROBOTS = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+.=-].*)?@", re.IGNORECASE)


def read_mail(raw: bytes) -> Mail | None:
    """The email in these bytes (RFC 5322); None where they are none: no sender at all."""
    try:
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return _read(message)
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, IndexError):
        # The parser keeps odd mail for later and stumbles over it only when a header is read.
        return _read_leniently(raw)


def _read_leniently(raw: bytes) -> Mail | None:
    message = message_from_bytes(raw, policy=policy.compat32)
    sender = parseaddr(str(message.get("From", "")))[1]
    if "@" not in sender:
        return None
    payload = next((part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()), b"")
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    ids = ids_in(message, "In-Reply-To", "References")
    to = tuple(address for _, address in getaddresses([str(message.get("To", ""))]))
    message_id = (ids_in(message, "Message-ID") or ("",))[0]
    return Mail("answer", message_id, sender, to, line_of(message, "Subject"), answer_in(text), ids)


def _read(message: EmailMessage) -> Mail | None:
    sender = parseaddr(str(message.get("From", "")))[1].lower()
    report = str(message.get_param("report-type", "") or "").lower()
    if message.get_content_type() == "multipart/report" and report == "delivery-status":
        return bounce_in(message, sender)
    if message.get_content_type() == "multipart/report" and report == "feedback-report":
        return complaint_in(message, sender)
    if "@" not in sender:
        return None
    return Mail(
        kind="automatic" if _is_automatic(message, sender) else "answer",
        message_id=(ids_in(message, "Message-ID") or ("",))[0],
        sender=sender,
        recipients=recipients_of(message),
        subject=line_of(message, "Subject"),
        text=answer_in(text_of(message)),
        about=ids_in(message, "In-Reply-To", "References"),
    )


def _is_automatic(message: Message, sender: str) -> bool:
    stated = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        stated not in ("", "no")
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or any(name in message for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id"))
        or str(message.get("Return-Path", "")).strip() == "<>"
        or bool(ROBOTS.match(sender))
        or bool(AUTOMATIC_SUBJECT.match(line_of(message, "Subject")))
    )
