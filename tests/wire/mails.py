"""Emails as mail programs and mail systems write them."""

from email import policy
from email.message import EmailMessage
from itertools import count

_numbers = count(1)


def make_mail(text: str = "How much for the SUV?", *, html: str | None = None, **headers: str) -> bytes:
    """An email of Maria's; `headers` with underscores for hyphens replace or add to the usual ones."""
    mail = EmailMessage(policy=policy.SMTP)
    usual = {
        "From": "Maria Alvarez <maria@example.com>",
        "To": "hello@tint.example.com",
        "Subject": "Re: your quote request",
        "Message-ID": f"<mail-{next(_numbers)}@example.com>",
    }
    for name, value in {**usual, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        mail[name] = value
    if text:
        mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html") if text else mail.set_content(html, subtype="html")
    return mail.as_bytes()


def make_bounce(message_id: str, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery status notification (RFC 3464) about the mail with that Message-ID."""
    fields = f"Final-Recipient: rfc822; maria@example.com\nAction: {action}\nStatus: {status}\n"
    report = f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n{fields}"
    return _report("delivery-status", report, message_id, "Mail Delivery System <mailer-daemon@mx.example.com>")


def make_complaint(message_id: str, kind: str = "abuse") -> bytes:
    """A feedback report (RFC 5965) about the mail with that Message-ID."""
    fields = f"Feedback-Type: {kind}\nVersion: 1\nOriginal-Rcpt-To: <maria@example.com>\n"
    report = f"Content-Type: message/feedback-report\n\n{fields}"
    return _report("feedback-report", report, message_id, "feedback@isp.example.com")


def _report(kind: str, report: str, message_id: str, sender: str) -> bytes:
    ours = f"From: hello@tint.example.com\nTo: maria@example.com\nMessage-ID: {message_id}\n\nHi Maria"
    parts = ("Content-Type: text/plain\n\nSee below.", report, f"Content-Type: message/rfc822\n\n{ours}")
    head = f"From: {sender}\nTo: hello@tint.example.com\nSubject: About your mail\n"
    head += f"Message-ID: <report-{next(_numbers)}@mx.example.com>\nMIME-Version: 1.0\n"
    head += f'Content-Type: multipart/report; report-type={kind}; boundary="part"\n\n'
    body = "".join(f"--part\n{part}\n" for part in parts)
    return f"{head}{body}--part--\n".replace("\n", "\r\n").encode()
