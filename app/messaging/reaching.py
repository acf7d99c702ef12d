"""Whether an address can be written to at all: nothing is known against it, and the consent ledger allows it."""

from datetime import datetime

from sqlalchemy import and_, bindparam, literal, select

from app.db import db, prepared
from app.lib import clock
from app.messaging.bad_numbers import why_bad
from app.messaging.consent_rules import Entry, reason_against
from app.messaging.consents import OF_ADDRESS, normal_address
from app.messaging.models import BadNumber, Consent

NOT_SET_UP = {"sms": "SMS is not set up", "email": "Email is not set up"}
NO_ADDRESS = {"sms": "No mobile number on file", "email": "No email address on file"}

_bad = and_(BadNumber.company_id == bindparam("company_id"), BadNumber.address == bindparam("address"))
# Both in one go, for every message asks it twice.
KNOWN = prepared(
    select(BadNumber.since, BadNumber.code, Consent.kind, Consent.at, Consent.expires_at)
    .select_from(select(literal(1)).subquery("this"))
    .outerjoin(BadNumber, _bad)
    .outerjoin(Consent, OF_ADDRESS)
    .order_by(Consent.id.desc())
)


def may_reach(
    company_id: int, channel: str, address: str | None, location_id: int | None, now: datetime | None = None,
    *, asked: bool = False,
) -> str | None:  # fmt: skip
    """None when a message may go to this address, else the reason in words staff can read.

    A number that cannot receive texts or a mailbox that takes no mail comes first, then the ledger, as `may_send`
    reads it.
    """
    if not address:
        return NO_ADDRESS[channel]
    asked_of = {"company_id": company_id, "location_id": location_id, "channel": channel}
    rows = db.session.execute(KNOWN, {**asked_of, "address": normal_address(channel, address)}).all()
    if rows[0].since is not None:
        return why_bad(address, rows[0].code)
    entries = [Entry(row.kind, row.at, row.expires_at) for row in rows if row.kind]
    return reason_against(entries, channel, now or clock.now(), asked)
