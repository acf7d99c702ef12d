"""What stands beside one conversation: the request, what happened, what went out, what it cost."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.ai.models import ProviderCall
from app.booking.models import Appointment
from app.chat.models import Conversation, Reply
from app.chat.view import QuoteLine, quote_of
from app.db import db
from app.leads.models import Lead, LeadEvent
from app.messaging import may_reach
from app.messaging.models import Delivery

MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class Panel:
    """Newest first, each list cut at 50. `spent` sums the known costs, and is `at_least` that where a call was broken
    off; `unpriced` counts the calls without one.

    `against_sms` and `against_email` say why the customer is not written to that way, None where they are.
    """

    services: list[QuoteLine]
    visits: list[Appointment]
    events: list[LeadEvent]
    deliveries: list[Delivery]
    calls: list[ProviderCall]
    spent: Decimal
    at_least: bool
    unpriced: int
    against_sms: str | None
    against_email: str | None


def panel_of(lead: Lead) -> Panel:
    """Everything beside the conversation of `lead`."""
    calls, customer = _calls(lead), lead.customer
    return Panel(
        services=quote_of(lead),
        visits=_visits(lead),
        events=_events(lead),
        deliveries=_deliveries(lead),
        calls=calls,
        spent=sum((call.cost for call in calls if call.cost is not None), Decimal(0)),
        at_least=any(call.cost_at_least for call in calls),
        unpriced=sum(call.cost is None for call in calls),
        against_sms=_against(lead, "sms", customer.phone if customer else None),
        against_email=_against(lead, "email", customer.email if customer else None),
    )


def _against(lead: Lead, channel: str, address: str | None) -> str | None:
    if not address:
        return None
    return may_reach(lead.company_id, channel, address, lead.location_id)


def _visits(lead: Lead) -> list[Appointment]:
    """What was booked, the newest time first; holds that came to nothing are left out."""
    rows = select(Appointment).where(Appointment.lead_id == lead.id, Appointment.status.not_in(("held", "expired")))
    return list(db.session.scalars(rows.order_by(Appointment.starts_at.desc()).limit(MOST_LINES)))


def _events(lead: Lead) -> list[LeadEvent]:
    rows = select(LeadEvent).where(LeadEvent.lead_id == lead.id)
    return list(db.session.scalars(rows.order_by(LeadEvent.at.desc(), LeadEvent.id.desc()).limit(MOST_LINES)))


def _deliveries(lead: Lead) -> list[Delivery]:
    rows = select(Delivery).where(Delivery.lead_id == lead.id)
    return list(db.session.scalars(rows.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(MOST_LINES)))


def _calls(lead: Lead) -> list[ProviderCall]:
    rows = (
        select(ProviderCall)
        .join(Reply, Reply.id == ProviderCall.reply_id)
        .join(Conversation, Conversation.id == Reply.conversation_id)
        .where(Conversation.lead_id == lead.id)
    )
    return list(db.session.scalars(rows.order_by(ProviderCall.id.desc()).limit(MOST_LINES)))
