"""The mail system's doors: raw email that came in, and the one-click end of email (RFC 8058)."""

import base64
import hashlib
import hmac
import logging

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app import messaging
from app.db import db
from app.lib import clock
from app.locations.models import Company
from app.messaging.unsubscribe import named_by
from app.ops.metrics import WEBHOOKS
from app.web.limits import limiter
from app.webhooks.arrival import Delivery
from app.webhooks.intake import store

# Photos of a car come by mail. Mail systems themselves rarely take more than 25 MB.
LARGEST = 15 * 1024 * 1024
SOURCE = "unsubscribe link"

blueprint = Blueprint("email_webhooks", __name__, url_prefix="/webhooks/email")
log = logging.getLogger(__name__)


@blueprint.post("/inbound")
def inbound() -> Response:
    """Keep the raw message (RFC 5322) of the company whose secret the request carries; the worker reads it."""
    request.max_content_length = LARGEST
    company_id = _proven_company()
    if company_id is None:
        return _refuse(401, "bad_secret", "no company's secret")
    raw = request.get_data(cache=False)
    if b":" not in raw[:4096]:
        return _refuse(400, "garbage", "the body is no email")
    try:
        new = store("email", _delivery(company_id, raw), company_id)
    except (DBAPIError, PoolTimeoutError) as error:
        WEBHOOKS.labels("email", "not_stored").inc()
        log.error("an email could not be stored: %s", type(error).__name__)
        return Response("", 503, headers={"Retry-After": "2"})
    WEBHOOKS.labels("email", "stored" if new else "repeated").inc()
    return Response("", 200, mimetype="text/plain")


@blueprint.get("/unsubscribe")
@limiter.limit("120/minute")
def show_unsubscribe() -> ResponseReturnValue:
    """The page with the button. Opening it changes nothing: mail scanners open every link."""
    return _page("asked")


@blueprint.post("/unsubscribe")
@limiter.limit("120/minute")
def unsubscribe() -> ResponseReturnValue:
    """End email to this mailbox at once, for a mail program's one click and for the button alike."""
    named = named_by(request.args.get("token", ""))
    if named is None:
        return _page("unknown")
    company_id, address = named
    if messaging.may_send(company_id, "email", address, asked=True) is None:
        messaging.record_consent(
            company_id=company_id, channel="email", address=address, kind="opt_out", source=SOURCE, at=clock.now()
        )
        db.session.commit()
    return _page("done")


def _page(state: str) -> ResponseReturnValue:
    token = request.args.get("token", "")
    named = named_by(token)
    company = db.session.get(Company, named[0]) if named else None
    if named is None or company is None:
        return render_template("webhooks/unsubscribe.html", state="unknown"), 404
    return render_template(
        "webhooks/unsubscribe.html", state=state, company=company.name, address=named[1], token=token
    )


def _proven_company() -> int | None:
    """The company in `Authorization: Bearer <company id>.<secret>`, or in Basic with both as user and password."""
    given = request.authorization
    if given is None:
        return None
    if given.type == "basic":
        number, secret = given.username or "", given.password or ""
    else:
        number, _, secret = (given.token or "").partition(".")
    company = (
        db.session.get(Company, int(number)) if number.isascii() and number.isdecimal() and len(number) < 18 else None
    )
    known = company.mail_inbound_secret if company else None
    # Compared even where there is nothing to compare with: the time it takes tells nobody which companies there are.
    same = hmac.compare_digest(
        hashlib.sha256((known or "").encode()).digest(), hashlib.sha256(secret.encode()).digest()
    )
    return company.id if company and known and same else None


def _delivery(company_id: int, raw: bytes) -> Delivery:
    digest = hashlib.sha256(raw).hexdigest()
    return Delivery(
        delivery_id=f"{company_id}:{digest}",
        account=str(company_id),
        object_table="inbound",
        object_id=digest,
        operation="received",
        version="-",
        payload={"raw": base64.b64encode(raw).decode()},
        request_id=None,
    )


def _refuse(code: int, outcome: str, why: str) -> Response:
    WEBHOOKS.labels("email", outcome).inc()
    log.warning("an email was refused, %s: %s", code, why)
    return Response("", code)
