"""What a try has left in the database: what the customer read, and how things stand after each turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app import messaging
from app.ai.models import ProviderCall
from app.assistant.facts import Learned
from app.assistant.models import WithheldSentence
from app.booking.models import Appointment
from app.chat.models import Conversation, Message, Reply
from app.db import db
from app.leads.models import Lead
from app.messaging.models import Delivery


@dataclass(frozen=True, slots=True)
class Visit:
    """A row of the customer's appointments; `start` by the store's clock, without zone."""

    status: str
    start: datetime
    moved: bool
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """How things stand after a turn. `answers` are the assistant's messages up to now, oldest first."""

    customer: tuple[str, ...]
    answers: tuple[str, ...]
    visits: tuple[Visit, ...]
    waiting: bool
    opted_out: bool
    deliveries: int
    offered: tuple[str, ...]
    answered: bool

    def has(self, state: str) -> bool:
        """Whether that has happened: offered, booked, moved, cancelled or handed_over."""
        booked = [visit for visit in self.visits if visit.status == "booked"]
        happened = {
            "offered": bool(self.offered), "booked": bool(booked), "moved": any(visit.moved for visit in booked),
            "cancelled": any(visit.status == "cancelled" for visit in self.visits), "handed_over": self.waiting,
        }  # fmt: skip
        return happened[state]


@dataclass(frozen=True, slots=True)
class Record:
    """One whole try. `totals` are sums, in cents, that the quote tool gave; `outage` why a provider did not answer."""

    states: Sequence[State]
    totals: frozenset[int] = frozenset()
    withheld: int = 0
    cost: Decimal | None = Decimal(0)
    outage: str | None = None
    prompt_version: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def last(self) -> State:
        return self.states[-1]


def state_of(lead_id: int, phone: str, now: datetime) -> State:
    """How things stand with this lead."""
    db.session.rollback()
    lead = db.session.get_one(Lead, lead_id, populate_existing=True)
    conversation = db.session.scalars(
        select(Conversation).filter_by(lead_id=lead_id).execution_options(populate_existing=True)
    ).one()
    messages = select(Message).where(Message.conversation_id == conversation.id).order_by(Message.seq)
    said = db.session.scalars(messages.execution_options(populate_existing=True)).all()
    cards = [one.card for one in said if one.author == "assistant"]
    card: dict[str, Any] = (cards[-1] if cards else None) or {}
    opted_out = messaging.may_send(lead.company_id, "sms", phone, lead.location_id, now, asked=True) is not None
    sent = select(func.count()).select_from(Delivery).where(Delivery.lead_id == lead_id)
    spoken = [one.author for one in said if one.author in ("customer", "assistant")]
    return State(
        customer=tuple(one.text for one in said if one.author == "customer"),
        answers=tuple(one.text for one in said if one.author == "assistant"),
        visits=_visits(lead),
        waiting=conversation.waiting_since is not None,
        opted_out=opted_out,
        deliveries=db.session.scalar(sent) or 0,
        offered=tuple(card.get("times", ())) if card.get("kind") == "times" else (),
        answered=bool(spoken) and spoken[-1] == "assistant",
    )


def record_of(lead_id: int, states: Sequence[State], values: Mapping[str, str]) -> Record:
    """The try as it ended."""
    replies = db.session.scalars(
        select(Reply)
        .join(Conversation, Conversation.id == Reply.conversation_id)
        .where(Conversation.lead_id == lead_id)
    ).all()
    rounds = [one for reply in replies for one in reply.rounds or ()]
    learned = [Learned.from_json(one["learned"]) for one in rounds if one.get("learned")]
    calls = db.session.scalars(select(ProviderCall).where(ProviderCall.reply_id.in_([one.id for one in replies]))).all()
    costs = [None if call.cost_at_least else call.cost for call in calls]
    withheld = select(func.count()).select_from(WithheldSentence).where(WithheldSentence.lead_id == lead_id)
    return Record(
        states=states,
        totals=frozenset(cents for one in learned for total in one.totals for cents in total.price.amounts),
        withheld=db.session.scalar(withheld) or 0,
        cost=None if None in costs else sum((cost for cost in costs if cost is not None), Decimal(0)),
        prompt_version=next((call.prompt_version for call in calls), None),
        outage=next((reply.error for reply in replies if reply.status == "failed"), None),
        values=values,
    )


def _visits(lead: Lead) -> tuple[Visit, ...]:
    zone = ZoneInfo(lead.location.timezone)
    rows = select(Appointment).where(Appointment.lead_id == lead.id).order_by(Appointment.id)
    return tuple(
        Visit(
            row.status,
            row.starts_at.astimezone(zone).replace(tzinfo=None),
            row.sequence > 0,
            tuple(one.name for one in row.services),
        )
        for row in db.session.scalars(rows.execution_options(populate_existing=True))
    )
