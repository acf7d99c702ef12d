"""ShopMonkey's canned services as rows of our catalogue. Pure."""

from dataclasses import dataclass
from typing import Any

from app.catalog.pricing import can_be_a_price
from app.lib import money
from app.shopmonkey import CannedService

NO_CATEGORY = "Other"
NO_NAME = "Unnamed service"
LONGEST_HOURS = 200
# What a column of whole numbers holds, and its reader makes of what is larger still.
BIGGEST = 2**63 - 1
PARTS = ("labor", "parts", "fees", "tires", "subcontracts")
EXTRAS = ("shop_supplies", "epa", "tax")
AMOUNTS = ("fixed_price_cents", "total_cents", *(f"{name}_cents" for name in (*PARTS, *EXTRAS, "discount")))


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """What ShopMonkey's row says that it costs. `odd` says in a sentence why that cannot be right."""

    kind: str
    cents: int | None = None
    odd: str | None = None


def staged_row(service: CannedService, location_shopmonkey_id: str) -> dict[str, Any]:
    """The row to stage. Category by convention from the first label, duration from the labour hours."""
    price = listed_price(service)
    here = service.location_id in (None, location_shopmonkey_id)
    return {
        "shopmonkey_id": service.id,
        "state": "listed" if here and service.bookable and not service.deleted else "hidden",
        "shopmonkey_version": _small(service.version),
        "name": _storable(service.name) or NO_NAME,
        "category": _storable(service.labels[0] if service.labels else None) or NO_CATEGORY,
        "description": _storable(service.note),
        "duration_minutes": round(service.labor_hours * 60) if 0 < service.labor_hours <= LONGEST_HOURS else None,
        "listed_kind": price.kind,
        "listed_cents": price.cents,
        "price_parts": {"pricing": service.pricing} | {name: _small(getattr(service, name)) for name in AMOUNTS},
        "odd_reason": price.odd if service.name else "It has no name in ShopMonkey.",
    }


def gone_row(shopmonkey_id: str) -> dict[str, Any]:
    """The row to stage for a service that a look-up by its id showed to be gone."""
    nothing = staged_row(CannedService(id=shopmonkey_id), "")
    return {**nothing, "state": "gone"}


def listed_price(service: CannedService) -> ListedPrice:
    """The price that a customer may be told, as far as ShopMonkey's row leaves no doubt.

    `fixedPriceCents` is the pre-tax price when pricing is FixedPrice (shopmonkey.dev/schema/CannedService). Whether
    a discount is still to be taken from it is not documented, nor whether `totalCents` holds tax, supplies and fees:
    each is only told where every reading agrees.
    """
    fixed = service.pricing == "FixedPrice"
    cents = service.fixed_price_cents if fixed else service.total_cents
    if odd := _odd(cents):
        return ListedPrice("to_confirm", odd=odd)
    if not _discounted(service) if fixed else _same_either_way(service):
        return ListedPrice("exact", cents)
    return ListedPrice("to_confirm")


def _odd(cents: int | None) -> str | None:
    if cents is None:
        return "ShopMonkey lists no price."
    if cents == 0:
        return "ShopMonkey lists a price of zero."
    if cents < 0:
        return "ShopMonkey lists a price below zero."
    if not can_be_a_price(cents):
        return f"ShopMonkey lists {money.wording(cents) if cents < BIGGEST else 'an amount'}, which cannot be right."
    return None


def _discounted(service: CannedService) -> bool:
    return bool(service.discount_cents or _discount_set(service))


def _discount_set(service: CannedService) -> bool:
    return bool(service.set_discount_cents or service.set_discount_percent or service.discount_percent)


def _same_either_way(service: CannedService) -> bool:
    if service.discount_cents is None and _discount_set(service):
        return False
    extras = [getattr(service, f"{name}_cents") for name in EXTRAS]
    parts = [getattr(service, f"{name}_cents") for name in PARTS]
    if None in extras or None in parts or any(extras):
        return False
    return bool(sum(parts) - (service.discount_cents or 0) == service.total_cents)


def _small(number: int | None) -> int | None:
    return number if number is not None and abs(number) < BIGGEST else None


def _storable(words: str | None) -> str:
    """Without what PostgreSQL cannot keep: the zero character, and halves of surrogate pairs."""
    return (words or "").replace("\x00", "").encode("utf-8", "ignore").decode()
