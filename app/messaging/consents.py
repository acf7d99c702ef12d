"""The consent ledger: append-only, keyed by company, channel and normalised address."""

from datetime import datetime

from sqlalchemy import func, select

from app.db import db
from app.lib import events
from app.lib.phone import normalise
from app.messaging.events import ConsentChanged
from app.messaging.models import Consent


def record_consent(
    *,
    company_id: int,
    channel: str,
    address: str,
    kind: str,
    source: str,
    at: datetime,
    wording: str | None = None,
    location_id: int | None = None,
    scope: str = "company",
) -> Consent:
    """Add an `opt_in` or `opt_out`. What a fence decides after this commits, it decides by this entry.

    Takes the address's lock: a caller that also locks leads locks those first, as the fence does.
    """
    address = normal_address(channel, address)
    lock_address(company_id, channel, address)
    consent = Consent(
        company_id=company_id,
        location_id=location_id,
        scope=scope,
        channel=channel,
        address=address,
        kind=kind,
        source=source,
        wording=wording,
        at=at,
    )
    db.session.add(consent)
    db.session.flush()
    events.publish(ConsentChanged(company_id, location_id, channel, address, kind, scope))
    return consent


def may_send(company_id: int, channel: str, address: str) -> str | None:
    """None when nothing in the ledger forbids it, else the reason in words staff can read. The newest entry decides."""
    latest = db.session.execute(
        select(Consent)
        .where(
            Consent.company_id == company_id,
            Consent.channel == channel,
            Consent.address == normal_address(channel, address),
        )
        .order_by(Consent.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if latest is None or latest.kind == "opt_in":
        return None
    word = "texts" if channel == "sms" else "email"
    return f"Opted out of {word} on {latest.at:%B} {latest.at.day}, {latest.at.year}"


def normal_address(channel: str, address: str) -> str:
    """The one spelling of an address: E.164 for SMS, lower case for email."""
    if channel == "sms":
        return normalise(address) or address.strip()
    return address.strip().lower()


def lock_address(company_id: int, channel: str, address: str) -> None:
    """Until the transaction ends, nobody else decides or changes what this address allows."""
    key = f"consent:{company_id}:{channel}:{normal_address(channel, address)}"
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
