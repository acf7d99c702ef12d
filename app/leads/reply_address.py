"""The address that answers to a lead's email go to: it names the lead, and only we can write one.

The local part has at most 64 characters (RFC 5321, 4.5.3.1.1), and some mail systems change its case: so the signature
is shortened to 80 bits, and all of it is written in base 32.
"""

import base64
import binascii
import hashlib
import hmac
from email.utils import parseaddr

from flask import current_app
from itsdangerous import Signer

from app.leads.models import Lead
from app.locations.senders import mail_sender

SALT = "reply-address"
SIGNED_BYTES = 10
LONGEST_LOCAL_PART = 64
USUAL_NAME = "reply"


def reply_address(lead: Lead) -> str | None:
    """Where an answer by email reaches this lead's conversation; None where no email comes in to us."""
    company = lead.location.company
    if not company.mail_inbound_secret:
        return None
    token = _token(lead.public_id, current_app.config["SETTINGS"].secret_key[0])
    if company.mail_reply_domain:
        return f"{USUAL_NAME}+{token}@{company.mail_reply_domain}"
    name, _, domain = parseaddr(mail_sender(lead.location) or "")[1].rpartition("@")
    if not domain:
        return None
    return f"{name if len(name) + 1 + len(token) <= LONGEST_LOCAL_PART else USUAL_NAME}+{token}@{domain}"


def lead_named_by(address: str) -> str | None:
    """The public id of the lead that an address of ours names; None for any other address."""
    token = address.rpartition("@")[0].rpartition("+")[2].lower()
    encoded, _, _ = token.partition("-")
    try:
        public_id = _decoded(encoded).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    keys = current_app.config["SETTINGS"].secret_key
    genuine = [hmac.compare_digest(_token(public_id, key), token) for key in keys]
    return public_id if any(genuine) else None


def _token(public_id: str, key: str) -> str:
    signer = Signer(key, salt=SALT, digest_method=hashlib.sha256)
    whole = signer.get_signature(public_id)
    signature = base64.urlsafe_b64decode(whole + b"=" * (-len(whole) % 4))
    return f"{_encoded(public_id.encode())}-{_encoded(signature[:SIGNED_BYTES])}"


def _encoded(value: bytes) -> str:
    return base64.b32encode(value).decode().rstrip("=").lower()


def _decoded(text: str) -> bytes:
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
