"""A store's own prices: they win over what ShopMonkey lists, and stay through every sync."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.catalog import versions
from app.catalog.models import ClassPrice, Service
from app.catalog.pricing import CLASSES, can_be_a_price
from app.db import db

KINDS = ("exact", "from", "range", "ask")


class PriceProblem(ValueError):
    """The price cannot stand as it was given; the message is for the person who gave it, `field` names the input."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class StorePrice:
    """A price as a store sets it. With `by_class` it is exact per class of vehicle, and their span in general."""

    kind: str
    low_cents: int | None = None
    high_cents: int | None = None
    by_class: Mapping[str, int] = field(default_factory=dict)

    def checked(self) -> "StorePrice":
        """The price with nothing that its kind has no use for. Raises PriceProblem."""
        if self.by_class:
            return self._per_class()
        if self.kind not in KINDS:
            raise PriceProblem("Choose what kind of price it is.", "kind")
        if self.kind == "ask":
            return StorePrice("ask")
        low = _amount(self.low_cents, "low")
        if self.kind != "range":
            return StorePrice(self.kind, low)
        high = _amount(self.high_cents, "high")
        if high <= low:
            raise PriceProblem("The higher amount must be above the lower one.", "high")
        return StorePrice("range", low, high)

    def _per_class(self) -> "StorePrice":
        for name, cents in self.by_class.items():
            if name not in CLASSES:
                raise PriceProblem(f"There is no vehicle class {name}.", "kind")
            _amount(cents, f"class_{name}")
        low, high = min(self.by_class.values()), max(self.by_class.values())
        return StorePrice("range" if high > low else "exact", low, high if high > low else None, self.by_class)


def set_price(service: Service, price: StorePrice, now: datetime) -> None:
    """Give the service the store's own price. Raises PriceProblem; commits nothing."""
    set_prices(service.location_id, [(service, price)], now)


def set_prices(location_id: int, prices: Iterable[tuple[Service, StorePrice]], now: datetime) -> None:
    """Give services of one store its own prices. Raises PriceProblem; commits nothing."""
    checked = [(service, price.checked()) for service, price in prices]
    _hold(service for service, _ in checked)
    for service, given in checked:
        service.kind, service.low_cents, service.high_cents = given.kind, given.low_cents, given.high_cents
        service.price_set_at = now
        _replace_classes(service, given.by_class)
    versions.record(location_id, now)


def clear_price(service: Service, now: datetime) -> None:
    """Go back to what ShopMonkey lists. Commits nothing."""
    _hold([service])
    service.kind, service.low_cents, service.high_cents = service.listed_kind, service.listed_cents, None
    service.price_set_at = None
    _replace_classes(service, {})
    versions.record(service.location_id, now)


def _hold(services: Iterable[Service]) -> None:
    """Lock the rows and read them anew.

    A sync may have committed since the caller read them: what it listed would be written over with what stood there
    before, and an amount that only looks unchanged would not be written at all.
    """
    db.session.flush()
    held = select(Service).where(Service.id.in_([service.id for service in services])).order_by(Service.id)
    fresh = held.with_for_update(of=Service, key_share=True).execution_options(populate_existing=True)
    db.session.scalars(fresh).all()


def _replace_classes(service: Service, by_class: Mapping[str, int]) -> None:
    # Out before in: the same class may come back, and there is one row per class.
    service.class_prices.clear()
    db.session.flush()
    service.class_prices.extend(
        ClassPrice(vehicle_class=name, kind="exact", low_cents=cents) for name, cents in by_class.items()
    )
    db.session.flush()


def _amount(cents: int | None, where: str) -> int:
    if cents is None:
        raise PriceProblem("Enter an amount.", where)
    if not can_be_a_price(cents):
        raise PriceProblem("Enter an amount from $1 to $50,000.", where)
    return cents
