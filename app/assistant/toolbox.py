"""The assistant's tools, bound to one lead and store. They return finished wording; amounts in it are proven."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.assistant.amounts import numbers_in
from app.assistant.brief import LeadBrief, StoreBrief
from app.assistant.quotes import Quote, quotes_for
from app.catalog.models import Service
from app.catalog.search import offered, search, services_of
from app.db import db

HandOver = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool gave: wording for the model, the amounts in cents that it proves, and numbers that names carry."""

    content: str
    amounts: frozenset[int] = field(default_factory=frozenset)
    harmless: frozenset[str] = field(default_factory=frozenset)


class Toolbox:
    """Runs tools for one lead. Arguments never name a lead, a store or a price. A wrong call gets words, no error.

    `said` is every amount in cents that the conversation has told the customer so far.
    """

    def __init__(
        self,
        store: StoreBrief,
        lead: LeadBrief,
        hand_over: HandOver,
        now: datetime,
        said: frozenset[int] = frozenset(),
    ) -> None:
        self._store = store
        self._lead = lead
        self._hand_over = hand_over
        self._now = now
        self._said = said
        self._tools: dict[str, Callable[[dict[str, Any]], Outcome]] = {
            "search_services": self._search_services,
            "price_for_vehicle": self._price_for_vehicle,
            "store_facts": self._store_facts,
            "hand_over": self._ask_for_a_person,
        }

    def call(self, name: str, arguments: dict[str, Any]) -> Outcome:
        """Run one tool; what it read and kept is done when this returns."""
        tool = self._tools.get(name)
        if tool is None:
            return Outcome(f"There is no tool named {name}.")
        try:
            outcome = tool(arguments)
            db.session.commit()
            return outcome
        finally:
            db.session.remove()

    def _search_services(self, arguments: dict[str, Any]) -> Outcome:
        query = str(arguments.get("query", ""))[:200]
        hits = search(services_of(self._store.location_id), query)
        if not hits:
            return Outcome("No service in this store's catalogue matches those words.")
        quotes = self._quotes(hits)
        amounts = frozenset().union(*(quote.amounts for quote in quotes.values()))
        named = numbers_in(" ".join(f"{hit.name} {hit.description}" for hit in hits))
        return Outcome("\n".join(self._line(hit, quotes[hit.id].wording) for hit in hits), amounts, named)

    def _quotes(self, services: list[Service]) -> dict[int, Quote]:
        return quotes_for(self._lead.lead_id, services, self._lead.vehicle_class, self._said, self._now)

    def _line(self, service: Service, price: str) -> str:
        parts = [f"- [id {service.id}] {service.name}", price, _duration(service.duration_minutes), service.description]
        return " | ".join(part for part in parts if part)

    def _price_for_vehicle(self, arguments: dict[str, Any]) -> Outcome:
        service = self._service(arguments.get("service_id"))
        if service is None:
            return Outcome("No service of this store has that id.")
        vehicle = self._lead.vehicle_name or "the customer's vehicle (not known yet)"
        name = service.name
        quote = self._quotes([service])[service.id]
        if quote.price.kind == "ask":
            return Outcome(f"{name} for {vehicle}: priced on request; the store's team quotes it.")
        if quote.price.kind == "to_confirm":
            return Outcome(f"{name} for {vehicle}: price to be confirmed by the store's team; name no amount.")
        if service.class_prices and self._lead.vehicle_class is None:
            return Outcome(
                f"{name} depends on the vehicle: {quote.wording}. Ask what they drive.", quote.amounts, numbers_in(name)
            )
        return Outcome(f"{name} for {vehicle}: {quote.wording}.", quote.amounts, numbers_in(name))

    def _service(self, service_id: object) -> Service | None:
        if not isinstance(service_id, int) or not 0 < service_id < 2**63:
            return None
        return db.session.scalar(select(Service).where(Service.id == service_id, offered(self._store.location_id)))

    def _store_facts(self, _: dict[str, Any]) -> Outcome:
        store = self._store
        facts = [
            f"{store.name}.",
            store.open_wording(self._now) and f"{store.open_wording(self._now)}.",
            f"Opening hours: {store.hours_wording()}",
            store.address and f"Address: {store.address}.",
            store.phone and f"Phone: {store.phone}.",
            store.website and f"Website: {store.website}",
        ]
        told = " ".join(fact for fact in facts if fact)
        return Outcome(told, harmless=numbers_in(told))

    def _ask_for_a_person(self, arguments: dict[str, Any]) -> Outcome:
        asked = self._hand_over(str(arguments.get("reason", ""))[:300] or "The customer asked for a person.")
        return Outcome("The team has been asked to join." if asked else "The team had already been asked to join.")


def _duration(minutes: int | None) -> str:
    if not minutes:
        return ""
    hours = minutes / 60
    return f"about {minutes} min" if hours < 1 else f"about {hours:g} h"
