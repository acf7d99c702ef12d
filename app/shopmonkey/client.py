"""ShopMonkey's API over HTTP, one client per key."""

import copy
import json
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import requests

from app.shopmonkey.calendar import look_at_calendar
from app.shopmonkey.lists import Page, Walk
from app.shopmonkey.membership import Membership
from app.shopmonkey.payloads import CannedService, CustomerPayload, LocationPayload, Order, OrderService, VehiclePayload
from app.shopmonkey.port import ShopMonkeyError
from app.shopmonkey.reading import child, rows, text
from app.shopmonkey.shop_payloads import AppointmentPayload, CalendarPayload, KeyStatus, WebhookPayload, WorkflowStatus
from app.shopmonkey.walking import PAGE, read_by_ids, total_of, walk_once, walk_until_whole
from app.shopmonkey.wire import TIMEOUT, Wire

Json = dict[str, Any]


class ShopMonkey:
    """One account, by its key. Thread-safe; what each method gives and raises stands in `ShopMonkeyPort`."""

    def __init__(
        self, base_url: str, api_key: str, *, timeout: float = TIMEOUT, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.wire = Wire(base_url, api_key, timeout, sleep)
        self.by_account: dict[str, ShopMonkey] = {}

    def of_account(self, account: str) -> "ShopMonkey":
        bound = copy.copy(self)
        bound.wire = self.wire.after(Membership(self, account).prove)
        # One per account, as there is one per key: callers tell clients apart.
        return self.by_account.setdefault(account, bound)

    @property
    def session(self) -> requests.Session:
        return self.wire.session

    def key_status(self) -> KeyStatus:
        return KeyStatus(text(child(self.wire.read("/auth/api_key/status").get("data")).get("companyId")))

    def order(self, order_id: str) -> Order:
        return Order.from_json(self._object("order", order_id))

    def orders_by_ids(self, order_ids: Iterable[str]) -> list[Order]:
        return [Order.from_json(row) for row in read_by_ids(self.wire.read, "/order", order_ids)]

    def orders_created(self, since: datetime, until: datetime) -> Page:
        # Only bare operators count: `$gte` is dropped without a word and the whole table comes back.
        where = {"createdDate": {"gte": _stamp(since), "lte": _stamp(until)}}
        answer = self.wire.read("/order", {"limit": str(PAGE), "where": json.dumps(where)})
        found = {row.id: row for row in map(Order.from_json, rows(answer.get("data"))) if row.id}
        total = total_of(answer)
        if total is None:
            total = len(found) if len(found) < PAGE else PAGE + 1
        return Page(tuple(found.values()), total)

    def orders_numbered(self, number: str) -> list[Order]:
        answer = self.wire.read("/order", {"limit": str(PAGE), "where": json.dumps({"number": number})})
        return [order for order in map(Order.from_json, rows(answer.get("data"))) if order.number == number]

    def order_services(self, order_id: str) -> list[OrderService]:
        answer = self.wire.read(f"/order/{_quoted(order_id)}/service")
        return [OrderService.from_json(row) for row in rows(answer.get("data"))]

    def customer(self, customer_id: str) -> CustomerPayload:
        return CustomerPayload.from_json(self._object("customer", customer_id))

    def vehicle(self, vehicle_id: str) -> VehiclePayload:
        return VehiclePayload.from_json(self._object("vehicle", vehicle_id))

    def locations(self) -> list[LocationPayload]:
        return [LocationPayload.from_json(row) for row in walk_until_whole(self.wire.read, "/location")]

    def location(self, location_id: str) -> LocationPayload:
        return LocationPayload.from_json(self._object("location", location_id))

    def workflow_statuses(self, location_id: str) -> list[WorkflowStatus]:
        found = walk_until_whole(self.wire.read, "/workflow_status", {"locationId": location_id})
        columns = [WorkflowStatus.from_json(row) for row in found]
        return [column for column in columns if column.location_id in (None, location_id)]

    def workflow_status(self, status_id: str) -> WorkflowStatus:
        return WorkflowStatus.from_json(self._object("workflow_status", status_id))

    def canned_services(self, location_id: str, *, bookable: bool | None = None) -> Walk:
        asked = {"locationId": location_id}
        if bookable is not None:
            asked["where"] = json.dumps({"bookable": bookable})
        found, total = walk_once(self.wire.read, "/canned_service", asked)
        services = [CannedService.from_json(row) for row in found.values()]
        # A filter that is ignored shows, and counts, strangers' rows: what was asked for is checked again here.
        fitting = (row for row in services if bookable is None or row.bookable is bookable)
        ours = tuple(row for row in fitting if row.location_id in (None, location_id))
        return Walk(ours, total - (len(services) - len(ours)))

    def canned_service(self, service_id: str) -> CannedService:
        return CannedService.from_json(self._object("canned_service", service_id))

    def webhooks(self) -> list[WebhookPayload]:
        return [WebhookPayload.from_json(row) for row in walk_until_whole(self.wire.read, "/webhook")]

    def create_webhook(
        self, *, name: str, url: str, triggers: Iterable[str], secret: str, location_id: str | None = None
    ) -> WebhookPayload:
        body: Json = {"name": name, "url": url, "triggers": list(triggers), "secret": secret, "enabled": True}
        if location_id:
            body["locationId"] = location_id
        return WebhookPayload.from_json(_data(self.wire.create("/webhook", body), "/webhook"))

    def enable_webhook(self, webhook_id: str, secret: str = "") -> WebhookPayload:
        path = f"/webhook/{_quoted(webhook_id)}"
        changed: Json = {"enabled": True, **({"secret": secret} if secret else {})}
        return WebhookPayload.from_json(_data(self.wire.replace("PUT", path, changed), path))

    def create_appointment(self, payload: Json) -> AppointmentPayload:
        return AppointmentPayload.from_json(_data(self.wire.create("/appointment", payload), "/appointment", True))

    def update_appointment(self, appointment_id: str, payload: Json) -> AppointmentPayload:
        path = f"/appointment/{_quoted(appointment_id)}"
        return AppointmentPayload.from_json(_data(self.wire.replace("PUT", path, payload), path))

    def cancel_appointment(self, appointment_id: str) -> None:
        path = f"/appointment/{_quoted(appointment_id)}"
        try:
            # With a JSON content type an empty body is rejected.
            self.wire.replace("DELETE", path, {})
        except ShopMonkeyError as error:
            if error.gone:
                return
            if not (error.permanent and error.status == 403):
                raise
            self.wire.replace("PATCH", f"{path}/cancel", {})

    def appointment(self, appointment_id: str) -> AppointmentPayload:
        return AppointmentPayload.from_json(self._object("appointment", appointment_id))

    def calendar(self, location_id: str, since: datetime, until: datetime) -> CalendarPayload:
        return look_at_calendar(self.wire, location_id, _stamp(since), _stamp(until))

    def appointments_of_order(self, order_id: str) -> list[AppointmentPayload]:
        asked = {"where": json.dumps({"orderId": order_id})}
        found = walk_until_whole(self.wire.read, "/appointment", asked)
        return [one for one in map(AppointmentPayload.from_json, found) if one.order_id == order_id]

    def appointments_starting(self, since: datetime, until: datetime) -> list[AppointmentPayload]:
        asked = {"where": {"startDate": {"gte": _stamp(since), "lte": _stamp(until)}}}
        found = walk_until_whole(self.wire.search, "/appointment/search", asked)
        shown = map(AppointmentPayload.from_json, found)
        return [one for one in shown if one.starts_at and since <= one.starts_at <= until]

    def _object(self, kind: str, object_id: str) -> Json:
        path = f"/{kind}/{_quoted(object_id)}"
        return _data(self.wire.read(path), path)


def _data(answer: Json, path: str, written: bool = False) -> Json:
    data = answer.get("data")
    if not isinstance(data, dict):
        raise ShopMonkeyError(f"{path}: the answer holds no object", permanent=False, status=200, unknown=written)
    return data


def _quoted(object_id: str) -> str:
    # Dots alone survive quoting, and "/order/.." is another address.
    if not object_id.strip("."):
        raise ShopMonkeyError(f"{object_id!r} is no object's id", permanent=True)
    return quote(object_id, safe="")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
