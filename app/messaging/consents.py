"""The consent ledger: append-only, keyed by company, channel and normalised address."""

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from sqlalchemy import Row, Text, and_, bindparam, func, or_, select

from app.db import db, prepared
from app.lib import clock, events
from app.lib.phone import normalise
from app.messaging.consent_rules import Entry, reason_against
from app.messaging.events import ConsentChanged
from app.messaging.models import Consent

# An entry: its kind, source, time, end, and attestation.
Reaching = Row[str, str, datetime, datetime | None, int | None]

# Asked for every message.
LOCK = prepared(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("key", type_=Text), 0))))
_here = and_(
    Consent.company_id == bindparam("company_id"),
    or_(Consent.scope == "company", Consent.location_id == bindparam("location_id")),
)
# The entries of an address that reach a store of a company.
OF_ADDRESS = and_(
    Consent.channel == bindparam("channel"),
    Consent.address == bindparam("address"),
    or_(_here, Consent.scope == "franchise"),
)
REACHING = prepared(
    select(Consent.kind, Consent.source, Consent.at, Consent.expires_at, Consent.attestation_id)
    .where(OF_ADDRESS)
    .order_by(Consent.id.desc())
)


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
    expires_at: datetime | None = None,
    attestation_id: int | None = None,
) -> Consent:
    """Add an `opt_in` or `opt_out`. What a fence decides after this commits, it decides by this entry.

    `scope` is how far it reaches: the `location`, the `company`, or the `franchise`, which is every company here.
    Takes the address's lock: a caller that also locks leads locks those first, as the fence does.
    """
    address = normal_address(channel, address)
    lock_address(channel, address)
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
        expires_at=expires_at,
        attestation_id=attestation_id,
    )
    db.session.add(consent)
    db.session.flush()
    events.publish(ConsentChanged(company_id, location_id, channel, address, kind, scope))
    return consent


def opt_in_unless_refused(
    *,
    company_id: int,
    channel: str,
    address: str,
    source: str,
    at: datetime,
    location_id: int,
    expires_at: datetime | None = None,
    attestation_id: int | None = None,
) -> Consent | None:
    """Add an opt-in that somebody else reports of the person; None where the ledger has it, or knows better.

    An opt-out of another source stands until the person lifts it. Locks the address as `record_consent` does.
    """
    lock_address(channel, normal_address(channel, address))
    found = entries(company_id, channel, address, location_id)
    opt_outs = list(takewhile(lambda entry: entry.kind == "opt_out", found))
    if any(entry.source != source for entry in opt_outs):
        return None
    for entry in takewhile(lambda entry: entry.kind == "opt_in", found):
        same = entry.source == source and entry.attestation_id == attestation_id
        if same and (entry.expires_at is None or (expires_at is not None and entry.expires_at >= expires_at)):
            return None
    return record_consent(
        company_id=company_id,
        location_id=location_id,
        channel=channel,
        address=address,
        kind="opt_in",
        source=source,
        at=at,
        expires_at=expires_at,
        attestation_id=attestation_id,
    )


def may_send(
    company_id: int,
    channel: str,
    address: str,
    location_id: int | None = None,
    now: datetime | None = None,
    *,
    asked: bool = False,
) -> str | None:
    """None when the ledger allows it, else the reason in words staff can read.

    Of the entries that reach this store of the company, the newest opt-out and what came after it decide. `asked` is a
    message that answers the person's own: it needs no opt-in. Without `location_id` entries of single stores are
    left out.
    """
    found = [Entry(one.kind, one.at, one.expires_at) for one in entries(company_id, channel, address, location_id)]
    return reason_against(found, channel, now or clock.now(), asked)


def entries(company_id: int, channel: str, address: str, location_id: int | None = None) -> Sequence[Reaching]:
    """The entries of an address that reach this store of the company, newest first."""
    whose = {"company_id": company_id, "location_id": location_id}
    asked = {**whose, "channel": channel, "address": normal_address(channel, address)}
    return db.session.execute(REACHING, asked).all()


def normal_address(channel: str, address: str) -> str:
    """The one spelling of an address: E.164 for SMS, lower case for email."""
    if channel == "sms":
        return normalise(address) or address.strip()
    return address.strip().lower()


def lock_address(channel: str, address: str) -> None:
    """Until the transaction ends, nobody else decides or changes what this address allows.

    One lock for all companies: an entry may reach every one of them.
    """
    db.session.execute(LOCK, {"key": f"consent:{channel}:{normal_address(channel, address)}"})
