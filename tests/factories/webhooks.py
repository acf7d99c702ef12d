"""ShopMonkey's deliveries, signed as ShopMonkey signs them."""

import json
import time
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import db
from app.shopmonkey import sign
from app.webhooks.models import WebhookEvent

SECRET = "a-webhook-secret-for-tests"
_numbers = count(1)


def body_for(account: str, order_id: str = "o1", **given: Any) -> bytes:
    """An order's INSERT; `version` sets data.meta.version, `data` adds to the row."""
    version, more = given.pop("version", 1), given.pop("data", {})
    row = {"id": order_id, "companyId": account, "meta": {"version": version}, **more}
    return json.dumps({"apiVersion": "3", "operation": "INSERT", "table": "order", "data": row, **given}).encode()


def headers_for(body: bytes, secret: str = SECRET, style: str = "v1-base64", **given: Any) -> dict[str, str]:
    delivery, at = given.pop("delivery", f"wh_{next(_numbers)}"), given.pop("at", int(time.time()))
    return {
        "Content-Type": "application/json",
        "User-Agent": "Shopmonkey (+https://shopmonkey.io)",
        "X-Attempt": "1",
        "X-Request-Id": f"request-{delivery}",
        "webhook-id": delivery,
        "webhook-timestamp": str(at),
        "webhook-version": "3",
        "webhook-signature": sign(secret, delivery, at, body, style),
        **given,
    }


def deliver(client: FlaskClient, body: bytes, **given: Any) -> TestResponse:
    """Post the body as ShopMonkey would."""
    return client.post("/webhooks/shopmonkey", data=body, headers=headers_for(body, **given))


def make_event(account: str, object_id: str = "o1", **given: Any) -> WebhookEvent:
    """A stored delivery, due now."""
    event = WebhookEvent(
        **{
            "source": "shopmonkey",
            "delivery_id": f"wh_{next(_numbers)}",
            "account": account,
            "object_table": "order",
            "object_id": object_id,
            "operation": "INSERT",
            "version": f"v{next(_numbers)}",
            "payload": {},
            "next_attempt_at": db.func.now(),
            **given,
        }
    )
    db.session.add(event)
    db.session.commit()
    return event
