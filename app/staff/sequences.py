"""The sequences that a member of staff sees, and what the editor's pages show."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort
from sqlalchemy import select

from app.accounts import visible_locations
from app.accounts.models import StaffUser
from app.accounts.scope import sees_whole_company, within
from app.db import db
from app.leads.models import Lead
from app.locations.models import Location
from app.messaging.segments import is_gsm, segments
from app.touchpoints.content import Content, content_of
from app.touchpoints.models import Sequence, SequenceVersion
from app.touchpoints.sequences import company_sequence, on_their_way
from app.touchpoints.step_rules import BARE, FIELDS, LANGUAGES, NEEDS, StepValues
from app.touchpoints.wording import Refused, written

MOST_VERSIONS = 30
MOST_LEADS = 20
LONGEST_TITLE = 70


@dataclass(frozen=True, slots=True)
class StoreRow:
    """One store, with its own sequence where it has one, and how many leads are on their way there."""

    store: Location
    own: Sequence | None
    leads: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What one channel's message would be for a real lead, or why it may not be sent."""

    channel: str
    content: Content | None
    problem: str
    segments: int = 0
    plain: bool = True


def sequence_or_404(staff: StaffUser, sequence_id: int) -> Sequence:
    """A sequence of the company, or of one of their stores."""
    found = db.session.get(Sequence, sequence_id)
    stores = {store.id for store in visible_locations(staff)}
    if found is None or found.company_id != staff.company_id or found.location_id not in {None, *stores}:
        abort(404)
    return found


def may_edit(staff: StaffUser, sequence: Sequence) -> bool:
    """The company's is the franchise admin's to change; a store's own also its manager's."""
    return sequence.location_id is not None or sees_whole_company(staff)


def overview(staff: StaffUser, now: datetime) -> tuple[Sequence, int, list[StoreRow]]:
    """The company's sequence, how many follow it, and their stores."""
    company = company_sequence(staff.company_id, now)
    stores = visible_locations(staff)
    ids = [store.id for store in stores]
    own = {row.location_id: row for row in db.session.scalars(select(Sequence).where(Sequence.location_id.in_(ids)))}
    rows = [
        StoreRow(store, own.get(store.id), on_their_way(own[store.id].id) if store.id in own else 0) for store in stores
    ]
    return company, on_their_way(company.id), rows


def versions_of(sequence: Sequence) -> list[SequenceVersion]:
    """What was saved, newest first."""
    rows = select(SequenceVersion).where(SequenceVersion.sequence_id == sequence.id)
    return list(db.session.scalars(rows.order_by(SequenceVersion.version.desc()).limit(MOST_VERSIONS)))


def store_name(sequence: Sequence) -> str:
    """The store whose own it is; empty for the company's."""
    store = db.session.get(Location, sequence.location_id) if sequence.location_id else None
    return store.name if store else ""


def leads_to_try(staff: StaffUser, sequence: Sequence) -> list[Lead]:
    """The newest leads with a customer that the sequence is for, and that they may see."""
    rows = select(Lead).where(within(staff, Lead), Lead.customer_id.is_not(None))
    if sequence.location_id:
        rows = rows.where(Lead.location_id == sequence.location_id)
    return list(db.session.scalars(rows.order_by(Lead.id.desc()).limit(MOST_LEADS)).unique())


def previews_of(lead: Lead, step: StepValues, language: str) -> list[Preview]:
    """Each channel's message to that lead in that language, the step's first contact by text."""
    channels = [channel for channel in ("sms", "email") if set(NEEDS[channel]) <= set(NEEDS.get(step.channel, ()))]
    return [_preview(lead, step, channel, language) for channel in channels]


def title_of(step: StepValues, store: str) -> str:
    """What the step is called on the screen: its English subject, or the beginning of its text."""
    source = step.text("en", "subject") or step.text("en", "sms")
    try:
        title = written(source, {**BARE, "store": store or "the store"})
    except Refused:
        title = source
    title = title[:1].upper() + title[1:]
    return title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…"


def spoken(step: StepValues) -> list[str]:
    """The languages that the step is written in whole."""
    needs = NEEDS.get(step.channel, tuple(FIELDS))
    return [code for code in LANGUAGES if all(step.texts.get(code, {}).get(name) for name in needs)]


def _preview(lead: Lead, step: StepValues, channel: str, language: str) -> Preview:
    try:
        content = content_of(lead, step, channel, first_text=step.order == (0, 0), language=language)
    except Refused as refusal:
        return Preview(channel, None, str(refusal))
    if channel == "email":
        return Preview(channel, content, "")
    return Preview(channel, content, "", segments(content.text), is_gsm(content.text))
