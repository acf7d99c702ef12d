"""Everything that is kept about one person: what they allowed, what was sent, said and planned, and what was not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from app.booking.models import Appointment, AppointmentChange
from app.chat.models import Conversation, Message
from app.db import db
from app.leads.models import Customer, Lead, LeadEvent
from app.messaging.consents import normal_address
from app.messaging.models import BadNumber, Consent, ConsentAttestation, Delivery, DeliveryEvent, InboundMail
from app.touchpoints.models import TouchPoint

# Ours, and of no use as evidence.
LEFT_OUT = frozenset(
    {"html", "dedupe_key", "public_id", "claimed_until", "link_generation", "changed_seq", "part", "during"}
)

TOKEN = re.compile(r"([?&]token=)[\w.~%-]+")


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever answers to these addresses at a company. `stores` limits what is told to those stores; None to none."""

    company_id: int
    phones: frozenset[str]
    emails: frozenset[str]
    stores: frozenset[int] | None = None


def person_of(lead: Lead, stores: Sequence[int] | None = None) -> Person:
    """The person behind a lead."""
    customer = lead.customer
    phone = customer.phone if customer else None
    email = customer.email if customer else None
    return Person(
        company_id=lead.company_id,
        phones=frozenset({normal_address("sms", phone)} if phone else ()),
        emails=frozenset({normal_address("email", email)} if email else ()),
        stores=None if stores is None else frozenset(stores),
    )


def record_of(lead: Lead, person: Person, now: datetime) -> dict[str, Any]:
    """The whole record of the person behind `lead`: plain values that JSON can hold, each list oldest first.

    Consents that another store or company wrote are told too where they bind this one, but without naming whose. Links
    into the chat are cut: they would open it.
    """
    lead_ids = sorted({lead.id, *db.session.scalars(_leads_of(person))})
    conversations = select(Conversation.id).where(Conversation.lead_id.in_(lead_ids))
    consents = _rows(Consent, _addressed(Consent, Consent.address, person, Consent.scope == "franchise"))
    attested = [one["attestation_id"] for one in consents if one["attestation_id"]]
    to_them = and_(_addressed(Delivery, Delivery.recipient, person), _at(Delivery, person))
    sent = or_(Delivery.lead_id.in_(lead_ids), to_them)
    visits = or_(Appointment.lead_id.in_(lead_ids), and_(_visiting(person), _at(Appointment, person)))
    sent = and_(sent, Delivery.purpose != "staff")
    return {
        "exported_at": now.isoformat(),
        "timezone": lead.location.timezone,
        "person": {"phones": sorted(person.phones), "emails": sorted(person.emails)},
        "customers": _rows(Customer, Customer.id.in_(select(Lead.customer_id).where(Lead.id.in_(lead_ids)))),
        "leads": _rows(Lead, Lead.id.in_(lead_ids)),
        "consents": [_without_other_stores(one, person) for one in consents],
        "attestations": _rows(ConsentAttestation, ConsentAttestation.id.in_(attested)),
        "numbers_that_cannot_receive_texts": _unreachable(person, person.phones),
        "mailboxes_that_take_no_mail": _unreachable(person, person.emails),
        "touch_points": _rows(TouchPoint, TouchPoint.lead_id.in_(lead_ids)),
        "deliveries": _rows(Delivery, sent),
        "delivery_reports": _rows(DeliveryEvent, DeliveryEvent.delivery_id.in_(select(Delivery.id).where(sent))),
        "incoming_emails": _rows(InboundMail, InboundMail.lead_id.in_(lead_ids)),
        "visits": _rows(Appointment, visits),
        "visit_changes": _rows(
            AppointmentChange, AppointmentChange.appointment_id.in_(select(Appointment.id).where(visits))
        ),
        "messages": _rows(Message, Message.conversation_id.in_(conversations)),
        "timeline": _rows(LeadEvent, LeadEvent.lead_id.in_(lead_ids)),
    }


def _leads_of(person: Person) -> Any:
    same = or_(Customer.phone.in_(person.phones), Customer.email.in_(person.emails))
    found = select(Lead.id).join(Customer, Customer.id == Lead.customer_id)
    return found.where(Lead.company_id == person.company_id, same, _at(Lead, person))


def _visiting(person: Person) -> ColumnElement[bool]:
    """Visits that staff wrote down for somebody without a lead."""
    same = or_(Appointment.customer_phone.in_(person.phones), func.lower(Appointment.customer_email).in_(person.emails))
    return and_(Appointment.company_id == person.company_id, same)


def _unreachable(person: Person, addresses: frozenset[str]) -> list[dict[str, Any]]:
    return _rows(BadNumber, and_(BadNumber.company_id == person.company_id, BadNumber.address.in_(addresses)))


def _at(table: Any, person: Person) -> ColumnElement[bool]:
    return true() if person.stores is None else table.location_id.in_(person.stores)


def _addressed(table: Any, address: Any, person: Person, *everywhere: ColumnElement[bool]) -> ColumnElement[bool]:
    sms = and_(table.channel == "sms", address.in_(person.phones))
    email = and_(table.channel == "email", address.in_(person.emails))
    return and_(or_(table.company_id == person.company_id, *everywhere), or_(sms, email))


def _without_other_stores(consent: dict[str, Any], person: Person) -> dict[str, Any]:
    own = consent["company_id"] == person.company_id
    if own and (person.stores is None or consent["location_id"] in (None, *person.stores)):
        return consent
    return {**consent, "company_id": person.company_id if own else "another company", "location_id": "another store"}


def _rows(table: Any, condition: ColumnElement[bool]) -> list[dict[str, Any]]:
    columns = [column for column in table.__table__.columns if column.name not in LEFT_OUT]
    found = db.session.execute(select(*columns).where(condition).order_by(*table.__table__.primary_key.columns))
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in found]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, str):
        return TOKEN.sub(r"\1…", value)
    return str(value) if isinstance(value, Decimal) else value
