"""What is asked about a lead before it is contacted, and once more at the fence."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from app.chat.holding import is_held
from app.db import db
from app.leads.models import Customer, Lead
from app.leads.places import places_of
from app.messaging import bad_number, may_send, transports
from app.messaging.fence import NOT_SET_UP
from app.messaging.quiet_hours import next_allowed
from app.touchpoints.models import SequenceRun
from app.touchpoints.rules import OPENED, Ways, opened_hold, stopped


def lock_lead(lead_id: int) -> Lead:
    """The lead as committed now; whoever would stop or send to it waits until the transaction ends."""
    # key_share: FOR NO KEY UPDATE, which lets rows that refer to the lead be written meanwhile.
    # Lazily: at the fence and after it most of what hangs on a lead is not asked for.
    statement = select(Lead).where(Lead.id == lead_id).options(lazyload("*"))
    locked = statement.with_for_update(key_share=True, of=Lead).execution_options(populate_existing=True)
    return db.session.execute(locked).scalar_one()


def reason_to_stop(lead: Lead) -> str | None:
    """Why this lead gets no further touch point, or none while staff hold the thread; else None."""
    run = run_of(lead.id)
    if run is not None and run.status == "stopped":
        return run.reason
    return stopped(
        closed=lead.closed,
        booked=lead.stage == "booked",
        engaged=lead.first_engaged_at is not None or lead.stage == "engaged",
        held=is_held(lead.id),
    )


def run_of(lead_id: int) -> SequenceRun | None:
    """The lead's sequence run as committed now."""
    return db.session.get(SequenceRun, lead_id, populate_existing=True)


def look(lead_id: int, channel: str, location_id: int | None = None, waits_at: datetime | None = None) -> str | None:
    """The fence's last question: the reason not to send after all, or None. Locks the lead.

    `location_id` is the store in whose name the message was written. `waits_at` is the present moment for a message
    that waits when the chat has been opened lately.
    """
    lead = lock_lead(lead_id)
    if location_id not in (None, lead.location_id):
        return "The order moved to another store"
    allowed = _sms_allowed if channel == "sms" else _email_allowed
    return reason_to_stop(lead) or _held(lead, waits_at) or allowed(lead.customer)


def ways_to(lead: Lead, now: datetime) -> Ways:
    """What stands against each channel for this lead."""
    return Ways(
        sms_closed=_closed(lead, "sms", _sms_allowed(lead.customer), now),
        email_closed=_closed(lead, "email", _email_allowed(lead.customer), now),
        sms_from=next_allowed(now, places_of(lead), transports().limits_of(lead.location_id)),
    )


def may_text(lead: Lead, now: datetime) -> bool:
    """Whether this person has agreed to texts and has a number that takes them, whatever the hour."""
    return _sms_allowed(lead.customer) is None and _refused(lead, "sms", now) is None


def address_of(lead: Lead, channel: str) -> str:
    """Where the lead is reached; only for a channel that nothing stands against."""
    assert lead.customer is not None
    address = lead.customer.phone if channel == "sms" else lead.customer.email
    assert address is not None
    return address


def _held(lead: Lead, waits_at: datetime | None) -> str | None:
    run = run_of(lead.id)
    if run is not None and run.status == "paused":
        return run.reason
    return OPENED if waits_at and opened_hold(lead.last_opened_at, waits_at) else None


def _closed(lead: Lead, channel: str, reason: str | None, now: datetime) -> str | None:
    if transports().of(channel) is None:
        return NOT_SET_UP[channel]
    return reason or _refused(lead, channel, now)


def _refused(lead: Lead, channel: str, now: datetime) -> str | None:
    return may_send(lead.company_id, channel, address_of(lead, channel), lead.location_id, now)


def _sms_allowed(customer: Customer | None) -> str | None:
    if customer is None or not customer.phone:
        return "No mobile number on file"
    return bad_number(customer.company_id, customer.phone)


def _email_allowed(customer: Customer | None) -> str | None:
    if customer is None or not customer.email:
        return "No email address on file"
    return None
