"""What ShopMonkey says of texts and email becomes entries of the consent ledger, where it says something new."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.db import db
from app.leads.models import Customer, Lead
from app.leads.places import places_of
from app.messaging.attestations import attestation_at
from app.messaging.consent_rules import months_later
from app.messaging.consents import opt_in_unless_refused, record_consent
from app.messaging.law import INQUIRY_MONTHS, in_canada

FLAG = "ShopMonkey opt-in"
FORM = "Website form"


@dataclass(frozen=True, slots=True)
class Flag:
    """One address of a customer with ShopMonkey's own word on it: `optIn` of a number, `subscribed` of an email."""

    channel: str
    address: str
    allowed: bool


def flags_before(company_id: int, shopmonkey_id: str) -> tuple[Flag, ...]:
    """What the customer's row says now, before it is brought up to date."""
    known = select(Customer).where(Customer.company_id == company_id, Customer.shopmonkey_id == shopmonkey_id)
    customer = db.session.scalar(known)
    return _flags(customer) if customer else ()


def keep_consents(lead: Lead, before: tuple[Flag, ...], now: datetime) -> None:
    """Bring the ledger in step with the lead's customer, whose row was `before`.

    A STOP is the person's own: no flag and no order lifts it. In Canada an inquiry implies consent for six months only
    (CASL), unless the store has attested the words that people agree to. Locks addresses: lock leads first.
    """
    customer = lead.customer
    if customer is None:
        return
    for flag in _flags(customer):
        if flag.allowed:
            _opt_in(lead, flag, FLAG, now)
        elif Flag(flag.channel, flag.address, True) in before:
            record_consent(
                company_id=lead.company_id,
                location_id=lead.location_id,
                channel=flag.channel,
                address=flag.address,
                kind="opt_out",
                source=FLAG,
                at=now,
            )
        _attested(lead, flag, now)


def _opt_in(lead: Lead, flag: Flag, source: str, now: datetime, attestation_id: int | None = None) -> None:
    implied = attestation_id is None and any(in_canada(place.zone, place.region) for place in places_of(lead))
    opt_in_unless_refused(
        company_id=lead.company_id,
        location_id=lead.location_id,
        channel=flag.channel,
        address=flag.address,
        source=source,
        at=now,
        expires_at=months_later(_asked_at(lead, now), INQUIRY_MONTHS) if implied else None,
        attestation_id=attestation_id,
    )


def _attested(lead: Lead, flag: Flag, now: datetime) -> None:
    attestation = attestation_at(lead.company_id, lead.location_id, _asked_at(lead, now))
    if attestation and (attestation.covers_sms if flag.channel == "sms" else attestation.covers_email):
        _opt_in(lead, flag, FORM, now, attestation.id)


def _asked_at(lead: Lead, now: datetime) -> datetime:
    return lead.order_created_at or now


def _flags(customer: Customer) -> tuple[Flag, ...]:
    found = []
    if customer.phone:
        found.append(Flag("sms", customer.phone, customer.sms_opt_in))
    if customer.email:
        found.append(Flag("email", customer.email, customer.email_subscribed))
    return tuple(found)
