"""The signature of ShopMonkey's webhooks (shopmonkey.dev/webhooks: header names and seconds since the epoch).

Their page on the algorithm could not be read. Known receivers, ShopMonkey's own Mini Apps and the Standard Webhooks
specification agree on HMAC-SHA256 over `id.timestamp.body`, and differ in encoding and key: each form needs the
secret, so all are taken.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Protocol

TOLERANCE = 300
PREFIXES = ("v1,", "v1=")


class Headers(Protocol):
    """A request's headers, or a plain dict of them in lower case."""

    def get(self, key: str, default: str, /) -> str: ...


class SignatureError(Exception):
    """The delivery is not proven to be ShopMonkey's; `reason` says why, without secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def verify(secret: str, headers: Headers, raw_body: bytes, now: float, tolerance: int = TOLERANCE) -> None:
    """Return when one of the header's signatures is right and its time within `tolerance` seconds of `now`.

    Raises SignatureError when not, and when no secret is set.
    """
    if not secret:
        raise SignatureError("no secret is set")
    delivery, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = _given(headers.get("webhook-signature", ""))
    if not (delivery and timestamp and given):
        raise SignatureError("a signature header is missing")
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise SignatureError("the timestamp is not a number of seconds")
    if abs(now - int(timestamp)) > tolerance:
        raise SignatureError("the timestamp is too far from now")
    if not _matches(_expected(secret, delivery, timestamp, raw_body), given):
        raise SignatureError("no signature matches")


def sign(secret: str, delivery_id: str, timestamp: int, body: bytes, style: str = "v1-base64") -> str:
    """The `webhook-signature` header of a delivery, as `verify` takes it.

    Styles: v1-base64, v1-hex, base64, hex; with `whsec-` before it the key is the secret's decoded part.
    """
    encoding = style.removeprefix("whsec-")
    key = _decoded(secret) if style.startswith("whsec-") else secret.encode()
    digest = _digest(key, delivery_id, str(timestamp), body)
    written = digest.hex() if encoding.endswith("hex") else base64.b64encode(digest).decode()
    return f"v1,{written}" if encoding.startswith("v1-") else written


def _given(header: str) -> list[bytes]:
    parts = header.split()
    for prefix in PREFIXES:
        parts = [part.removeprefix(prefix) for part in parts]
    return [part.encode() for part in parts if part]


def _expected(secret: str, delivery: str, timestamp: str, body: bytes) -> list[bytes]:
    keys = [secret.encode()]
    if secret.startswith("whsec_"):
        keys.append(_decoded(secret))
    digests = [_digest(key, delivery, timestamp, body) for key in keys if key]
    return [written for digest in digests for written in (base64.b64encode(digest), digest.hex().encode())]


def _matches(expected: list[bytes], given: list[bytes]) -> bool:
    # No early end: the time taken tells nothing about which form or signature was near.
    found = False
    for right in expected:
        for one in given:
            found |= hmac.compare_digest(right, one)
    return found


def _digest(key: bytes, delivery: str, timestamp: str, body: bytes) -> bytes:
    return hmac.new(key, f"{delivery}.{timestamp}.".encode() + body, hashlib.sha256).digest()


def _decoded(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return b""
