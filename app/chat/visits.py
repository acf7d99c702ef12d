"""What becomes of a visit shows in its lead's conversation, in the same transaction: reactions to booking's events."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.booking.events import AppointmentCancelled, AppointmentEvent, AppointmentMoved
from app.booking.models import Appointment
from app.chat import feed, words
from app.chat.cards import visit_card
from app.chat.items import Item
from app.chat.models import Conversation, Message
from app.chat.posting import open_conversation
from app.chat.thread import COLUMNS
from app.db import db
from app.leads.models import Lead
from app.live import announce


def show_visit(event: AppointmentEvent) -> None:
    """Draw the visit's card as its row now is; one that was moved or cancelled gets a line at the end besides."""
    if event.lead_id is None:
        return
    lead = db.session.get_one(Lead, event.lead_id)
    appointment = db.session.get_one(Appointment, event.appointment_id)
    turn = _next(open_conversation(lead).id, appointment)
    start = appointment.starts_at.astimezone(ZoneInfo(lead.location.timezone))
    text = words.visit(turn.language, appointment.status, start)
    card = _draw(turn, appointment, visit_card(appointment, lead), text)
    if card.seq == turn.last_seq:
        return
    if isinstance(event, AppointmentMoved):
        _say(turn, appointment, words.visit_moved(turn.language, start))
    elif isinstance(event, AppointmentCancelled):
        _say(turn, appointment, text)


def _next(conversation_id: int, appointment: Appointment) -> Row[Any]:
    """The feed's next number; the conversation's row has been held since AppointmentChanging."""
    change = {"last_seq": Conversation.last_seq + 1, "last_message_at": appointment.changed_at}
    turn = update(Conversation).where(Conversation.id == conversation_id).values(change)
    names = ("id", "company_id", "location_id", "last_seq", "language")
    return db.session.execute(turn.returning(*(getattr(Conversation, name) for name in names))).one()


def _draw(turn: Row[Any], appointment: Appointment, card: dict[str, Any], text: str) -> Item:
    """One card a visit: it keeps its place in the conversation."""
    key = f"visit:{appointment.public_id}"
    drawn = upsert(Message).values(**_line(turn, appointment, text), card=card, client_message_id=key)
    new = {name: drawn.excluded[name] for name in ("card", "text", "changed_seq")}
    return _tell(turn, drawn.on_conflict_do_update(index_elements=["conversation_id", "client_message_id"], set_=new))


def _say(turn: Row[Any], appointment: Appointment, text: str) -> None:
    _tell(turn, insert(Message).values(**_line(turn, appointment, text)))


def _line(turn: Row[Any], appointment: Appointment, text: str) -> dict[str, Any]:
    return {
        "company_id": turn.company_id, "location_id": turn.location_id, "conversation_id": turn.id,
        "seq": turn.last_seq, "changed_seq": turn.last_seq, "author": "system", "text": text,
        "created_at": appointment.changed_at,
    }  # fmt: skip


def _tell(turn: Row[Any], statement: Any) -> Item:
    """Write it, and announce it to every process, this one too: whoever books commits later than here."""
    item = Item.from_row(db.session.execute(statement.returning(*COLUMNS)).one())
    announce(feed.feed_name(turn.id), feed.note_of(item, None))
    return item
