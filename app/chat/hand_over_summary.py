"""What somebody needs to know who is called to a conversation: in three lines, from the rows, without a model."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.assistant.models import PriceReceipt
from app.catalog.models import Service
from app.chat.models import Conversation, Message
from app.db import db
from app.leads.models import Lead
from app.lib.phone import display
from app.lib.text import printable

MOST_PRICES = 4
LONGEST_LINE = 200
LONGEST_QUESTION = 320


@dataclass(frozen=True, slots=True)
class Summary:
    """Who waits since when and why, what they asked for, which prices they have seen, and what they wrote last."""

    who: str
    asked_for: str
    prices: str
    question: str
    reason: str
    since: datetime

    @property
    def lines(self) -> tuple[str, str, str]:
        """The three lines."""
        return self.who, self.asked_for, self.prices


def summary_of(lead: Lead, conversation: Conversation, since: datetime) -> Summary:
    """The summary of a lead whose customer waits."""
    customer = lead.customer
    phone = display(customer.phone) if customer and customer.phone else ""
    vehicle = lead.vehicle.name if lead.vehicle else ""
    who = " · ".join(part for part in (customer.name if customer else "A customer", phone, vehicle) if part)
    services = ", ".join(service.name for service in lead.services)
    return Summary(
        who=_line(who),
        asked_for=_line(f"Asked for: {services or lead.order_name or 'nothing in particular'}"),
        prices=_line(_prices(lead)),
        question=_line(_last_words(conversation.id), LONGEST_QUESTION),
        reason=_line(conversation.waiting_reason or "The customer waits for a person."),
        since=since,
    )


def _prices(lead: Lead) -> str:
    shown = (
        select(Service.name, PriceReceipt)
        .join(Service, Service.id == PriceReceipt.service_id)
        .where(PriceReceipt.lead_id == lead.id, PriceReceipt.shown_at.is_not(None))
        .order_by(PriceReceipt.shown_at.desc(), PriceReceipt.id.desc())
        .limit(MOST_PRICES)
    )
    told = [f"{name} {receipt.price.wording}" for name, receipt in db.session.execute(shown)]
    return f"Prices told: {', '.join(reversed(told))}" if told else "No price told yet"


def _last_words(conversation_id: int) -> str:
    said = select(Message.text).where(Message.conversation_id == conversation_id, Message.author == "customer")
    return db.session.scalar(said.order_by(Message.seq.desc()).limit(1)) or ""


def _line(text: str, longest: int = LONGEST_LINE) -> str:
    """On one line: what a customer or a model wrote must not look like a part of the alert."""
    joined = " ".join(printable(text).split())
    return joined if len(joined) <= longest else f"{joined[: longest - 1].rstrip()}…"
