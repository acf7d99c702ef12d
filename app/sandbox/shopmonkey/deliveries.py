"""The stand-in's webhooks: signed, sent from a thread of their own, retried as ShopMonkey's Go helper does."""

import json
import logging
import random
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any

import requests

from app.shopmonkey import sign

log = logging.getLogger(__name__)

ATTEMPTS = 4
WITHIN = 55.0
PATIENCE = 10.0
RETRIED = (408, 429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One change, signed once; every attempt repeats the same body and signature."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Policy:
    """How long a delivery is tried. `pause_scale` shortens the pauses where a test has no minute to spare."""

    attempts: int = ATTEMPTS
    within: float = WITHIN
    pause_scale: float = 1.0


USUAL = Policy()


def delivery(
    url: str,
    secret: str,
    table: str,
    operation: str,
    row: dict[str, Any],
    style: str = "v1-base64",
    diff: list[str] | None = None,
) -> Delivery:
    """The delivery that tells of that row, signed in the style that `sign` names; only updates carry a `diff`."""
    told: dict[str, Any] = {"apiVersion": "3", "operation": operation, "table": table, "data": row}
    if operation == "UPDATE":
        told["diff"] = diff or ["updatedDate"]
    body = json.dumps(told, separators=(",", ":")).encode()
    # The world's time, not the demo's: the receiver compares it with its own.
    delivery_id, seconds = f"wh_{uuid.uuid4().hex}", int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Shopmonkey (+https://shopmonkey.io)",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(seconds),
        "webhook-version": "3",
        "webhook-signature": sign(secret, delivery_id, seconds, body, style),
    }
    return Delivery(url, body, headers)


def send_in_background(sent: Delivery) -> threading.Thread:
    """Send without keeping the caller waiting."""
    thread = threading.Thread(target=send, args=(sent,), name="shopmonkey-webhook", daemon=True)
    thread.start()
    return thread


def send(sent: Delivery, policy: Policy = USUAL) -> bool:
    """Send with at most four attempts in 55 s; 500 and other 4xx are final. Returns whether it was taken."""
    deadline = time.monotonic() + policy.within
    for attempt in range(1, policy.attempts + 1):
        status, asked_wait = _attempt(sent, attempt)
        if status is not None and 200 <= status < 300:
            return True
        log.warning("webhook %s attempt %s: %s", sent.headers["webhook-id"], attempt, status or "no connection")
        backoff = min(10.0, 0.05 * 4**attempt * random.uniform(0.5, 1.5))  # noqa: S311
        pause = (asked_wait or backoff) * policy.pause_scale
        if (status is not None and status not in RETRIED) or time.monotonic() + pause > deadline:
            return False
        time.sleep(pause if attempt < policy.attempts else 0)
    return False


def _attempt(sent: Delivery, attempt: int) -> tuple[int | None, float | None]:
    headers = {**sent.headers, "X-Attempt": str(attempt), "X-Request-Id": str(uuid.uuid4())}
    try:
        answer = requests.post(sent.url, data=sent.body, headers=headers, timeout=PATIENCE, allow_redirects=False)
    except requests.RequestException:
        return None, None
    asked = answer.headers.get("Retry-After", "")
    return answer.status_code, float(asked) if asked.isdigit() else None
