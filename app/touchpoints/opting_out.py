"""What an opt-out does to what is planned: nothing more by that channel, and a line in the timeline of each lead."""

from datetime import datetime

from sqlalchemy import func, select

from app.db import db
from app.leads.models import Customer, Lead
from app.leads.timeline import note
from app.messaging.events import ConsentChanged
from app.touchpoints.models import RUNNING, SequenceRun, TouchPoint

WORDS = {"sms": "texts", "email": "email"}


def stop_channel(event: ConsentChanged, now: datetime) -> int:
    """Leave out what is planned for that channel only, at every lead of the address; how many leads it were.

    What may go by either channel stays: it is asked again when it is due. Locks no lead, and passes over what a worker
    holds: that is asked at the fence.
    """
    reason = f"The customer opted out of {WORDS[event.channel]}"
    lead_ids = list(db.session.scalars(_leads_of(event)))
    for lead_id in lead_ids:
        note(lead_id, "consent", reason, "customer", now)
    of_channel = select(TouchPoint).where(
        TouchPoint.lead_id.in_(lead_ids),
        TouchPoint.channel == event.channel,
        TouchPoint.status.in_(("planned", "paused")),
        TouchPoint.delivery_id.is_(None),
    )
    for touch_point in db.session.scalars(of_channel.with_for_update(skip_locked=True)):
        touch_point.skip(reason)
    return len(lead_ids)


def _leads_of(event: ConsentChanged):  # type: ignore[no-untyped-def]
    """The leads on their way whom that address belongs to, as far as the opt-out reaches."""
    address = Customer.phone == event.address if event.channel == "sms" else func.lower(Customer.email) == event.address
    found = (
        select(SequenceRun.lead_id)
        .join(Lead, Lead.id == SequenceRun.lead_id)
        .join(Customer, Customer.id == Lead.customer_id)
        .where(address, SequenceRun.status.in_(RUNNING))
    )
    if event.scope == "location":
        return found.where(SequenceRun.location_id == event.location_id)
    return found if event.scope == "franchise" else found.where(SequenceRun.company_id == event.company_id)
