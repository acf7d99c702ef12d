"""ShopMonkey in memory: for tests, and for trying things out without an account."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

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

Found = TypeVar("Found")


class FakeShopMonkey:
    """Holds JSON rows by table and id, counts what is asked, and fails with `failing` while that is set."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, dict[str, Any]]] = {}
        self.lines: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[str] = []
        self.failing: ShopMonkeyError | None = None
        self.before_answering: Callable[[str], None] = lambda what: None

    def put(self, table: str, row_id: str, **fields: Any) -> dict[str, Any]:
        """Set fields of a row, which raises its version."""
        rows = self.tables.setdefault(table, {})
        before = rows.get(row_id, {"id": row_id, "meta": {"version": 0}})
        rows[row_id] = {**before, "meta": {"version": before["meta"]["version"] + 1}, **fields}
        return rows[row_id]

    def remove(self, table: str, row_id: str) -> None:
        self.tables.get(table, {}).pop(row_id, None)

    def order(self, order_id: str) -> Order:
        return self._one("order", order_id, Order.from_json)

    def order_services(self, order_id: str) -> list[OrderService]:
        self._ask(f"order/{order_id}/service")
        return [OrderService.from_json(row) for row in self.lines.get(order_id, [])]

    def customer(self, customer_id: str) -> CustomerPayload:
        return self._one("customer", customer_id, CustomerPayload.from_json)

    def vehicle(self, vehicle_id: str) -> VehiclePayload:
        return self._one("vehicle", vehicle_id, VehiclePayload.from_json)

    def locations(self) -> list[LocationPayload]:
        return [LocationPayload.from_json(row) for row in self._all("location")]

    def canned_services(self, location_id: str) -> list[CannedService]:
        rows = [row for row in self._all("canned_service") if row.get("locationId") == location_id]
        return [CannedService.from_json(row) for row in rows]

    def orders_created(self, since: datetime, until: datetime) -> Page:
        orders = [Order.from_json(row) for row in self._all("order")]
        found = [order for order in orders if order.created_at and since <= order.created_at <= until]
        return Page(tuple(found[:100]), len(found))

    def _one(self, table: str, row_id: str, read: Callable[[dict[str, Any]], Found]) -> Found:
        self._ask(f"{table}/{row_id}")
        row = self.tables.get(table, {}).get(row_id)
        if row is None:
            raise ShopMonkeyError(f"/{table}/{row_id}: 404", permanent=True, status=404)
        return read(row)

    def _all(self, table: str) -> list[dict[str, Any]]:
        self._ask(table)
        return list(self.tables.get(table, {}).values())

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        self.before_answering(what)
        if self.failing:
            raise self.failing
