"""A text that somebody sent us: their wish first, then into the conversation of their lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import chat, messaging
from app.chat.holding import hand_over
from app.chat.posting import open_conversation
from app.chat.visit_replies import ASKS_TO_CANCEL, confirm_visit, may_mean_visit
from app.chat.wishes import ASKS_AND_ENDS, Heard, heed
from app.db import db
from app.leads.finding import lead_of_phone
from app.leads.models import Lead
from app.lib.phone import display, normalise
from app.locations.desks import Desk, desk_of
from app.locations.models import Company, Location
from app.messaging.models import Delivery
from app.messaging.opt_out_words import Wish, read
from app.messaging.port import Unplaced

# What a Messaging Service with Advanced Opt-Out found in the text, by its own keywords, and has answered by itself.
CARRIER_WISHES = {"STOP": "stop", "START": "start", "HELP": "help"}


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it came in."""

    sid: str
    sender: str
    number: str
    service: str | None
    body: str
    attachments: int
    carrier_wish: str | None

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Text":
        """Read from Twilio's form (https://www.twilio.com/docs/messaging/guides/webhook-request)."""
        count = str(payload.get("NumMedia") or "0")
        return cls(
            sid=payload["MessageSid"],
            sender=normalise(payload["From"]) or payload["From"],
            number=payload["To"],
            service=payload.get("MessagingServiceSid") or None,
            body=str(payload.get("Body") or ""),
            attachments=int(count) if count.isdecimal() else 0,
            carrier_wish=CARRIER_WISHES.get(str(payload.get("OptOutType") or "").upper()),
        )

    @property
    def said(self) -> str:
        """What stands in the conversation: pictures are named there, and seen at Twilio."""
        word = "picture" if self.attachments == 1 else "pictures"
        pictures = f"[{self.attachments} {word}]" if self.attachments else ""
        return "\n".join(part for part in (self.body.strip(), pictures) if part) or "[an empty text]"

    @property
    def wish(self) -> Wish | None:
        if self.carrier_wish:
            return Wish(self.carrier_wish)  # type: ignore[arg-type]
        return read(self.body)


def on_text(account: str, payload: Mapping[str, Any], received_at: datetime, now: datetime) -> None:
    """Heed the wish in the text, if any, then post it to the newest open lead of its sender. Commits, each step once.

    Raises Unplaced where the sender has no lead at the stores of that number; a wish has been heeded all the same.
    """
    text = Text.of(payload)
    desk = desk_of(text.number, text.service)
    lead = lead_of_phone(text.sender, desk.company_ids, desk.location_ids)
    heeded = _heed(text, lead, desk, received_at)
    if lead is None:
        raise _unplaced(text, desk)
    messaging.forget_bad([lead.company_id], text.sender)
    confirmed = heeded is None and confirm_visit(lead, text.body, text.sid, text.sender, received_at)
    asks_to_cancel = may_mean_visit(lead, text.body, received_at)
    conversation_id, lead_id = open_conversation(lead).id, lead.id
    db.session.commit()
    pure = heeded is not None and heeded.pure
    chat.post_customer_message(
        conversation_id,
        lead_id,
        text.said[:4000],
        text.sid,
        "sms",
        received_at,
        from_address=text.sender,
        engages=not pure,
        answered=heeded is None and not confirmed,
    )
    if asks_to_cancel:
        hand_over(conversation_id, ASKS_TO_CANCEL, now)
        db.session.commit()
    elif heeded is not None and not pure:
        hand_over(conversation_id, ASKS_AND_ENDS, now)


def _heed(text: Text, lead: Lead | None, desk: Desk, received_at: datetime) -> Wish | None:
    """The wish that was heeded. Committed before anything else happens: nothing may keep a STOP from counting."""
    wish = text.wish
    if wish is None:
        return None
    heard = Heard(text.sid, "sms", text.sender, text.body, received_at, answered=text.carrier_wish is not None)
    done: list[bool] = []
    for company_id in _companies(text, desk, lead):
        first = not done
        # The others only follow: one answer, and no consent that nobody asked them about.
        made = wish if first else replace(wish, if_opted_out=wish.kind == "start")
        said = heard if first else replace(heard, answered=True)
        done.append(heed(made, said, lead if lead and lead.company_id == company_id else None, company_id))
    db.session.commit()
    return wish if any(done) else None


def _companies(text: Text, desk: Desk, lead: Lead | None) -> Sequence[int]:
    """Whom the text means: the lead's company first, then all that write from that very number.

    Somebody whom nobody has written to means all companies.
    """
    own = [lead.company_id] if lead else []
    if desk.company_ids is not None:
        return list(dict.fromkeys([*own, *desk.company_ids]))
    # Without a sender of its own, a company writes from the number that all share.
    texted = select(Delivery.company_id).where(
        Delivery.recipient == text.sender, Delivery.channel == "sms", Delivery.sender.is_(None)
    )
    found = [*own, *db.session.scalars(texted.distinct().order_by(Delivery.company_id))]
    return list(dict.fromkeys(found)) or list(db.session.scalars(select(Company.id)))


def _unplaced(text: Text, desk: Desk) -> Unplaced:
    companies, stores = desk.company_ids or (), desk.location_ids or ()
    company_id = companies[0] if len(companies) == 1 else None
    store = db.session.get(Location, stores[0]) if len(stores) == 1 else None
    words = f"A text from {display(text.sender)}, whom no lead knows: {text.said[:300]}"
    return Unplaced(words, company_id, store.shopmonkey_id if store else None)
