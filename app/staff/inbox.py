"""The list of leads: who needs staff now, then the newest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_

from app.accounts import within
from app.accounts.models import StaffUser
from app.chat.models import Conversation, Message
from app.db import db
from app.leads.models import Customer, Lead, Vehicle
from app.locations.models import Location
from app.staff.filters import Cursor, Filters

PAGE = 30
MOST_URGENT = 50
SNIPPET = 160

latest = (
    select(Message.text, Message.author, Message.created_at)
    .where(Message.conversation_id == Conversation.id, Message.author != "system")
    .order_by(Message.seq.desc())
    .limit(1)
    .lateral("latest")
)
WAITING = Conversation.waiting_since.is_not(None)
# The assistant answers at once or calls staff; only a thread that staff hold can be left without an answer.
UNANSWERED = and_(Conversation.holder == "staff", latest.c.author == "customer")


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One lead in the list. `needs` is waiting, unanswered or empty."""

    lead_id: int
    public_id: str
    stage: str
    created_at: datetime
    customer: str
    vehicle: str
    store: str
    timezone: str
    holder_name: str | None
    waiting_reason: str | None
    last_text: str | None
    last_author: str | None
    at: datetime
    needs: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    """One page of the list; `after` is where the next one goes on."""

    urgent: list[InboxRow]
    others: list[InboxRow]
    after: Cursor | None


def inbox_page(staff: StaffUser, filters: Filters) -> InboxPage:
    """The leads of their stores, in two queries whatever their number. The urgent ones stand on the first page only."""
    scope = [within(staff, Lead), *_narrowed(filters)]
    urgent = _rows(_urgent(scope))
    others = _rows(_others(scope, [row.lead_id for row in urgent], filters.after))
    page = others[:PAGE]
    after = Cursor(page[-1].created_at, page[-1].lead_id) if len(others) > PAGE else None
    return InboxPage([] if filters.after else urgent, page, after)


def _urgent(scope: list[ColumnElement[bool]]) -> Select[Any]:
    since = func.coalesce(Conversation.waiting_since, latest.c.created_at)
    return (
        _leads()
        .where(or_(WAITING, Conversation.holder == "staff"), or_(WAITING, UNANSWERED), *scope)
        .order_by(case((WAITING, 0), else_=1), since, Lead.id)
        .limit(MOST_URGENT)
    )


def _others(scope: list[ColumnElement[bool]], urgent: list[int], after: Cursor | None) -> Select[Any]:
    query = _leads().where(Lead.id.not_in(urgent), *scope)
    if after is not None:
        query = query.where(tuple_(Lead.created_at, Lead.id) < (after.created_at, after.lead_id))
    return query.order_by(Lead.created_at.desc(), Lead.id.desc()).limit(PAGE + 1)


def _leads() -> Any:
    return (
        select(
            Lead.id,
            Lead.public_id,
            Lead.stage,
            Lead.created_at,
            Customer,
            Vehicle,
            Location.name.label("store"),
            Location.timezone,
            Conversation.holder_name,
            Conversation.waiting_since,
            Conversation.waiting_reason,
            func.left(latest.c.text, SNIPPET).label("last_text"),
            latest.c.author.label("last_author"),
            latest.c.created_at.label("last_at"),
            case((WAITING, "waiting"), (UNANSWERED, "unanswered"), else_="").label("needs"),
        )
        .join(Location, Location.id == Lead.location_id)
        .outerjoin(Customer, Customer.id == Lead.customer_id)
        .outerjoin(Vehicle, Vehicle.id == Lead.vehicle_id)
        .outerjoin(Conversation, Conversation.lead_id == Lead.id)
        .outerjoin(latest, Conversation.id.is_not(None))
    )


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = []
    if filters.stage:
        narrowed.append(Lead.stage == filters.stage)
    if filters.store is not None:
        narrowed.append(Lead.location_id == filters.store)
    searched = func.concat_ws(
        " ",
        *(Customer.first_name, Customer.last_name, Customer.email, Customer.phone, Lead.order_number),
        *(Vehicle.year, Vehicle.make, Vehicle.model),
    )
    return narrowed + [searched.icontains(word, autoescape=True) for word in filters.words]


def _rows(query: Select[Any]) -> list[InboxRow]:
    return [
        InboxRow(
            lead_id=row.id,
            public_id=row.public_id,
            stage=row.stage,
            created_at=row.created_at,
            customer=row.Customer.name if row.Customer else "Customer",
            vehicle=row.Vehicle.name if row.Vehicle else "",
            store=row.store,
            timezone=row.timezone,
            holder_name=row.holder_name,
            waiting_reason=row.waiting_reason,
            last_text=row.last_text,
            last_author=row.last_author,
            at=row.waiting_since or row.last_at or row.created_at,
            needs=row.needs,
        )
        for row in db.session.execute(query)
    ]
