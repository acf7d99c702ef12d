"""ShopMonkey in memory: for tests, and for trying things out without an account."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar
from uuid import uuid4

from app.shopmonkey.lists import Page, Walk
from app.shopmonkey.payloads import CannedService, CustomerPayload, LocationPayload, Order, OrderService, VehiclePayload
from app.shopmonkey.port import ShopMonkeyError
from app.shopmonkey.shop_payloads import AppointmentPayload, CalendarPayload, KeyStatus, WebhookPayload, WorkflowStatus

Found = TypeVar("Found")
Json = dict[str, Any]


class FakeShopMonkey:
    """Holds JSON rows by table and id, counts what is asked, and fails with `failing` while that is set.

    `failing_after` fails once a write is done, as an answer that is lost on its way.
    """

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Json]] = {}
        self.lines: dict[str, list[Json]] = {}
        self.asked: list[str] = []
        self.failing: ShopMonkeyError | None = None
        self.failing_after: ShopMonkeyError | None = None
        self.before_answering: Callable[[str], None] = lambda what: None

    def put(self, table: str, row_id: str, **fields: Any) -> Json:
        """Set fields of a row, which raises its version."""
        rows = self.tables.setdefault(table, {})
        before = rows.get(row_id, {"id": row_id, "meta": {"version": 0}})
        rows[row_id] = {**before, "meta": {"version": before["meta"]["version"] + 1}, **fields}
        return rows[row_id]

    def remove(self, table: str, row_id: str) -> None:
        self.tables.get(table, {}).pop(row_id, None)

    def of_account(self, account: str) -> "FakeShopMonkey":
        return self

    def key_status(self) -> KeyStatus:
        self._ask("key_status")
        return KeyStatus(None)

    def order(self, order_id: str) -> Order:
        # As ShopMonkey adds up, unless the row says otherwise.
        lines = [line.get("totalCents") for line in self.lines.get(order_id, []) if not line.get("deleted")]
        total = sum(cents for cents in lines if isinstance(cents, (int, float)))
        return Order.from_json({"totalCostCents": total, **self._one("order", order_id)})

    def orders_by_ids(self, order_ids: Iterable[str]) -> list[Order]:
        wanted = set(order_ids)
        return [Order.from_json(row) for row in self._all("order") if row["id"] in wanted]

    def orders_created(self, since: datetime, until: datetime) -> Page:
        orders = [Order.from_json(row) for row in self._all("order")]
        found = [order for order in orders if order.created_at and since <= order.created_at <= until]
        return Page(tuple(found[:100]), len(found))

    def orders_numbered(self, number: str) -> list[Order]:
        return [order for order in map(Order.from_json, self._all("order")) if order.number == number]

    def order_services(self, order_id: str) -> list[OrderService]:
        self._ask(f"order/{order_id}/service")
        return [OrderService.from_json(row) for row in self.lines.get(order_id, [])]

    def customer(self, customer_id: str) -> CustomerPayload:
        return CustomerPayload.from_json(self._one("customer", customer_id))

    def vehicle(self, vehicle_id: str) -> VehiclePayload:
        return VehiclePayload.from_json(self._one("vehicle", vehicle_id))

    def locations(self) -> list[LocationPayload]:
        return [LocationPayload.from_json(row) for row in self._all("location")]

    def location(self, location_id: str) -> LocationPayload:
        return LocationPayload.from_json(self._one("location", location_id))

    def workflow_status(self, status_id: str) -> WorkflowStatus:
        return WorkflowStatus.from_json(self._one("workflow_status", status_id))

    def workflow_statuses(self, location_id: str) -> list[WorkflowStatus]:
        return [WorkflowStatus.from_json(row) for row in self._all("workflow_status", locationId=location_id)]

    def canned_services(self, location_id: str, *, bookable: bool | None = None) -> Walk:
        rows = self._all("canned_service", locationId=location_id)
        rows = [row for row in rows if bookable is None or row.get("bookable") is bookable]
        return Walk(tuple(CannedService.from_json(row) for row in rows), len(rows))

    def canned_service(self, service_id: str) -> CannedService:
        return CannedService.from_json(self._one("canned_service", service_id))

    def webhooks(self) -> list[WebhookPayload]:
        return [WebhookPayload.from_json(row) for row in self._all("webhook")]

    def create_webhook(
        self, *, name: str, url: str, triggers: Iterable[str], secret: str, location_id: str | None = None
    ) -> WebhookPayload:
        fields = {"name": name, "url": url, "triggers": list(triggers), "secret": secret, "locationId": location_id}
        return self._write(WebhookPayload.from_json, "webhook", str(uuid4()), {**fields, "enabled": True})

    def enable_webhook(self, webhook_id: str, secret: str = "") -> WebhookPayload:
        self._one("webhook", webhook_id)
        fields = {"enabled": True, "error": False, "errorMessage": None, **({"secret": secret} if secret else {})}
        return self._write(WebhookPayload.from_json, "webhook", webhook_id, fields)

    def create_appointment(self, payload: Json) -> AppointmentPayload:
        for name in ("name", "color", "startDate", "endDate"):
            if not payload.get(name):
                raise ShopMonkeyError(f"body must have required property '{name}'", permanent=True, status=400)
        return self._write(AppointmentPayload.from_json, "appointment", str(uuid4()), payload)

    def update_appointment(self, appointment_id: str, payload: Json) -> AppointmentPayload:
        self._one("appointment", appointment_id)
        return self._write(AppointmentPayload.from_json, "appointment", appointment_id, payload)

    def cancel_appointment(self, appointment_id: str) -> None:
        self._ask(f"appointment/{appointment_id}/cancel")
        self.remove("appointment", appointment_id)
        if self.failing_after:
            raise self.failing_after

    def appointment(self, appointment_id: str) -> AppointmentPayload:
        return AppointmentPayload.from_json(self._one("appointment", appointment_id))

    def calendar(self, location_id: str, since: datetime, until: datetime) -> CalendarPayload:
        shown = self.appointments_starting(since, until)
        return CalendarPayload(tuple(one for one in shown if one.location_id in (None, location_id)), True)

    def appointments_of_order(self, order_id: str) -> list[AppointmentPayload]:
        return [AppointmentPayload.from_json(row) for row in self._all("appointment", orderId=order_id)]

    def appointments_starting(self, since: datetime, until: datetime) -> list[AppointmentPayload]:
        found = [AppointmentPayload.from_json(row) for row in self._all("appointment")]
        return [one for one in found if one.starts_at and since <= one.starts_at <= until]

    def _one(self, table: str, row_id: str) -> Json:
        self._ask(f"{table}/{row_id}")
        row = self.tables.get(table, {}).get(row_id)
        if row is None:
            raise ShopMonkeyError(f"/{table}/{row_id}: 404", permanent=True, status=404)
        return row

    def _all(self, table: str, **equal: str) -> list[Json]:
        self._ask(table)
        rows = self.tables.get(table, {}).values()
        return [row for row in rows if all(row.get(name) == value for name, value in equal.items())]

    def _write(self, read: Callable[[Json], Found], table: str, row_id: str, fields: Json) -> Found:
        self._ask(f"write {table}")
        row = self.put(table, row_id, **fields)
        if self.failing_after:
            raise self.failing_after
        return read(row)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        self.before_answering(what)
        if self.failing:
            raise self.failing
