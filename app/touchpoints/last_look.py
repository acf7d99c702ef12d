"""What is asked about a lead before it is contacted, and once more at the fence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import lazyload

from app.chat.holding import thread_held
from app.db import db, prepared
from app.leads.models import Customer, Lead
from app.leads.stages import is_closed
from app.messaging import Place, may_reach, transports
from app.messaging.quiet_hours import next_allowed
from app.messaging.reaching import NO_ADDRESS, NOT_SET_UP
from app.touchpoints import models
from app.touchpoints.models import SequenceRun
from app.touchpoints.rules import OPENED, Ways, opened_hold, stopped

NOT_ASKED = "Not asked"
# The message was written to the old one, which may be a stranger's.
ANOTHER_ADDRESS = "The customer has another number or address by now"

_this = Lead.id == bindparam("lead_id")
# FOR NO KEY UPDATE lets rows that refer to the lead be written meanwhile.
LOCK = prepared(select(Lead.id).where(_this).with_for_update(key_share=True))
LOCKED = prepared(
    select(Lead)
    .where(_this)
    .options(lazyload("*"))
    .with_for_update(key_share=True, of=Lead)
    .execution_options(populate_existing=True)
)
STANDING_COLUMNS = (
    Lead.location_id,
    Lead.stage,
    Lead.first_engaged_at,
    Lead.last_opened_at,
    Customer.phone,
    Customer.email,
    thread_held(Lead.id).label("held"),
    SequenceRun.status.label("run_status"),
    SequenceRun.reason.label("run_reason"),
    SequenceRun.by.label("run_by"),
    (SequenceRun.version == models.Sequence.version).label("up_to_date"),
    models.Sequence.active,
)


def with_standing(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The query, which reads leads, with what STANDING_COLUMNS stand on."""
    return (
        query.outerjoin(Customer, Customer.id == Lead.customer_id)
        .outerjoin(SequenceRun, SequenceRun.lead_id == Lead.id)
        .outerjoin(models.Sequence, models.Sequence.id == SequenceRun.sequence_id)
    )


STANDING = prepared(with_standing(select(*STANDING_COLUMNS).where(_this)))


@dataclass(frozen=True, slots=True)
class Standing:
    """A lead's follow-up as committed now. `held` is whether staff hold the thread; what is `run_…` is None without a
    run, and so are `up_to_date`, whether it follows the sequence's present version, and `active`, whether that is on.
    """

    location_id: int
    stage: str
    first_engaged_at: datetime | None
    last_opened_at: datetime | None
    phone: str | None
    email: str | None
    held: bool
    run_status: str | None
    run_reason: str | None
    run_by: str | None
    up_to_date: bool | None
    active: bool | None


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it was written: for whose lead, in which store's name, to which address."""

    lead_id: int
    location_id: int | None
    channel: str
    recipient: str


def lock(lead_id: int) -> None:
    """Whoever would stop this lead, or send to it, waits until the transaction ends."""
    db.session.execute(LOCK, {"lead_id": lead_id}).one()


def lock_lead(lead_id: int) -> Lead:
    """The same, and the lead as committed now. What hangs on it is read when it is asked for."""
    return db.session.execute(LOCKED, {"lead_id": lead_id}).scalar_one()


def standing_of(lead_id: int) -> Standing:
    """Read after the lead was locked, it says what nobody else can change before the transaction ends."""
    return Standing(*db.session.execute(STANDING, {"lead_id": lead_id}).one())


def reason_to_stop(standing: Standing) -> str | None:
    """Why this lead gets no further touch point, or none while staff hold the thread; else None."""
    if standing.run_status == "stopped":
        return standing.run_reason
    return stopped(
        closed=is_closed(standing.stage),
        booked=standing.stage == "booked",
        engaged=standing.first_engaged_at is not None or standing.stage == "engaged",
        held=standing.held,
    )


def look(written: Written, waits_at: datetime | None = None) -> str | None:
    """The fence's last question: the reason not to send after all, or None. Locks the lead.

    `waits_at` is the present moment for a message that waits when the chat has been opened lately. Consent and bad
    numbers are the fence's own questions.
    """
    lock(written.lead_id)
    standing = standing_of(written.lead_id)
    if written.location_id not in (None, standing.location_id):
        return "The order moved to another store"
    return reason_to_stop(standing) or _held(standing, waits_at) or _address_against(standing, written)


def ways_to(lead: Lead, places: Sequence[Place], now: datetime, wanted: str = "any") -> Ways:
    """What stands against each channel for this lead, who may be at any of the `places`.

    What is not wanted, or not needed, is not asked.
    """
    sms_from = next_allowed(now, places, transports().limits_of(lead.location_id)) if wanted != "email" else None
    sms = NOT_ASKED if wanted == "email" else _closed(lead, "sms", now)
    enough = wanted == "sms" or (sms is None and sms_from == now)
    email = NOT_ASKED if enough else _closed(lead, "email", now)
    return Ways(sms_closed=sms, email_closed=email, sms_from=sms_from)


def may_text(lead: Lead, now: datetime) -> bool:
    """Whether this person has agreed to texts and has a number that takes them, whatever the hour."""
    return _refused(lead, "sms", now) is None


def address_of(lead: Lead, channel: str) -> str | None:
    """Where the lead is reached by this channel, as far as it is known."""
    if lead.customer is None:
        return None
    return (lead.customer.phone if channel == "sms" else lead.customer.email) or None


def _address_against(standing: Standing, written: Written) -> str | None:
    address = standing.phone if written.channel == "sms" else standing.email
    if not address:
        return NO_ADDRESS[written.channel]
    return None if address == written.recipient else ANOTHER_ADDRESS


def _held(standing: Standing, waits_at: datetime | None) -> str | None:
    if standing.run_status == "paused":
        return standing.run_reason
    return OPENED if waits_at and opened_hold(standing.last_opened_at, waits_at) else None


def _closed(lead: Lead, channel: str, now: datetime) -> str | None:
    return NOT_SET_UP[channel] if transports().of(channel) is None else _refused(lead, channel, now)


def _refused(lead: Lead, channel: str, now: datetime) -> str | None:
    return may_reach(lead.company_id, channel, address_of(lead, channel), lead.location_id, now)
