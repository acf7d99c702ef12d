"""Which conversation a customer's request may touch: by the cookie a link has set, or by the link's token itself."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, g, request
from sqlalchemy import func, update

from app.chat.posting import open_conversation
from app.db import Prepared, db
from app.leads.links import LinkRefused, read_token, still_valid
from app.leads.models import Lead
from app.lib import clock
from app.web.links import remembered_leads

# Every request of a customer asks this first, and an open feed again and again.
VISIT = Prepared(
    "visit",
    """
    SELECT leads.id AS lead_id, leads.location_id, link_generation, link_sent_at, last_visit_at,
        conversations.id AS conversation_id, language
    FROM leads LEFT JOIN conversations ON conversations.lead_id = leads.id WHERE public_id = :public_id
    """,
    public_id="text",
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that proved to come from this lead's customer."""

    lead_id: int
    public_id: str
    conversation_id: int
    location_id: int

    @property
    def lead(self) -> Lead:
        """The lead itself, where more than its ids is needed."""
        return db.session.get_one(Lead, self.lead_id)


def visit_or_refuse(public_id: str) -> Visit:
    """The visit to that lead's chat. Aborts with 401 without a valid link, with 404 for somebody else's lead."""
    credentials = _credentials()
    if not credentials:
        abort(401, "Open the chat by your personal link.")
    if public_id not in credentials:
        abort(404)
    generation, signed_at = credentials[public_id]
    row = VISIT.run(db.session.connection(), public_id=public_id).one_or_none()
    if row is None:
        abort(404)
    now, sent_at = clock.now(), row.link_sent_at
    current = generation == row.link_generation
    if not current or not still_valid(signed_at or sent_at or now, sent_at, row.last_visit_at, now):
        abort(401, "This link is no longer valid.")
    conversation_id, g.language = row.conversation_id, row.language
    if conversation_id is None:
        conversation_id, g.language = _open(row.lead_id)
    return Visit(row.lead_id, public_id, conversation_id, row.location_id)


def note_opened(visit: Visit, now: datetime) -> None:
    """Keep when the customer's page was opened, for the first time and now."""
    opening = {"opened_at": func.coalesce(Lead.opened_at, now), "last_opened_at": now}
    db.session.execute(update(Lead).where(Lead.id == visit.lead_id).values(opening))


def proves(public_id: str) -> bool:
    """Whether the request carries a link or cookie of that lead that we have signed, in force or not."""
    return public_id in _credentials()


def _credentials() -> dict[str, tuple[int, datetime | None]]:
    """Link generation by public id that this request proves, and when that link was signed, where it is known."""
    authorization = request.headers.get("Authorization", "")
    if authorization.startswith("Bearer "):
        try:
            key = read_token(authorization.removeprefix("Bearer "))
        except LinkRefused:
            return {}
        return {key.public_id: (key.generation, key.signed_at)}
    return remembered_leads(request)


def _open(lead_id: int) -> tuple[int, str | None]:
    conversation = open_conversation(db.session.get_one(Lead, lead_id))
    opened = conversation.id, conversation.language
    db.session.commit()
    return opened
