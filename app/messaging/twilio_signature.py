"""Whether a request really comes from our Twilio account (https://www.twilio.com/docs/usage/webhooks/webhooks-security)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.datastructures import MultiDict

BODY_HASH = "bodySHA256"


@dataclass(frozen=True)
class TwilioAccount:
    """Whose requests are taken, and the token they are signed with. Twilio signs with the primary token only."""

    sid: str
    auth_token: str


def signed_form(account: TwilioAccount, url: str, form: MultiDict[str, str], signature: str) -> bool:
    """Whether the form was signed for `url`, which is the address as Twilio called it, its query as it was sent."""
    # Such an address is signed for a JSON body: without this, it would prove an empty form, whatever the body is.
    if BODY_HASH in parse_qs(urlsplit(url).query):
        return False
    return bool(_validator(account).validate(url, form, signature))


def signed_json(account: TwilioAccount, url: str, body: bytes, signature: str) -> bool:
    """Whether the JSON body was signed: its hash stands in the address, and the address is signed."""
    # Without the hash the validator raises TypeError for a text.
    if BODY_HASH not in parse_qs(urlsplit(url).query):
        return False
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    return bool(_validator(account).validate(url, text, signature))


def sign(account: TwilioAccount, url: str, form: Mapping[str, str]) -> str:
    """The signature that Twilio would send with this form."""
    return str(_validator(account).compute_signature(url, dict(form)))


def _validator(account: TwilioAccount) -> Any:
    # The SDK takes a second to load: a process without Twilio need not wait for it.
    from twilio.request_validator import RequestValidator

    return RequestValidator(account.auth_token)
