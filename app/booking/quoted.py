"""What an appointment copies of its services: names, durations and prices, as they were quoted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from app.booking.errors import BookingRefused
from app.booking.rules import Rules, Work, ability_for
from app.catalog.models import Service
from app.catalog.pricing import Price, vehicle_class
from app.catalog.search import offered
from app.db import db
from app.leads.models import Lead

MOST_SERVICES = 12


@dataclass(frozen=True, slots=True)
class QuotedService:
    """One service of a visit. `minutes` is what it takes, `abilities` what its bay needs."""

    service_id: int | None
    name: str
    minutes: int
    price: Price
    abilities: frozenset[str] = frozenset()


def quoted_services(
    location_id: int,
    service_ids: Sequence[int],
    rules: Rules,
    lead: Lead | None = None,
    quotes: Mapping[int, Price] | None = None,
) -> list[QuotedService]:
    """The store's services as they are quoted to this lead, in the order asked for; each once.

    The lead's own order wins, then `quotes` by service id, then the price list for the lead's vehicle. Raises
    BookingRefused (unknown_service) for one that the store does not offer, or for none.
    """
    wanted = list(dict.fromkeys(service_ids))
    if not 0 < len(wanted) <= MOST_SERVICES:
        raise BookingRefused("unknown_service", "Choose what is to be done.")
    query = select(Service).where(offered(location_id), Service.id.in_(wanted))
    there = {service.id: service for service in db.session.scalars(query)}
    if missing := [one for one in wanted if one not in there]:
        raise BookingRefused("unknown_service", f"The store does not offer service {missing[0]}.")
    vehicle = vehicle_class(lead.vehicle.type) if lead and lead.vehicle else None
    given = {**(quotes or {}), **(_of_order(lead, there) if lead else {})}
    usual = round(rules.usual / timedelta(minutes=1))
    return [
        QuotedService(
            service.id, service.name, service.duration_minutes or usual,
            given.get(service.id) or service.price_for(vehicle), ability_for(service.name, service.category),
        )
        for service in map(there.__getitem__, wanted)
    ]  # fmt: skip


def work_of(services: Sequence[QuotedService]) -> Work:
    """The work of services that are done in one visit: times add up, and one bay must do all."""
    minutes = sum(service.minutes for service in services)
    return Work(timedelta(minutes=minutes), frozenset().union(*(service.abilities for service in services)))


def total(services: Sequence[QuotedService]) -> Price:
    """The price of all together. One without an amount leaves the whole on request; a `from` makes it one."""
    prices = [service.price for service in services]
    currency = prices[0].currency
    if not all(price.told for price in prices):
        return prices[0] if len(prices) == 1 else Price("ask", None, None, currency)
    low = sum(price.low_cents or 0 for price in prices)
    if any(price.kind == "from" for price in prices):
        return Price("from", low, None, currency)
    high = sum(price.high_cents or price.low_cents or 0 for price in prices)
    return Price("range", low, high, currency) if high > low else Price("exact", low, None, currency)


def _of_order(lead: Lead, services: Mapping[int, Service]) -> dict[int, Price]:
    """What the lead's order says of each service that it prices. One that stands on several lines costs them all."""
    lines: dict[str | None, list[int | None]] = {}
    doubtful = {row.canned_service_id for row in lead.services if row.to_confirm}
    for row in lead.services:
        lines.setdefault(row.canned_service_id, []).append(row.price_cents)
    return {
        key: _of_lines(lines[service.shopmonkey_id], service.currency)
        for key, service in services.items()
        if any(lines.get(service.shopmonkey_id, ())) or service.shopmonkey_id in doubtful
    }


def _of_lines(cents: Sequence[int | None], currency: str) -> Price:
    priced = [one for one in cents if one]
    if len(priced) < len(cents):
        return Price("to_confirm", None, None, currency)
    return Price("exact", sum(priced), None, currency)
