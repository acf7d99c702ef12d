"""The price that a customer was given stays theirs for the conversation, whatever the price list says meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.assistant.models import PriceReceipt
from app.catalog.models import Service
from app.catalog.pricing import Price
from app.db import db


@dataclass(frozen=True, slots=True)
class Quote:
    """What a service costs this customer. `listed` is the price list's newer price, where that differs."""

    price: Price
    listed: Price | None = None

    @property
    def wording(self) -> str:
        """Finished wording: the quoted price, and that it has changed since."""
        if self.listed is None:
            return self.price.wording
        return f"{self.price.wording}, as quoted earlier in this conversation ({self._change})"

    @property
    def amounts(self) -> frozenset[int]:
        """Every amount in cents that naming it may say."""
        return self.price.amounts | (self.listed.amounts if self.listed else frozenset())

    @property
    def _change(self) -> str:
        now = f"is now {self.listed.wording}" if self.listed and self.listed.told else "no longer names one"
        return f"the price list has changed since and {now}; this customer keeps the quoted price: say both"


def quotes_for(
    lead_id: int, services: Iterable[Service], vehicle_class: str | None, said: frozenset[int], now: datetime
) -> dict[int, Quote]:
    """What each service costs this lead, by service id. Keeps the prices given now for later; commits nothing.

    A price counts as quoted when a tool gave it and the conversation named it: `said` is every amount in cents that
    the customer has been told in it.
    """
    wanted = {service.id: service.price_for(vehicle_class) for service in services}
    kept = _receipts(lead_id, wanted, vehicle_class or "")
    quoted = {key: receipt.price for key, receipt in kept.items() if receipt.price.amounts & said}
    same = {key for key, receipt in kept.items() if receipt.price == wanted[key]}
    given = {key: price for key, price in wanted.items() if price.told and key not in quoted and key not in same}
    _keep(lead_id, vehicle_class or "", given, now)
    return {key: _quote(quoted.get(key, price), price) for key, price in wanted.items()}


def _quote(given: Price, listed: Price) -> Quote:
    return Quote(given) if given == listed else Quote(given, listed)


def _receipts(lead_id: int, wanted: Iterable[int], vehicle_class: str) -> dict[int, PriceReceipt]:
    query = select(PriceReceipt).where(
        PriceReceipt.lead_id == lead_id,
        PriceReceipt.service_id.in_(list(wanted)),
        PriceReceipt.vehicle_class == vehicle_class,
    )
    return {receipt.service_id: receipt for receipt in db.session.scalars(query)}


def _keep(lead_id: int, vehicle_class: str, prices: dict[int, Price], now: datetime) -> None:
    if not prices:
        return
    rows = [
        {
            "lead_id": lead_id,
            "service_id": service_id,
            "vehicle_class": vehicle_class,
            "kind": price.kind,
            "low_cents": price.low_cents,
            "high_cents": price.high_cents,
            "currency": price.currency,
            "given_at": now,
        }
        for service_id, price in sorted(prices.items())
    ]
    receipt = insert(PriceReceipt).values(rows)
    newer = {name: receipt.excluded[name] for name in ("kind", "low_cents", "high_cents", "currency", "given_at")}
    places = [PriceReceipt.lead_id, PriceReceipt.service_id, PriceReceipt.vehicle_class]
    db.session.execute(receipt.on_conflict_do_update(index_elements=places, set_=newer))
