"""What the chat page and the API say about a lead: its vehicle, its quote, its store's catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from app.booking.wording import price_wording
from app.catalog.models import Service
from app.catalog.pricing import Price, vehicle_class
from app.catalog.search import by_category, search, services_of
from app.chat.booking_words import duration_wording
from app.leads.models import Lead
from app.locations.days import open_now
from app.locations.hours import OpenState
from app.locations.models import Location


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One requested service: its price in words where one is known, and where that price comes from."""

    name: str
    wording: str | None
    source: str | None
    price: Price | None


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """One service as the catalogue shows it to this customer."""

    id: int
    name: str
    description: str
    price: Price
    price_wording: str
    duration_wording: str


def quote_of(lead: Lead) -> list[QuoteLine]:
    """The lead's requested services. The order's own price wins over the catalogue's."""
    services = {service.shopmonkey_id: service for service in services_of(lead.location_id)} if lead.services else {}
    kind = vehicle_class(lead.vehicle.type if lead.vehicle else None)
    lines = []
    for requested in lead.services:
        service = services.get(requested.canned_service_id or "")
        if requested.price_cents is not None or requested.to_confirm:
            told = "to_confirm" if requested.to_confirm else "exact"
            price = Price(told, requested.price_cents, None, lead.location.company.currency)
            lines.append(QuoteLine(requested.name, price_wording(price), _("your quote"), price))
        elif service is not None:
            price = service.price_for(kind)
            lines.append(QuoteLine(requested.name, price_wording(price), _("price list"), price))
        else:
            lines.append(QuoteLine(requested.name, None, None, None))
    return lines


def catalog_of(lead: Lead, query: str = "") -> list[tuple[str, list[CatalogRow]]]:
    """The store's catalogue by category, priced for the lead's vehicle; only what matches where a query is given."""
    kind = vehicle_class(lead.vehicle.type if lead.vehicle else None)
    services: Sequence[Service] = services_of(lead.location_id)
    if query.strip():
        services = search(services, query, limit=50)
    return [(category, [_row(service, kind) for service in found]) for category, found in by_category(services)]


def opening(location: Location, now: datetime) -> OpenState:
    """Whether the store is open now; nothing is claimed where its hours are unknown."""
    return open_now(location, now)


def _row(service: Service, kind: str | None) -> CatalogRow:
    price, minutes = service.price_for(kind), service.duration_minutes
    duration = duration_wording(minutes) if minutes else ""
    return CatalogRow(service.id, service.name, service.description, price, price_wording(price), duration)


def is_demo(location: Location) -> bool:
    """Whether the demo assistant answers here: no provider's key, in the sandbox, at a store that is not live."""
    settings = current_app.config["SETTINGS"]
    return settings.sandbox and not location.live and not (settings.anthropic_api_key or settings.openai_api_key)
