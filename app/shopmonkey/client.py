"""ShopMonkey's API over HTTP, one client per key."""

import json
import logging
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import requests

from app.shopmonkey import retries
from app.shopmonkey.payloads import (
    CannedService,
    CustomerPayload,
    LocationPayload,
    Order,
    OrderService,
    Page,
    VehiclePayload,
)
from app.shopmonkey.port import ShopMonkeyError
from app.shopmonkey.reading import child, rows, text, whole

VERSION = "0.1"
TIMEOUT = 30.0
AT_ONCE = 5
PAGE = 100
WALKS = 4

log = logging.getLogger(__name__)


class ShopMonkey:
    """Reads one account. Thread-safe, at most five calls at once; each call waits and retries within its own bounds."""

    def __init__(
        self,
        base_url: str,
        api_key: str,
        *,
        timeout: float = TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base = base_url.rstrip("/").removesuffix("/v3") + "/v3"
        self.timeout = timeout
        self.sleep = sleep
        self.slots = threading.BoundedSemaphore(AT_ONCE)
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

    def order(self, order_id: str) -> Order:
        return Order.from_json(self._object("/order/", order_id))

    def order_services(self, order_id: str) -> list[OrderService]:
        answer = self._get(f"/order/{quote(order_id, safe='')}/service")
        return [OrderService.from_json(row) for row in rows(answer.get("data"))]

    def customer(self, customer_id: str) -> CustomerPayload:
        return CustomerPayload.from_json(self._object("/customer/", customer_id))

    def vehicle(self, vehicle_id: str) -> VehiclePayload:
        return VehiclePayload.from_json(self._object("/vehicle/", vehicle_id))

    def locations(self) -> list[LocationPayload]:
        return [LocationPayload.from_json(row) for row in self._walked("/location", {})]

    def canned_services(self, location_id: str) -> list[CannedService]:
        """The store's services as far as a few walks show them: one that is missing here is not thereby gone."""
        found = self._walked("/canned_service", {"locationId": location_id})
        services = [CannedService.from_json(row) for row in found]
        return [service for service in services if service.location_id in (None, location_id)]

    def orders_created(self, since: datetime, until: datetime) -> Page:
        """One call's worth of the orders created from `since` to `until`, with how many there are in all."""
        # Only bare operators count: `$gte` is dropped without a word and the whole table comes back.
        where = {"createdDate": {"gte": _stamp(since), "lte": _stamp(until)}}
        answer = self._get("/order", {"limit": str(PAGE), "where": json.dumps(where)})
        found = {row.id: row for row in map(Order.from_json, rows(answer.get("data"))) if row.id}
        total = whole(child(answer.get("meta")).get("total"))
        if total is None:
            total = len(found) if len(found) < PAGE else PAGE + 1
        return Page(tuple(found.values()), total)

    def _walked(self, path: str, params: dict[str, str]) -> list[dict[str, Any]]:
        # Walks repeat and drop rows, so they are joined by id until the promised number is there.
        found: dict[str, dict[str, Any]] = {}
        for _ in range(WALKS):
            total = self._walk_once(path, params, found)
            if len(found) >= total:
                break
        return list(found.values())

    def _walk_once(self, path: str, params: dict[str, str], found: dict[str, dict[str, Any]]) -> int:
        total, skip = 0, 0
        while True:
            answer = self._get(path, {**params, "limit": str(PAGE), "skip": str(skip)})
            page = rows(answer.get("data"))
            found.update({key: row for row in page if (key := text(row.get("id")))})
            meta = child(answer.get("meta"))
            total = whole(meta.get("total")) or 0
            skip += PAGE
            if not page or meta.get("hasMore") is not True:
                return total

    def _object(self, path: str, object_id: str) -> dict[str, Any]:
        data = self._get(path + quote(object_id, safe="")).get("data")
        if not isinstance(data, dict):
            raise ShopMonkeyError(f"{path}: the answer holds no object", permanent=False, status=200)
        return data

    def _get(self, path: str, params: dict[str, str] | None = None) -> dict[str, Any]:
        for attempt in range(1, retries.ATTEMPTS + 1):
            try:
                return self._once(path, params)
            except ShopMonkeyError as error:
                if attempt == retries.ATTEMPTS or not (error.status in retries.STATUSES or _unconnected(error)):
                    raise
                self.sleep(retries.pause(attempt, error.retry_after, random.random()))  # noqa: S311
        raise AssertionError("unreachable")

    def _once(self, path: str, params: dict[str, str] | None) -> dict[str, Any]:
        try:
            with self.slots:
                answer = self.session.get(self.base + path, params=params, timeout=self.timeout, allow_redirects=False)
        except requests.RequestException as error:
            raise ShopMonkeyError(f"{path}: {type(error).__name__}", permanent=False) from error
        request_id = answer.headers.get("X-Request-Id")
        log.info("shopmonkey GET %s %s request %s", path, answer.status_code, request_id)
        return _content(answer, path, request_id)


def _unconnected(error: ShopMonkeyError) -> bool:
    # A timeout has already cost its 30 s; the caller's own schedule tries that again.
    cause = error.__cause__
    return isinstance(cause, requests.ConnectionError) and not isinstance(cause, requests.Timeout)


def _content(answer: requests.Response, path: str, request_id: str | None) -> dict[str, Any]:
    try:
        content = answer.json()
    except requests.JSONDecodeError:
        content = None
    if answer.status_code == 200 and isinstance(content, dict) and content.get("success") is not False:
        return content
    raise ShopMonkeyError(
        f"{path}: {answer.status_code} {_reason(answer, content)}",
        permanent=_permanent(answer),
        status=answer.status_code,
        request_id=request_id,
        retry_after=retries.asked_wait(answer.headers.get("Retry-After"), datetime.now(UTC)),
    )


def _permanent(answer: requests.Response) -> bool:
    # HTML with 403 is the firewall in front of the API, not a verdict on the key.
    if answer.status_code == 403 and "html" in answer.headers.get("Content-Type", ""):
        return False
    return 400 <= answer.status_code < 500 and answer.status_code not in retries.STATUSES


def _reason(answer: requests.Response, content: Any) -> str:
    if "html" in answer.headers.get("Content-Type", ""):
        return "blocked by the firewall in front of the API" if answer.status_code == 403 else "HTML, not JSON"
    told = child(content)
    words = (text(told.get("code")), text(told.get("message")))
    return " ".join(word for word in words if word)[:300] or "no reason given"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
