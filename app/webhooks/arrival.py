"""What a ShopMonkey delivery says, read from its body and headers. Pure.

The body has no id and no time of its own (shopmonkey.dev/webhooks): those come from the headers and the row.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from app.shopmonkey.signature import Headers

VERSION = "3"
LONGEST = 200
# Of a row of ShopMonkey's, what is kept.
KEPT = ("id", "companyId", "locationId", "number")
# Far deeper than any object of theirs, far below what JSON writers refuse.
DEEPEST = 100
# PostgreSQL's jsonb cannot hold U+0000. An even number of backslashes before it means that it is really an escape.
NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


class Garbage(ValueError):
    """The body is not a delivery; the message says what is wrong with it."""


@dataclass(frozen=True)
class Delivery:
    """One delivery, as it will be stored. `parked` says why it is only kept and not acted on."""

    delivery_id: str
    account: str
    object_table: str
    object_id: str
    operation: str
    version: str
    payload: dict[str, Any]
    request_id: str | None
    parked: str | None = None


def body_of(raw: bytes) -> dict[str, Any]:
    """The JSON object in the body; raises Garbage."""
    try:
        body = orjson.loads(NUL.sub(rb"\1", raw))
    except orjson.JSONDecodeError:
        raise Garbage("the body is not JSON") from None
    if not isinstance(body, dict):
        raise Garbage("the body is not an object")
    if _deeper_than(DEEPEST, body):
        raise Garbage("the body is nested too deep")
    return body


def account_of(body: dict[str, Any]) -> str:
    """The ShopMonkey company that the body claims to come from; empty where it names none."""
    data = body.get("data")
    account = data.get("companyId") if isinstance(data, dict) else None
    return account if isinstance(account, str) and len(account) <= LONGEST else ""


def delivery_of(body: dict[str, Any], headers: Headers, raw: bytes) -> Delivery:
    """The delivery in a verified body; raises Garbage when a field is missing."""
    version = str(headers.get("webhook-version", "") or body.get("apiVersion") or "")
    if version != VERSION:
        return _kept_only(body, headers, raw, version)
    data = body.get("data")
    if not isinstance(data, dict):
        raise Garbage("data is missing")
    return Delivery(
        delivery_id=_short(headers.get("webhook-id", ""), "webhook-id"),
        account=account_of(body),
        object_table=_short(body.get("table"), "table"),
        object_id=_short(data.get("id"), "data.id"),
        operation=_short(body.get("operation"), "operation"),
        version=_version(data),
        payload=_kept(body),
        request_id=_request_id(headers),
    )


def _kept_only(body: dict[str, Any], headers: Headers, raw: bytes, version: str) -> Delivery:
    # Shops that came from ShopMonkey's v1 keep read-only "v2" webhooks with another payload.
    return Delivery(
        delivery_id=_short(headers.get("webhook-id", ""), "webhook-id"),
        account=account_of(body),
        object_table=str(body.get("table") or "")[:LONGEST],
        object_id="",
        operation="",
        version=hashlib.sha256(raw).hexdigest(),
        payload=_kept(body),
        request_id=_request_id(headers),
        parked=f"webhook version {version[:20] or '(none)'} is not {VERSION}: make the webhook anew in ShopMonkey",
    )


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    """Whose row it is, for those who look at what led nowhere.

    The row itself is read anew when it is acted on, and may hold what the shop paid: nothing else of it is kept.
    """
    data = body.get("data")
    named = data if isinstance(data, dict) else {}
    told = {name: named[name] for name in KEPT if isinstance(named.get(name), (str, int))}
    return {"data": {name: str(value)[:LONGEST] for name, value in told.items()}}


def _deeper_than(depth: int, body: Any) -> bool:
    level = [body]
    for _ in range(depth):
        level = [inner for one in level if isinstance(one, (dict, list)) for inner in _inner(one)]
        if not level:
            return False
    return True


def _inner(one: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return one.values() if isinstance(one, dict) else one


def _version(data: dict[str, Any]) -> str:
    meta = data.get("meta")
    version = meta.get("version") if isinstance(meta, dict) else None
    if version is not None:
        return f"v{version}"[:LONGEST]
    if isinstance(data.get("updatedDate"), str) and data["updatedDate"]:
        return str(data["updatedDate"])[:LONGEST]
    return hashlib.sha256(orjson.dumps(data, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _short(value: object, name: str) -> str:
    if not isinstance(value, str) or not value or len(value) > LONGEST or "\x00" in value:
        raise Garbage(f"{name} is missing or odd")
    return value


def _request_id(headers: Headers) -> str | None:
    return headers.get("X-Request-Id", "")[:LONGEST] or None
