"""What mail systems report: bounces (RFC 3464) and complaints (RFC 5965). Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Literal

from app.messaging.mail_headers import ids_in, line_of, recipients_of

STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
Kind = Literal["answer", "automatic", "bounce", "complaint"]


@dataclass(frozen=True)
class Mail:
    """One email that came in. `text` is what its sender wrote above what they quote.

    `about` are the Message-IDs it answers or reports on, the nearest first. A bounce is `lasting` where the mailbox
    will not take mail later either; `code` is its status (RFC 3463).
    """

    kind: Kind
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    about: tuple[str, ...] = ()
    lasting: bool = False
    code: str | None = None
    failed_recipient: str | None = None


def bounce_in(message: EmailMessage, sender: str) -> Mail:
    fields = list(_fields(message, "message/delivery-status"))
    action = next((str(one["Action"]).strip().lower() for one in fields if one["Action"]), "")
    code = next(
        (found[0] for one in fields if (found := re.findall(r"[245]\.\d{1,3}\.\d{1,3}", str(one["Status"] or "")))),
        None,
    )
    to = next(
        (str(one["Final-Recipient"]).rpartition(";")[2].strip() for one in fields if one["Final-Recipient"]), None
    )
    lasting = action == "failed" and (code or "5").startswith("5") and not _is_full(code)
    return Mail(
        "bounce" if action in ("failed", "delayed", "") else "automatic",
        (ids_in(message, "Message-ID") or ("",))[0], sender, recipients_of(message), line_of(message, "Subject"), "",
        returned_ids(message), lasting=lasting, code=code, failed_recipient=to,
    )  # fmt: skip


def complaint_in(message: EmailMessage, sender: str) -> Mail:
    fields = list(_fields(message, "message/feedback-report"))
    to = _first(fields, "Original-Rcpt-To").strip("<> ") or None
    kind: Kind = "automatic" if _first(fields, "Feedback-Type").lower() == "not-spam" else "complaint"
    message_id = (ids_in(message, "Message-ID") or ("",))[0]
    return Mail(
        kind, message_id, sender, recipients_of(message), line_of(message, "Subject"), "", returned_ids(message),
        failed_recipient=to,
    )  # fmt: skip


def _first(groups: Sequence[Message], name: str) -> str:
    return next((str(group[name]).strip() for group in groups if group[name]), "")


def _is_full(code: str | None) -> bool:
    """A full mailbox, or a message too large, says nothing about the address."""
    return code in ("5.2.2", "5.2.3", "5.3.4", "5.7.1")


def _fields(message: EmailMessage, content_type: str) -> Iterator[Message]:
    """The groups of fields in the report's machine-readable part."""
    for part in message.walk():
        if part.get_content_type() != content_type:
            continue
        payload = part.get_payload()
        if isinstance(payload, list):
            yield from (one for one in payload if isinstance(one, Message))
        else:
            yield message_from_bytes(part.get_payload(decode=True) or b"", policy=policy.compat32)  # type: ignore[arg-type]


def returned_ids(message: EmailMessage) -> tuple[str, ...]:
    """The Message-IDs of ours that the report brings back."""
    for part in message.walk():
        payload = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(payload, list):
            return ids_in(payload[0], "Message-ID")  # type: ignore[arg-type]
        if part.get_content_type() == "text/rfc822-headers":
            raw = part.get_payload(decode=True)
            return ids_in(message_from_bytes(raw if isinstance(raw, bytes) else b""), "Message-ID")
    return ids_in(message, "In-Reply-To", "References")
