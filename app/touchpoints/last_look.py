"""What is asked about a lead before it is contacted, and once more at the fence."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload, lazyload

from app.chat.holding import thread_held
from app.db import db
from app.leads.models import Customer, Lead
from app.leads.places import places_of
from app.locations.models import Company, Location
from app.messaging import bad_number, may_send, transports
from app.messaging.fence import NOT_SET_UP
from app.messaging.quiet_hours import next_allowed
from app.touchpoints.models import Sequence, SequenceRun
from app.touchpoints.rules import OPENED, Ways, opened_hold, stopped

NOT_ASKED = "Not asked"

# Asked for every message: built once. key_share: FOR NO KEY UPDATE, which lets rows that refer to the lead be written
# meanwhile.
LOCKED = (
    select(Lead)
    .where(Lead.id == bindparam("lead_id"))
    .options(lazyload("*"))
    .with_for_update(key_share=True, of=Lead)
    .execution_options(populate_existing=True)
)
LOCKED_WITH_PERSON = LOCKED.options(joinedload(Lead.customer))
LOCKED_WHOLE = LOCKED_WITH_PERSON.options(
    joinedload(Lead.vehicle),
    joinedload(Lead.location).joinedload(Location.settings),
    joinedload(Lead.location).joinedload(Location.company).joinedload(Company.settings),
)
STANDING = (
    select(thread_held(Lead.id), SequenceRun, Sequence)
    .select_from(Lead)
    .outerjoin(SequenceRun, SequenceRun.lead_id == Lead.id)
    .outerjoin(Sequence, Sequence.id == SequenceRun.sequence_id)
    .where(Lead.id == bindparam("lead_id"))
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the lead's follow-up stands as committed now: its run, that one's sequence, and if staff hold the thread."""

    run: SequenceRun | None
    sequence: Sequence | None
    held: bool


def lock_lead(lead_id: int) -> Lead:
    """The lead as committed now; whoever would stop or send to it waits until the transaction ends.

    What hangs on it is read when it is asked for.
    """
    return db.session.execute(LOCKED, {"lead_id": lead_id}).scalar_one()


def lock_whole_lead(lead_id: int) -> Lead:
    """The same, with what a message to it needs."""
    return db.session.execute(LOCKED_WHOLE, {"lead_id": lead_id}).scalar_one()


def standing_of(lead_id: int) -> Standing:
    """Read after the lead was locked, it says what nobody else can change before the transaction ends."""
    held, run, sequence = db.session.execute(STANDING, {"lead_id": lead_id}).one()
    return Standing(run, sequence, held)


def reason_to_stop(lead: Lead, standing: Standing | None = None) -> str | None:
    """Why this lead gets no further touch point, or none while staff hold the thread; else None."""
    standing = standing or standing_of(lead.id)
    if standing.run is not None and standing.run.status == "stopped":
        return standing.run.reason
    return stopped(
        closed=lead.closed,
        booked=lead.stage == "booked",
        engaged=lead.first_engaged_at is not None or lead.stage == "engaged",
        held=standing.held,
    )


def look(lead_id: int, channel: str, location_id: int | None = None, waits_at: datetime | None = None) -> str | None:
    """The fence's last question: the reason not to send after all, or None. Locks the lead.

    `location_id` is the store in whose name the message was written. `waits_at` is the present moment for a message
    that waits when the chat has been opened lately. Consent and bad numbers are the fence's own questions.
    """
    lead = db.session.execute(LOCKED_WITH_PERSON, {"lead_id": lead_id}).scalar_one()
    if location_id not in (None, lead.location_id):
        return "The order moved to another store"
    standing = standing_of(lead_id)
    allowed = _no_number if channel == "sms" else _no_mailbox
    return reason_to_stop(lead, standing) or _held(lead, standing.run, waits_at) or allowed(lead.customer)


def ways_to(lead: Lead, now: datetime, wanted: str = "any") -> Ways:
    """What stands against each channel for this lead. What is not wanted, or not needed, is not asked."""
    sms_from = (
        next_allowed(now, places_of(lead), transports().limits_of(lead.location_id)) if wanted != "email" else None
    )
    sms = NOT_ASKED if wanted == "email" else _closed(lead, "sms", _sms_allowed(lead.customer), now)
    enough = wanted == "sms" or (sms is None and sms_from == now)
    email = NOT_ASKED if enough else _closed(lead, "email", _email_allowed(lead.customer), now)
    return Ways(sms_closed=sms, email_closed=email, sms_from=sms_from)


def may_text(lead: Lead, now: datetime) -> bool:
    """Whether this person has agreed to texts and has a number that takes them, whatever the hour."""
    return _sms_allowed(lead.customer) is None and _refused(lead, "sms", now) is None


def address_of(lead: Lead, channel: str) -> str:
    """Where the lead is reached; only for a channel that nothing stands against."""
    assert lead.customer is not None
    address = lead.customer.phone if channel == "sms" else lead.customer.email
    assert address is not None
    return address


def _held(lead: Lead, run: SequenceRun | None, waits_at: datetime | None) -> str | None:
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
        return _no_number(customer)
    return bad_number(customer.company_id, customer.phone)


def _no_number(customer: Customer | None) -> str | None:
    return None if customer and customer.phone else "No mobile number on file"


def _email_allowed(customer: Customer | None) -> str | None:
    if customer is None or not customer.email:
        return _no_mailbox(customer)
    return bad_number(customer.company_id, customer.email)


def _no_mailbox(customer: Customer | None) -> str | None:
    return None if customer and customer.email else "No email address on file"
