"""What an opt-out does to what is planned: nothing more by that channel. Each open lead's timeline tells of it."""

from datetime import datetime

from sqlalchemy import func, select

from app.db import db
from app.leads.models import Customer, Lead
from app.leads.timeline import note
from app.messaging.events import ConsentChanged
from app.messaging.models import Consent
from app.touchpoints.models import TouchPoint

CLOSED = ("won", "lost")
WORDS = {"sms": "texts", "email": "email"}


def stop_channel(event: ConsentChanged, now: datetime) -> int:
    """Leave out what is planned for that channel only, at every open lead of the address; how many leads it were.

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


def tell_of_opt_in(event: ConsentChanged, now: datetime) -> None:
    """Who takes an opt-out back stands in the timeline too; a first consent is no news."""
    entries = select(Consent.kind, Consent.at).where(
        Consent.company_id == event.company_id, Consent.channel == event.channel, Consent.address == event.address
    )
    newest = db.session.execute(entries.order_by(Consent.id.desc()).limit(2)).all()
    if [one.kind for one in newest] == ["opt_in", "opt_out"] and newest[0].at >= newest[1].at:
        for lead_id in db.session.scalars(_leads_of(event)):
            note(lead_id, "consent", f"The customer allows {WORDS[event.channel]} again", "customer", now)


def _leads_of(event: ConsentChanged):  # type: ignore[no-untyped-def]
    """The open leads whose customer has that address, as far as the entry reaches."""
    address = Customer.phone == event.address if event.channel == "sms" else func.lower(Customer.email) == event.address
    found = select(Lead.id).join(Customer, Customer.id == Lead.customer_id).where(address, Lead.stage.not_in(CLOSED))
    if event.scope == "location":
        return found.where(Lead.location_id == event.location_id)
    return found if event.scope == "franchise" else found.where(Lead.company_id == event.company_id)
