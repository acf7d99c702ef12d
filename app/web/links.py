"""Signed links and the customer's cookie: one purpose per kind, so that a link of one kind opens nothing of another."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Request, Response, current_app
from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from app.lib import clock

COOKIE = "leads"
COOKIE_PURPOSE = "lead-cookie"
COOKIE_AGE = timedelta(days=60)
REMEMBERED = 5


@dataclass(frozen=True, slots=True)
class Signed:
    """What a genuine token carries, and when it was signed."""

    payload: Any
    signed_at: datetime


class LinkError(Exception):
    """The token opens nothing. `payload` is set only when it is expired, that is: once genuinely ours."""

    def __init__(self, *, expired: bool = False, payload: Any = None) -> None:
        super().__init__("expired" if expired else "not ours")
        self.expired = expired
        self.payload = payload


class _Signer(TimestampSigner):
    """Signs by the application's clock, so that links age with the sandbox's."""

    def get_timestamp(self) -> int:
        return int(clock.now().timestamp())


def sign(purpose: str, payload: Any) -> str:
    """A token that `read` accepts for the same purpose only. The payload is readable by anyone: put ids in it."""
    token = _serializer(purpose).dumps(payload)
    return token if isinstance(token, str) else token.decode()


def read(purpose: str, token: str, max_age: timedelta | None) -> Signed:
    """What `sign` put in. Raises LinkError when forged, made for another purpose, or older than `max_age`."""
    try:
        payload, signed_at = _serializer(purpose).loads(token, return_timestamp=True)
    except BadData:
        raise LinkError from None
    signed_at = signed_at.replace(tzinfo=UTC)
    if max_age is not None and clock.now() - signed_at > max_age:
        raise LinkError(expired=True, payload=payload)
    return Signed(payload, signed_at)


def remember_lead(response: Response, request: Request, public_id: str, generation: int, signed_at: datetime) -> None:
    """Let this browser open the lead's chat, as the link signed then does: its cookie keeps the last five leads."""
    others = [known for known in _remembered(request) if known[0] != public_id]
    value = sign(COOKIE_PURPOSE, [[public_id, generation, int(signed_at.timestamp())], *others][:REMEMBERED])
    response.set_cookie(
        COOKIE,
        value,
        max_age=COOKIE_AGE,
        secure=current_app.config["SETTINGS"].public_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
        path="/",
    )


def remembered_leads(request: Request) -> dict[str, tuple[int, datetime | None]]:
    """By the public id of each lead that this browser has opened, its link's generation and time of signing, where the
    cookie knows it; nothing when the cookie isn't ours."""
    return {
        public_id: (generation, datetime.fromtimestamp(signed_at[0], UTC) if signed_at else None)
        for public_id, generation, *signed_at in _remembered(request)
    }


def _remembered(request: Request) -> list[list[Any]]:
    try:
        return list(read(COOKIE_PURPOSE, request.cookies.get(COOKIE, ""), COOKIE_AGE).payload)
    except LinkError:
        return []


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    keys = current_app.config["SETTINGS"].secret_key
    return URLSafeTimedSerializer(
        list(reversed(keys)),  # itsdangerous signs with the last of its list, we with our first
        salt=purpose,
        signer=_Signer,
        signer_kwargs={"digest_method": hashlib.sha256},
    )
