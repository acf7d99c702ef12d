"""A quote on the franchise's website: it becomes a customer, a vehicle and an estimate in the shop's system."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sandbox import catalogue, tables
from app.sandbox.shopmonkey import objects, shapes, shop_shapes
from app.sandbox.shopmonkey.deliveries import delivery, send_in_background

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody asked for on the website. `services` are slugs of the store's catalogue."""

    store: str
    person: Payload
    vehicle: Payload
    services: tuple[str, ...]
    order_name: str
    quoted: dict[str, int]
    order_id: str | None = None

    @classmethod
    def from_data(cls, data: Payload) -> "Quote":
        """From an entry of the demo's data files."""
        return cls(
            data["store"],
            data["person"],
            data["vehicle"],
            tuple(data["services"]),
            data["order"],
            data.get("quoted", {}),
            data.get("id"),
        )


def place(quote: Quote, now: datetime) -> Payload:
    """Keep the quote as ShopMonkey would; returns the order's row."""
    location_id = catalogue.store(quote.store)["shopmonkeyId"]
    person = shapes.customer(quote.person, location_id, now)
    car = shapes.vehicle(quote.vehicle, now)
    order_id = quote.order_id or shapes.new_id()
    lines = [_line(quote, order_id, slug, ordinal, now) for ordinal, slug in enumerate(quote.services)]
    with tables.session() as opened:
        fields = {
            "customerId": person["id"],
            "vehicleId": car["id"],
            "totalCostCents": sum(line["totalCents"] for line in lines),
            "generatedCustomerName": f"{person['firstName'] or ''} {person['lastName'] or ''}".strip(),
            "generatedVehicleName": " ".join(part for part in (car["computed_ymm"], car["submodel"]) if part),
        }
        number = next_number(opened)
        order = shapes.order(order_id, number, location_id, quote.order_name, now, **fields)
        for kind, row in (("customer", person), ("vehicle", car), ("order", order)):
            objects.put(opened, kind, [row])
        objects.put(opened, "order_service", lines, parent="orderId")
        opened.commit()
    return order


def next_number(session: Session) -> str:
    """The number of the next order."""
    return str(session.scalar(select(tables.order_numbers.next_value())))


def tell(order: Payload, public_url: str, secret: str) -> None:
    """Fire the signed webhook of a new order at our own door, without waiting for its answer."""
    send_in_background(delivery(f"{public_url}/webhooks/shopmonkey", secret, "order", "INSERT", order))


def _line(quote: Quote, order_id: str, slug: str, ordinal: int, now: datetime) -> Payload:
    service = catalogue.service(quote.store, slug)
    cents = quote.quoted.get(slug, 0)
    labors = [{"id": secrets.token_hex(12), "name": service["name"], "hours": 1, "rateCents": cents}] if cents else []
    fields = {"cannedServiceId": service["id"], "totalCents": cents, "labors": labors}
    if quote.order_id:
        fields["id"] = f"{order_id}-line-{ordinal}"
    return shapes.order_service(order_id, service["name"], ordinal, now, **fields)


def fill(now: datetime) -> None:
    """The shop's own data: both stores with their boards and canned services."""
    with tables.session() as opened:
        for store in catalogue.company()["stores"]:
            objects.put(opened, "location", [shapes.location(store, now)])
            rows = [shapes.canned_service(row, store["shopmonkeyId"], now) for row in catalogue.services(store["key"])]
            objects.put(opened, "canned_service", rows)
            objects.put(opened, "workflow_status", shop_shapes.columns(store["shopmonkeyId"], now))
        opened.commit()
