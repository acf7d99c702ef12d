"""What Twilio posts to us, signed as it signs."""

from collections.abc import Mapping
from itertools import count

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.messaging.twilio_signature import TwilioAccount
from tests.wire.twilio_server import ACCOUNT, TOKEN, signed

PUBLIC = "http://localhost"
_numbers = count(1)


def use_account(app: Flask) -> None:
    """Let `app` take what this account's Twilio says."""
    app.extensions["twilio_account"] = TwilioAccount(ACCOUNT, TOKEN)


def text_form(body: str, **given: str) -> dict[str, str]:
    """The form of a text that somebody sends to the store's number."""
    sid = f"SM{next(_numbers):032x}"
    number = {"From": "+19545550101", "To": "+19545550100"}
    return {"MessageSid": sid, "AccountSid": ACCOUNT, **number, "Body": body, "NumMedia": "0", **given}


def call(client: FlaskClient, path: str, form: Mapping[str, str], *, query: str = "", **given: object) -> TestResponse:
    """Post the form to `/webhooks/twilio/<path>` with its signature; `headers` add to it or replace it."""
    url = f"{PUBLIC}/webhooks/twilio/{path}{'?' + query if query else ''}"
    headers = {**signed(url, dict(form)), **given.pop("headers", {})}  # type: ignore[arg-type]
    return client.post(f"/webhooks/twilio/{path}?{query}" if query else f"/webhooks/twilio/{path}",
                       data=form, headers=headers, **given)  # fmt: skip
