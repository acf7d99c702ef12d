"""What a write may say: known fields, required ones and their kinds, worded as the real API's validator words it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from app.sandbox.shopmonkey import shapes, shop_shapes
from app.sandbox.shopmonkey.asked import Refused
from app.sandbox.shopmonkey.manners import Manners
from app.sandbox.shopmonkey.shapes import Payload

COLORS = ("aqua", "black", "blue", "brown", "gray", "green", "orange", "purple", "red", "yellow")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
# Every object has these; only `metadata` is the customer's to write.
OWN = frozenset(shapes.row("", LONG_AGO)) - {"metadata"}
REQUIRED = {
    "appointment": ("startDate", "endDate"),
    "vehicle": ("size",),
    "webhook": ("name", "url", "triggers"),
    "label": ("name",),
    "workflow_status": ("name",),
}
_NO_SERVICE = {"id": "", "name": None, "description": "", "category": "", "minutes": None, "kind": "exact", "low": 0}

EMPTY: dict[str, Callable[[datetime], Payload]] = {
    "appointment": shop_shapes.appointment,
    "webhook": shop_shapes.webhook,
    "label": shop_shapes.label,
    "workflow_status": lambda now: shop_shapes.workflow_status("", 0, "", now),
    "customer": lambda now: {**shapes.customer({}, "", now), "locationIds": []},
    "vehicle": lambda now: shapes.vehicle({}, now),
    "location": lambda now: {**shapes.location({"shopmonkeyId": ""}, now), "locationId": None},
    "order": lambda now: {**shapes.order("", "", "", "", now), "workflowStatusId": None},
    "order_service": lambda now: shapes.order_service("", "", 0, now),
    "canned_service": lambda now: {**shapes.canned_service(_NO_SERVICE, "", now), "labels": [], "labors": []},
}


def made(kind: str, body: Payload, now: datetime, manners: Manners) -> Payload:
    """A new object. Raises Refused for what the real API refuses."""
    required = REQUIRED.get(kind, ())
    if kind == "appointment" and manners.name_and_color_required:
        required = ("name", "color", *required)
    for name in required:
        if body.get(name) in (None, "", []):
            raise Refused(f"body must have required property '{name}'")
    return EMPTY[kind](now) | {"id": shapes.new_id()} | written(kind, body, manners)


def written(kind: str, body: Payload, manners: Manners) -> Payload:
    """The fields that a write sets; unknown ones are dropped without a word. Raises Refused for odd values."""
    sample = EMPTY[kind](LONG_AGO)
    known = frozenset(sample) - OWN
    unknown = [name for name in body if name not in known]
    if unknown and not manners.unknown_dropped:
        raise Refused("body must NOT have additional properties")
    said = {name: _checked(name, value) for name, value in body.items() if name in known}
    if kind == "customer":
        # Top-level contact data is dropped: numbers and addresses are written as lists.
        said = {name: value for name, value in said.items() if name not in ("phone", "email")}
    if not manners.technician_dropped and body.get("technicianId"):
        said["technicianIds"] = [body["technicianId"]]
    if kind == "canned_service" and "fixedPriceCents" in said:
        said.setdefault("totalCents", said["fixedPriceCents"])
    return said


def _checked(name: str, value: Any) -> Any:
    if name == "color" and value is not None and value not in COLORS:
        raise Refused("body/color must be equal to one of the allowed values")
    if name.endswith("Cents") and not isinstance(value, (int, type(None))):
        raise Refused(f"body/{name} must be integer")
    if name in ("startDate", "endDate"):
        try:
            return shapes.stamp(datetime.fromisoformat(str(value)))
        except ValueError:
            raise Refused(f'body/{name} must match format "date-time"') from None
    return value
