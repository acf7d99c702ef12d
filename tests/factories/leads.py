"""Customers, vehicles and leads. The cast: Maria asks for her Camry; Dan is somebody else."""

from datetime import UTC, datetime
from itertools import count

from app import messaging
from app.db import db
from app.leads.models import Customer, Lead, Vehicle
from app.locations.models import Company, Location
from tests.factories.locations import make_location

_numbers = count(1)


def make_customer(company: Company, **given: object) -> Customer:
    number = next(_numbers)
    customer = Customer(
        **{
            "company_id": company.id,
            "shopmonkey_id": f"customer-{number}",
            "first_name": "Maria",
            "last_name": "Alvarez",
            "phone": f"+1954555{number % 10000:04d}",
            "email": f"maria{number}@example.com",
            "sms_opt_in": True,
            "email_subscribed": True,
            **given,
        }
    )
    db.session.add(customer)
    db.session.flush()
    consents_of(customer)
    return customer


def consents_of(customer: Customer) -> None:
    """The ledger's entries that ShopMonkey's flags on this customer stand for."""
    said = {"sms": (customer.phone, customer.sms_opt_in), "email": (customer.email, customer.email_subscribed)}
    for channel, (address, allowed) in said.items():
        if address and allowed:
            messaging.record_consent(
                company_id=customer.company_id,
                channel=channel,
                address=address,
                kind="opt_in",
                source="ShopMonkey opt-in",
                at=datetime(2026, 1, 1, tzinfo=UTC),
            )


def make_vehicle(company: Company, **given: object) -> Vehicle:
    vehicle = Vehicle(
        **{
            "company_id": company.id,
            "shopmonkey_id": f"vehicle-{next(_numbers)}",
            "year": 2021,
            "make": "Toyota",
            "model": "Camry",
            "type": "Sedan",
            **given,
        }
    )
    db.session.add(vehicle)
    db.session.flush()
    return vehicle


def make_lead(location: Location | None = None, *, customer: Customer | None = None, **given: object) -> Lead:
    location = location or make_location()
    company = location.company
    lead = Lead(
        **{
            "company_id": company.id,
            "location_id": location.id,
            "location": location,
            "customer": customer or make_customer(company),
            "vehicle": make_vehicle(company),
            "shopmonkey_order_id": f"order-{next(_numbers)}",
            "order_name": "New Quote Auto Window Tinting",
            "order_created_at": datetime.now(UTC),
            "link_sent_at": datetime.now(UTC),
            **given,
        }
    )
    db.session.add(lead)
    db.session.flush()
    return lead
