"""What stands before every answer of the stand-in: its key, its rate limit, and its failures."""

import random
import socket
import threading
import time
import uuid
from collections import Counter, defaultdict, deque

from flask import Response, current_app, g, jsonify, request

from app.sandbox.shopmonkey.accounts import Keys, account_of, keys_of
from app.sandbox.shopmonkey.manners import Manners, manners_of
from app.sandbox.tables import session

MINUTE = 60.0
READ_EVERY = 0.2
PASSING = (502, 503, 504)
FIREWALL = "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body></body></html>"


class State:
    """What one process of the stand-in remembers: its dice, the calls of the last minute by key, and how many came."""

    def __init__(self) -> None:
        self.chance = random.Random()  # noqa: S311
        self.seed: int | None = None
        self.calls: dict[str, deque[float]] = defaultdict(deque)
        self.answered: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.read_at = float("-inf")
        self.read: tuple[Manners, Keys] = (Manners(), {})

    def settings(self) -> tuple[Manners, Keys]:
        """Manners and keys, read at most five times a second: another process's switch counts that much later."""
        if time.monotonic() - self.read_at > READ_EVERY:
            with session() as opened:
                self.read = manners_of(opened), keys_of(opened)
            self.read_at = time.monotonic()
        return self.read

    def forget(self) -> None:
        """Read again at the next question."""
        self.read_at = float("-inf")

    def happens(self, share: float) -> bool:
        """Throw the dice."""
        return share > 0 and self.chance.random() < share

    def reseed(self, seed: int | None, again: bool = False) -> None:
        """Throw other dice where the seed is another, or `again` from its beginning."""
        if again or seed != self.seed:
            self.seed = seed
            self.chance.seed(seed)

    def count(self, key: str, limit: int, now: float) -> tuple[bool, int, int]:
        """Count a call: whether it is within the rolling minute, how many are left, and when the next one may come."""
        with self.lock:
            calls = self.calls[key]
            while calls and calls[0] <= now - MINUTE:
                calls.popleft()
            within = len(calls) < limit
            if within:
                calls.append(now)
            wait = int(calls[0] + MINUTE - now) + 1 if calls else 1
            return within, max(0, limit - len(calls)), wait


def state() -> State:
    """This process's state."""
    kept: State = current_app.extensions.setdefault("shopmonkey_stand_in", State())
    return kept


def manners() -> Manners:
    """The manners of this request."""
    in_force: Manners = g.manners
    return in_force


def open_door() -> Response | tuple[Response, int] | None:
    """Refuse, fail or hang as the manners have it; None lets the call in."""
    g.manners, keys = state().settings()
    g.account = account_of(keys, request.headers.get("Authorization", ""))
    state().reseed(g.manners.seed)
    time.sleep(g.manners.latency)
    if state().happens(g.manners.blocked):
        return Response(FIREWALL, 403, content_type="text/html; charset=UTF-8")
    if g.account is None:
        return refusal(401, "AUTH-0c1f7a", "Unauthorized")
    within, g.left, g.wait = state().count(g.account.key, g.manners.calls_a_minute, time.monotonic())
    return _fail() if within else refusal(429, "RATE-51d2c0", "Too many requests")


def _fail() -> tuple[Response, int] | None:
    if g.manners.down:
        return refusal(503, "DOWN-7a10ce", "Service Unavailable")
    if state().happens(g.manners.failing):
        return refusal(state().chance.choice(PASSING), "FAIL-19ad03", "upstream request failed")
    if state().happens(g.manners.hanging):
        time.sleep(g.manners.hang_seconds)
    g.lost = request.method != "GET" and state().happens(g.manners.lost)
    return None


def close_door(response: Response) -> Response:
    """The headers of every answer; a lost one is replaced by what the caller sees instead."""
    state().answered[f"{request.method} {response.status_code}"] += 1
    if g.get("lost") and response.status_code < 300:
        response = _lost(response)
    response.headers["X-Request-Id"] = str(uuid.uuid4())
    if "left" in g:
        response.headers["X-RateLimit-Limit-Minute"] = str(g.manners.calls_a_minute)
        response.headers["X-RateLimit-Remaining-Minute"] = str(g.left)
        if response.status_code == 429:
            response.headers["Retry-After"] = str(g.wait)
    return response


def _lost(response: Response) -> Response:
    if g.manners.lost_as == "hang":
        time.sleep(g.manners.hang_seconds)
    elif g.manners.lost_as == "cut":
        connection = request.environ.get("werkzeug.socket") or request.environ.get("gunicorn.socket")
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)
    else:
        return Response("<html>502 Bad Gateway</html>", 502, content_type="text/html")
    return response


def not_found(what: str) -> tuple[Response, int]:
    return refusal(404, "NOTF-3b8e21", f"{what} not found")


def refusal(status: int, code: str, message: str) -> tuple[Response, int]:
    """An error as the API words it."""
    return jsonify(success=False, code=code, message=message, documentation_url="https://shopmonkey.dev"), status
