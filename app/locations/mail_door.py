"""The door by which a company's email comes in: a secret that mail systems show, and a domain for answers."""

import re
import secrets

from app.db import db
from app.locations.models import Company

DOMAIN = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class MailDoorRefused(ValueError):
    """That cannot be a domain for answers; the text says why."""


def open_mail_door(company: Company, reply_domain: str | None = None) -> str:
    """A new secret, as the header that mail is posted with; the old one ends with the commit. Flushes.

    `reply_domain` is where answers go, empty for the sender's own box; None keeps it. Raises MailDoorRefused.
    """
    if reply_domain is not None:
        set_reply_domain(company, reply_domain)
    company.mail_inbound_secret = secrets.token_urlsafe(24)
    db.session.flush()
    return f"Authorization: Bearer {company.id}.{company.mail_inbound_secret}"


def set_reply_domain(company: Company, domain: str) -> None:
    """Where answers go from the next email on. Raises MailDoorRefused."""
    domain = domain.strip().lower()
    if domain and not DOMAIN.fullmatch(domain):
        raise MailDoorRefused("Write a domain, like mail.example.com.")
    company.mail_reply_domain = domain or None
    db.session.flush()
