"""Twilio's doors: the texts that people send us, and what became of ours. Both only verify and store."""

import logging
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, current_app, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.messaging.twilio_signature import TwilioAccount, signed_form, signed_json
from app.ops.metrics import WEBHOOKS
from app.webhooks.arrival import Delivery, Garbage
from app.webhooks.intake import store
from app.webhooks.twilio_arrival import inbound_of, status_of

LARGEST = 64 * 1024
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

blueprint = Blueprint("twilio_webhooks", __name__, url_prefix="/webhooks/twilio")
log = logging.getLogger(__name__)


class NotTwilio(Exception):
    """The request does not prove to come from our account; the text says why, for the log."""


@blueprint.post("/inbound")
def inbound() -> Response:
    """Keep the text, and answer nothing: what is said goes out by the fence."""
    return _take(inbound_of, NOTHING_TO_SAY, "text/xml")


@blueprint.post("/status")
def status() -> Response:
    """Keep what became of a text of ours."""
    public_id = request.args.get("delivery", "")
    return _take(lambda fields: status_of(fields, public_id), "", "text/plain")


def _take(read: Callable[[Mapping[str, str]], Delivery], content: str, mimetype: str) -> Response:
    request.max_content_length = LARGEST
    try:
        new = store("twilio", read(_proven_fields()), None)
    except NotTwilio as error:
        return _refuse(403, "bad_signature", str(error))
    except (Garbage, ValueError) as error:
        return _refuse(400, "garbage", str(error))
    except (DBAPIError, PoolTimeoutError) as error:
        WEBHOOKS.labels("twilio", "not_stored").inc()
        log.error("webhook from twilio could not be stored: %s", type(error).__name__)
        return Response("", 503, headers={"Retry-After": "2"})
    WEBHOOKS.labels("twilio", "stored" if new else "repeated").inc()
    return Response(content, 200, mimetype=mimetype)


def _proven_fields() -> Mapping[str, str]:
    """The request's fields, once its signature and account are ours. Raises NotTwilio, Garbage."""
    account: TwilioAccount | None = current_app.extensions["twilio_account"]
    if account is None:
        raise NotTwilio("Twilio is not set up")
    signature = request.headers.get("X-Twilio-Signature", "")
    fields: Mapping[str, str]
    if request.mimetype == "application/json":
        body = request.get_data()
        if not signed_json(account, _address_called(), body, signature):
            raise NotTwilio("the signature does not fit")
        fields = _texts(request.get_json(silent=True))
    else:
        if not signed_form(account, _address_called(), request.form, signature):
            raise NotTwilio("the signature does not fit")
        fields = request.form.to_dict()
    if fields.get("AccountSid") != account.sid:
        raise NotTwilio("another account")
    return fields


def _address_called() -> str:
    """The address as Twilio signed it: our own, whatever Host a proxy passed on, and the query as it was sent."""
    query = request.query_string.decode("latin-1")
    address = f"{current_app.config['SETTINGS'].public_url}{request.path}"
    return f"{address}?{query}" if query else address


def _texts(body: object) -> Mapping[str, str]:
    if not isinstance(body, dict):
        raise Garbage("the body is not an object")
    return {str(name): str(value) for name, value in body.items() if isinstance(value, str | int)}


def _refuse(code: int, outcome: str, why: str) -> Response:
    WEBHOOKS.labels("twilio", outcome).inc()
    log.warning("webhook from twilio refused, %s: %s", code, why)
    return Response("", code)
