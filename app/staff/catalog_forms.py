"""A price as staff type it. Pure."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from app.catalog.models import Service
from app.catalog.pricing import CLASSES
from app.catalog.store_prices import PriceProblem, StorePrice

KINDS = (
    ("exact", "One price"),
    ("from", "From a price"),
    ("range", "Between two prices"),
    ("class", "Per class of vehicle"),
    ("ask", "On request"),
)


def store_price(form: Mapping[str, str]) -> StorePrice:
    """What the form asks for, unchecked beyond being numbers. Raises PriceProblem."""
    kind = form.get("kind", "")
    if kind == "class":
        given = {name: _cents(form.get(f"class_{name}", ""), f"class_{name}") for name in CLASSES}
        by_class = {name: cents for name, cents in given.items() if cents is not None}
        if not by_class:
            raise PriceProblem("Enter a price for at least one class.", "class_sedan")
        return StorePrice("range", by_class=by_class)
    return StorePrice(kind, _cents(form.get("low", ""), "low"), _cents(form.get("high", ""), "high"))


def form_of(service: Service) -> dict[str, str]:
    """The service's price as the form shows it."""
    values = {"kind": "class" if service.class_prices else service.kind}
    if service.kind == "to_confirm":
        values["kind"] = "exact"
    values |= {"low": _dollars(service.low_cents), "high": _dollars(service.high_cents)}
    return values | {f"class_{row.vehicle_class}": _dollars(row.low_cents) for row in service.class_prices}


def _cents(text: str, field: str) -> int | None:
    plain = text.strip().removeprefix("$").replace(",", "").strip()
    if not plain:
        return None
    try:
        cents = Decimal(plain) * 100
    except InvalidOperation:
        raise PriceProblem("Write the amount as a number, such as 299 or 49.50.", field) from None
    if not cents.is_finite() or cents != cents.to_integral_value() or abs(cents) > 10**12:
        raise PriceProblem("Write the amount as a number, such as 299 or 49.50.", field)
    return int(cents)


def _dollars(cents: int | None) -> str:
    if cents is None:
        return ""
    return f"{cents // 100}" if cents % 100 == 0 else f"{cents / 100:.2f}"
