"""Tools about what the store sells: search, the price for this vehicle, and the sum of several services."""

from collections.abc import Sequence
from typing import Any

from app.assistant.amounts import numbers_in
from app.assistant.facts import Learned, PriceFact, TotalFact
from app.assistant.fencing import field
from app.assistant.quotes import facts_of, offered_services
from app.assistant.terms import speaks_of_terms
from app.assistant.tooling import AssistantTool, Desk, Outcome, described
from app.catalog.models import Service
from app.catalog.pricing import Price
from app.catalog.search import search, services_of

MOST_TOGETHER = 8
LONGEST_DESCRIPTION = 400


def search_services(desk: Desk, arguments: dict[str, Any]) -> Outcome:
    """The services that answer a query best, with their prices for this vehicle."""
    hits = search(services_of(desk.store.location_id), str(arguments.get("query", ""))[:200])
    if not hits:
        return Outcome("No service in this store's catalogue matches those words.")
    facts = facts_of(desk, hits)
    lines = (_line(hit, fact.wording) for hit, fact in zip(hits, facts, strict=True))
    return Outcome("\n".join(lines), learned_of(facts, hits))


def price_for_vehicle(desk: Desk, arguments: dict[str, Any]) -> Outcome:
    """One service's price for this customer's own vehicle."""
    services = offered_services(desk, [arguments.get("service_id")])
    if not services:
        return Outcome("No service of this store has that id.")
    service, name = services[0], field(services[0].name)
    vehicle = field(desk.lead.vehicle_name, 100) or "the customer's vehicle (not known yet)"
    facts = facts_of(desk, services)
    price = facts[0].price
    if price.kind == "ask":
        return Outcome(f"{name} for {vehicle}: priced on request; the store's team quotes it.")
    if price.kind == "to_confirm":
        return Outcome(f"{name} for {vehicle}: price to be confirmed by the store's team; name no amount.")
    learned = learned_of(facts, services, asked=(service.id,))
    if service.class_prices and desk.lead.vehicle_class is None:
        return Outcome(f"{name} depends on the vehicle: {facts[0].wording}. Ask what they drive.", learned)
    return Outcome(f"{name} for {vehicle}: {facts[0].wording}.", learned)


def quote_total(desk: Desk, arguments: dict[str, Any]) -> Outcome:
    """What several services cost together for this vehicle: the only source of a sum."""
    wanted = arguments.get("service_ids")
    ids = list(dict.fromkeys(one for one in wanted if isinstance(one, int))) if isinstance(wanted, list) else []
    services = offered_services(desk, ids[:MOST_TOGETHER])
    if len(services) < 2 or len(services) < len(ids):
        return Outcome("Give the ids of two to eight different services of this store, as search_services told them.")
    facts = facts_of(desk, services)
    lines = [f"- {field(fact.name)}: {fact.wording}" for fact in facts]
    untold = [field(fact.name) for fact in facts if not fact.price.told]
    if untold:
        lines.append(f"No total: {' and '.join(untold)} is priced by the store's team.")
        return Outcome("\n".join(lines), learned_of(facts, services))
    total = total_of([fact.price for fact in facts])
    lines.append(f"All together: {total.wording}.")
    ids_together = tuple(fact.service_id for fact in facts)
    return Outcome("\n".join(lines), learned_of(facts, services, totals=(TotalFact(ids_together, total),)))


def total_of(prices: Sequence[Price]) -> Price:
    """The sum: exact only where all are; a range where one is and none is open-ended; else "from"."""
    kinds = {price.kind for price in prices}
    low = sum(price.low_cents or 0 for price in prices)
    if kinds == {"exact"}:
        return Price("exact", low, None, prices[0].currency)
    if "from" in kinds:
        return Price("from", low, None, prices[0].currency)
    return Price("range", low, sum(price.high_cents or price.low_cents or 0 for price in prices), prices[0].currency)


def learned_of(
    facts: Sequence[PriceFact],
    services: Sequence[Service],
    asked: tuple[int, ...] = (),
    totals: tuple[TotalFact, ...] = (),
) -> Learned:
    """What telling these prices proves, with how long each takes and the numbers that names and descriptions carry."""
    named = numbers_in(" ".join(f"{service.name} {service.description}" for service in services))
    told = tuple(fact for fact in facts if fact.price.told)
    minutes = tuple(service.duration_minutes for service in services if service.duration_minutes)
    terms = tuple(
        (service.name, description)
        for service in services
        if speaks_of_terms(description := field(service.description, LONGEST_DESCRIPTION))
    )
    harmless = tuple(sorted(named))
    return Learned(prices=told, totals=totals, asked=asked, harmless=harmless, durations=minutes, terms=terms)


def _line(service: Service, price: str) -> str:
    told = (price, duration(service.duration_minutes), field(service.description, LONGEST_DESCRIPTION))
    return " | ".join((f"- [id {service.id}] {cell(field(service.name))}", *(cell(part) for part in told if part)))


def cell(text: str) -> str:
    """A column of a line: catalogue text opens no further one."""
    return text.replace("|", "/")


def duration(minutes: int | None) -> str:
    """`about 2.5 h`; empty where it is not known."""
    if not minutes:
        return ""
    hours = minutes / 60
    return f"about {minutes} min" if hours < 1 else f"about {hours:g} h"


TOOLS = (
    AssistantTool(
        described(
            "search_services",
            "Search this store's catalogue. Returns matching services with id, price wording, duration and "
            "description.",
            {"query": {"type": "string", "description": "What the customer wants, in a few English words"}},
        ),
        search_services,
    ),
    AssistantTool(
        described(
            "price_for_vehicle",
            "The price of one service for this customer's own vehicle, as finished wording to quote as it stands.",
            {"service_id": {"type": "integer", "description": "The id that search_services gave"}},
        ),
        price_for_vehicle,
    ),
    AssistantTool(
        described(
            "quote_total",
            "What two to eight services cost together for this customer's vehicle, each price and the sum, as finished "
            "wording. The only source of a sum: never add up yourself.",
            {
                "service_ids": {
                    "type": "array",
                    "items": {"type": "integer"},
                    "description": "The ids that search_services gave",
                }
            },
        ),
        quote_total,
    ),
)
