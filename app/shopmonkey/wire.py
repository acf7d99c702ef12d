"""One key's calls over HTTP: how many at once, how fast, which are tried again, and how an answer becomes an error."""

import copy
import logging
import math
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from app.shopmonkey import retries
from app.shopmonkey.pace import Pace
from app.shopmonkey.patience import Patience, patience
from app.shopmonkey.port import ShopMonkeyError
from app.shopmonkey.reading import child, text, whole

VERSION = "0.1"
TIMEOUT = 30.0
# A server that takes longer to be reached is away; with this, a call ends well within a lease of a minute.
CONNECT_TIMEOUT = 10.0
AT_ONCE = 5
Params = dict[str, Any]

log = logging.getLogger(__name__)


class Wire:
    """Makes calls with one key: thread-safe, at most five at once, each waiting and retrying within its own bounds."""

    def __init__(self, base_url: str, api_key: str, timeout: float, sleep: Callable[[float], None]) -> None:
        self.base = base_url.rstrip("/").removesuffix("/v3") + "/v3"
        self.timeout = timeout
        self.sleep = sleep
        self.first: Callable[[], None] | None = None
        self.slots = threading.BoundedSemaphore(AT_ONCE)
        self.pace = Pace()
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.mount(self.base, requests.adapters.HTTPAdapter(pool_maxsize=AT_ONCE))
        self.session.headers.update(
            {
                "Authorization": f"Bearer {api_key}",
                "User-Agent": f"LeadOrchestrator/{VERSION}",
                "Accept": "application/json",
            }
        )

    def after(self, first: Callable[[], None]) -> "Wire":
        """The same key, its limits shared, whose calls are each made after `first`, which may raise."""
        other = copy.copy(self)
        other.first = first
        return other

    def read(self, path: str, params: Params | None = None) -> Params:
        """GET, tried again on passing failures. Raises ShopMonkeyError."""
        return self._call("GET", path, params, None, retries.may_read_again)

    def search(self, path: str, body: Params) -> Params:
        """A POST that only reads. Raises ShopMonkeyError."""
        return self._call("POST", path, None, body, retries.may_read_again)

    def replace(self, method: str, path: str, body: Params) -> Params:
        """PUT, PATCH or DELETE: done twice it is as done once, so passing failures are tried again.

        Raises ShopMonkeyError.
        """
        return self._call(method, path, None, body, retries.may_read_again)

    def create(self, path: str, body: Params) -> Params:
        """POST, tried again only when ShopMonkey surely has not taken it. Raises ShopMonkeyError."""
        return self._call("POST", path, None, body, retries.may_create_again)

    def _call(
        self,
        method: str,
        path: str,
        params: Params | None,
        body: Params | None,
        again: Callable[[int | None, bool, bool], bool],
    ) -> Params:
        if self.first:
            self.first()
        for attempt in range(1, retries.ATTEMPTS + 1):
            try:
                return self._once(method, path, params, body)
            except ShopMonkeyError as error:
                too_long = (error.retry_after or 0.0) > patience().longest
                if attempt == retries.ATTEMPTS or too_long or not again(error.status, *_broken(error)):
                    raise
                # A 429 holds back every call of this key, ours among them, in `_once`.
                if error.status != 429 or error.retry_after is None:
                    self.sleep(retries.pause(attempt, error.retry_after, random.random()))  # noqa: S311
        raise AssertionError("unreachable")

    def _once(self, method: str, path: str, params: Params | None, body: Params | None) -> Params:
        limits = patience()
        self._await_turn(path, limits)
        self._await_slot(path, limits)
        try:
            limits.keep()
            timeout = (min(CONNECT_TIMEOUT, self.timeout), self.timeout)
            answer = self.session.request(
                method, self.base + path, params=params, json=body, timeout=timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            log.warning("shopmonkey %s %s: %s", method, path, type(error).__name__)
            unknown = method != "GET" and not _never_connected(error)
            raise ShopMonkeyError(f"{path}: {type(error).__name__}", permanent=False, unknown=unknown) from error
        finally:
            self.slots.release()
        request_id = answer.headers.get("X-Request-Id")
        log.info("shopmonkey %s %s %s request %s", method, path, answer.status_code, request_id)
        self._learn(answer)
        return _content(answer, path, request_id)

    def _await_turn(self, path: str, limits: Patience) -> None:
        wait = self.pace.turn(time.monotonic(), limits.longest)
        if wait > limits.longest:
            told = f"{path}: ShopMonkey wants this key to rest for {wait:.0f} s"
            raise ShopMonkeyError(told, permanent=False, status=429, retry_after=wait)
        if wait > 0:
            limits.keep()
            self.sleep(wait)

    def _await_slot(self, path: str, limits: Patience) -> None:
        limits.keep()
        if not self.slots.acquire(timeout=None if limits.longest == math.inf else limits.longest):
            raise ShopMonkeyError(f"{path}: {AT_ONCE} calls of this key hang already", permanent=False)

    def _learn(self, answer: requests.Response) -> None:
        limit, remaining = (answer.headers.get(f"X-RateLimit-{name}-Minute") for name in ("Limit", "Remaining"))
        self.pace.heard(whole(limit), whole(remaining))
        asked = _asked_wait(answer)
        if answer.status_code == 429 and asked is not None:
            self.pace.hold(time.monotonic() + min(asked, retries.LONGEST_ASKED))


def _broken(error: ShopMonkeyError) -> tuple[bool, bool]:
    """Whether the connection broke (a timeout is not that), and whether it never came about."""
    cause = error.__cause__
    broken = isinstance(cause, requests.ConnectionError) and not isinstance(cause, requests.Timeout)
    return broken, broken and _never_connected(cause)


def _never_connected(error: BaseException | None) -> bool:
    """Whether nothing was sent: the connection was refused, or the time to connect ran out."""
    reason = error.args[0] if error is not None and error.args else None
    refused = isinstance(reason, MaxRetryError) and isinstance(reason.reason, NewConnectionError)
    return refused or isinstance(error, requests.ConnectTimeout)


def _content(answer: requests.Response, path: str, request_id: str | None) -> Params:
    try:
        content = answer.json()
    except requests.JSONDecodeError:
        content = None
    good = answer.status_code in (200, 201) and isinstance(content, dict) and content.get("success") is not False
    if good or answer.status_code == 204:
        return child(content)
    permanent = _permanent(answer, content)
    raise ShopMonkeyError(
        f"{path}: {answer.status_code} {_reason(answer, content)}",
        permanent=permanent,
        status=answer.status_code,
        request_id=request_id,
        retry_after=_asked_wait(answer),
        unknown=answer.request.method != "GET" and (answer.status_code < 400 or answer.status_code in retries.UNKNOWN),
    )


def _asked_wait(answer: requests.Response) -> float | None:
    # The world's time, not the demo's: a date in the header is ShopMonkey's.
    return retries.asked_wait(answer.headers.get("Retry-After"), datetime.fromtimestamp(time.time(), UTC))


def _permanent(answer: requests.Response, content: Any) -> bool:
    # HTML with 403 is the firewall in front of the API, not a verdict on the key.
    if answer.status_code == 403 and "html" in answer.headers.get("Content-Type", ""):
        return False
    # A gateway on the way says 404 too: only the API's own words say that the object is gone.
    if answer.status_code == 404 and not (isinstance(content, dict) and content.get("success") is False):
        return False
    return 400 <= answer.status_code < 500 and answer.status_code not in retries.STATUSES


def _reason(answer: requests.Response, content: Any) -> str:
    if "html" in answer.headers.get("Content-Type", ""):
        return "blocked by the firewall in front of the API" if answer.status_code == 403 else "HTML, not JSON"
    told = child(content)
    words = (text(told.get("code")), text(told.get("message")))
    return " ".join(word for word in words if word)[:300] or "no reason given"
