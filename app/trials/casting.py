"""A scenario at one store: which of its services are meant, and the customer who asks, written into the database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from app import booking, chat, messaging
from app.assistant.visit_services import quoted
from app.catalog.models import Service
from app.catalog.search import by_category, services_of
from app.db import db
from app.leads.models import Customer, Lead, RequestedService, Vehicle
from app.locations.models import Location
from app.trials.scenario import Scenario

VEHICLES = {
    "sedan": (2021, "Toyota", "Camry", "Sedan"),
    "suv": (2022, "Honda", "CR-V", "SUV"),
    "truck": (2023, "Ford", "F-150", "Truck"),
    "coupe": (2020, "Ford", "Mustang", "Coupe"),
}
BOOKABLE_MINUTES = 240
_numbers = count(1)


class NotThere(Exception):
    """The store's catalogue has no such service, or the store no such day: the scenario is left out there."""


@dataclass(frozen=True, slots=True)
class Cast:
    """A scenario with the store's own services in it. `local_now` is in the store's zone."""

    scenario: Scenario
    name: str
    location_id: int
    services: Mapping[str, Service]
    catalogue: tuple[Service, ...]
    local_now: datetime
    own_addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """The customer of one try: rows of theirs, and what the texts of the scenario may name."""

    lead_id: int
    conversation_id: int
    phone: str
    values: Mapping[str, str]


def cast_at(scenario: Scenario, location: Location) -> list[Cast]:
    """The scenario at this store, once or for every category. Raises NotThere."""
    catalogue = tuple(services_of(location.id))
    local_now = scenario.now.replace(tzinfo=ZoneInfo(location.timezone))
    addresses = (location.website or "", current_app.config["SETTINGS"].public_url)
    usual = Cast(scenario, f"{scenario.name} @ {location.name}", location.id, {}, catalogue, local_now, addresses)
    found = {key: find(how, catalogue) for key, how in scenario.services.items()}
    if scenario.each != "category":
        return [replace(usual, services=found)]
    return [
        replace(usual, name=f"{scenario.name}, {category} @ {location.name}", services={**found, "service": first})
        for category, group in by_category(catalogue)
        if (first := next((one for one in group if one.price.told), None)) is not None
    ]


def find(how: str, catalogue: tuple[Service, ...]) -> Service:
    """A service by a kind of price, `by class`, `bookable`, or `named` some words; `:2` is the second.

    Raises NotThere.
    """
    rule, _, place = how.partition(":")
    names = [service.name for service in catalogue]
    fits = [one for one in catalogue if _fits(one, rule.strip()) and names.count(one.name) == 1]
    at = int(place or 1) - 1
    if at >= len(fits):
        raise NotThere(f"no service: {how}")
    return fits[at]


def _fits(service: Service, rule: str) -> bool:
    if rule.startswith("named "):
        name = service.name.lower().replace(",", "")
        return all(word in name.split() for word in rule.removeprefix("named ").split())
    if rule == "by class":
        return bool(service.class_prices)
    if rule == "bookable":
        return 0 < (service.duration_minutes or 0) <= BOOKABLE_MINUTES and service.kind == "exact"
    return service.kind == rule and not service.class_prices


def person_of(cast: Cast) -> Person:
    """A new customer with their lead, order and conversation at the store. Commits."""
    scenario, number = cast.scenario, next(_numbers)
    location = db.session.get_one(Location, cast.location_id)
    lead = _lead(cast, location, number, "Maria", scenario.vehicle)
    lead.services = [
        RequestedService(
            shopmonkey_id=f"line-{number}-{at}", canned_service_id=cast.services[key].shopmonkey_id,
            name=cast.services[key].name, price_cents=scenario.order_cents, position=at,
        )
        for at, key in enumerate(scenario.order)
    ]  # fmt: skip
    other = _other(cast, location) if scenario.other else {}
    conversation = chat.open_conversation(lead)
    conversation.language = None if scenario.language == "en" else scenario.language
    if scenario.booked is not None:
        _book(cast, lead, scenario.booked)
    customer = lead.customer
    assert customer is not None
    assert customer.phone
    person = Person(lead.id, conversation.id, customer.phone, {**_values(cast, location), **other})
    db.session.commit()
    return person


def _lead(cast: Cast, location: Location, number: int, first_name: str, vehicle: str) -> Lead:
    whose = {"company_id": location.company_id}
    phone = f"+1202555{number % 10000:04d}"
    customer = Customer(
        **whose, shopmonkey_id=f"trial-{number}", first_name=first_name, last_name=f"Trial {number}", phone=phone,
        email=f"trial{number}@example.com", sms_opt_in=True, email_subscribed=True,
        language=None if cast.scenario.language == "en" else cast.scenario.language,
    )  # fmt: skip
    car = None
    if vehicle != "none":
        year, make, model, kind = VEHICLES[vehicle]
        car = Vehicle(**whose, shopmonkey_id=f"trial-{number}", year=year, make=make, model=model, type=kind)
    lead = Lead(
        **whose, location_id=location.id, location=location, customer=customer, vehicle=car,
        shopmonkey_order_id=f"trial-{number}", order_name="New Quote", order_created_at=cast.local_now,
        link_sent_at=cast.local_now,
    )  # fmt: skip
    db.session.add(lead)
    db.session.flush()
    opted_in = {"kind": "opt_in", "source": "trial", "at": cast.local_now - timedelta(days=1)}
    messaging.record_consent(company_id=location.company_id, channel="sms", address=phone, **opted_in)  # type: ignore[arg-type]
    return lead


def _other(cast: Cast, location: Location) -> dict[str, str]:
    """Somebody else with a visit tomorrow."""
    number = next(_numbers)
    lead = _lead(cast, location, number, "Dan", "truck")
    chat.open_conversation(lead)
    _book(cast, lead, cast.scenario.now + timedelta(days=1))
    assert lead.customer is not None
    return {"other_name": lead.customer.name, "other_phone": lead.customer.phone or "", "other_lead": lead.public_id}


def _book(cast: Cast, lead: Lead, local: datetime) -> None:
    services = quoted(lead, [cast.services["service"].id])
    start = local.replace(tzinfo=cast.local_now.tzinfo)
    wish = booking.Wish(
        lead.location_id, start, services, f"trial-{lead.id}", booking.staff("the store"), lead_id=lead.id
    )
    try:
        booking.book(wish, cast.local_now)
    except booking.BookingRefused as refused:
        raise NotThere(f"the store has no such time: {refused}") from refused


def _values(cast: Cast, location: Location) -> dict[str, str]:
    names = {key: service.name for key, service in cast.services.items()}
    elsewhere = select(Location).where(Location.company_id == location.company_id, Location.id != location.id)
    other = db.session.scalars(elsewhere.order_by(Location.id)).first()
    return {
        **names, "store": location.name, "store_phone": location.phone or "",
        "address": location.address1 or location.name,
        "other_store": (other.city or other.name) if other else "Miami",
    }  # fmt: skip
