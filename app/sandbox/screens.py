"""What the sandbox's page shows: the phone's threads, the mailbox, the clock, and who can be visited."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from app.accounts.models import StaffUser
from app.db import db
from app.leads.models import Customer, Lead
from app.lib.phone import display
from app.locations.models import Company, Location
from app.messaging.models import Delivery
from app.sandbox.tables import outbox, session

LINK = re.compile(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:!?)])")
METHOD = re.compile(r"^METHOD:(\w+)", re.MULTILINE)
MOST, MOST_LEADS = 200, 12


@dataclass(frozen=True, slots=True)
class Shown:
    """One SMS or email as its recipient sees it; `mine` is one that they sent themselves.

    `invitation` is what the attached calendar file asks for: REQUEST or CANCEL.
    """

    number: int
    address: str
    person: str
    sender: str
    subject: str
    parts: tuple[tuple[str, bool], ...]
    at: datetime
    mine: bool = False
    unsubscribe: str = ""
    invitation: str = ""

    @property
    def preview(self) -> str:
        return " ".join("".join(text for text, _ in self.parts).split())[:90]


@dataclass(frozen=True, slots=True)
class Screens:
    """The phone and the mailbox. `phones` are the people who got an SMS, the latest first; `phone` is in view, `chosen`
    only where somebody chose one: else a new SMS brings its own phone into view."""

    version: int
    phones: tuple[Shown, ...]
    chosen: str
    phone: str
    thread: tuple[Shown, ...]
    mails: tuple[Shown, ...]
    mail: Shown | None


def parts(text: str) -> tuple[tuple[str, bool], ...]:
    """The text cut into pieces, each with whether it is a web address."""
    return tuple((piece, bool(LINK.fullmatch(piece))) for piece in LINK.split(text) if piece)


def screens(phone: str, mail: int) -> Screens:
    """Both screens, with that person's phone and that email open; the newest SMS decides where none is asked for."""
    texts, mails = _shown("sms"), _shown("email")
    phones = tuple({shown.address: shown for shown in reversed(texts) if not shown.mine}.values())
    phones = tuple(sorted(phones, key=lambda shown: -shown.number))
    in_view = phone or (phones[0].address if phones else "")
    thread = tuple(shown for shown in reversed(texts) if shown.address == in_view)
    opened = next((shown for shown in mails if shown.number == mail), None)
    version = max((shown.number for shown in (*texts, *mails)), default=0)
    return Screens(version, phones, phone, in_view, thread, tuple(mails), opened)


def recent_leads(company: Company) -> list[Lead]:
    """The company's newest leads."""
    newest = select(Lead).where(Lead.company_id == company.id).order_by(Lead.created_at.desc(), Lead.id.desc())
    return list(db.session.scalars(newest.limit(MOST_LEADS)).unique())


def staff_of(company: Company) -> list[StaffUser]:
    """The company's accounts."""
    return list(db.session.scalars(select(StaffUser).where(StaffUser.company_id == company.id).order_by(StaffUser.id)))


def calendar_of(number: int) -> str | None:
    """The calendar file that came with that mail."""
    with session() as opened:
        found: str | None = opened.scalar(select(outbox.c.calendar).where(outbox.c.id == number))
    return found


def _shown(channel: str) -> list[Shown]:
    statement = (
        select(outbox, Customer.first_name, Customer.last_name, Location.name.label("store"), Location.timezone)
        .outerjoin(Delivery, Delivery.public_id == outbox.c.public_id)
        .outerjoin(Lead, Lead.id == Delivery.lead_id)
        .outerjoin(Customer, Customer.id == Lead.customer_id)
        .outerjoin(Location, Location.id == Delivery.location_id)
        .where(outbox.c.channel == channel)
        .order_by(outbox.c.id.desc())
        .limit(MOST)
    )
    with session() as opened:
        rows = opened.execute(statement).mappings().all()
    # What a person sent belongs to no delivery: their name and zone are those of what they got.
    known = {row["recipient"]: row for row in rows if row["timezone"]}
    return [_one(row, known.get(row["recipient"], row)) for row in rows]


def _one(row: RowMapping, person: RowMapping) -> Shown:
    name = " ".join(part for part in (person["first_name"], person["last_name"]) if part)
    address = display(row["recipient"]) if row["channel"] == "sms" else row["recipient"]
    return Shown(
        number=row["id"],
        address=row["recipient"],
        person=name or address,
        sender=row["store"] or row["sender"] or "Lead Orchestrator",
        subject=row["subject"] or "",
        parts=parts(row["text"]),
        at=row["sent_at"].astimezone(ZoneInfo(person["timezone"] or "UTC")),
        mine=row["from_person"],
        unsubscribe=row["headers"].get("List-Unsubscribe", "").strip("<>"),
        invitation=found.group(1) if (found := METHOD.search(row["calendar"] or "")) else "",
    )
