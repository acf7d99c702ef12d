"""What follows when somebody writes STOP, START or HELP, in any words. Each writes rows and sends nothing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from app import messaging
from app.chat import words
from app.db import db
from app.leads.models import Lead
from app.lib.phone import display
from app.live import wake
from app.locations.models import Company
from app.locations.senders import sms_sender
from app.messaging.consents import normal_address
from app.messaging.models import Consent
from app.messaging.opt_out_words import Wish

JOB = "answers"
ASKS_AND_ENDS = "The customer asked something in the message that ended our messages. Please answer by another way"
SOURCES = {"sms": "text message", "email": "email", "web": "chat page"}
# The ways by which we write to people; a page is none.
SENDING = ("sms", "email")


@dataclass(frozen=True)
class Heard:
    """One message in which somebody made a wish; `key` names it, so that hearing it twice is hearing it once.

    `address` is where it came from, empty for the page, whose visitor is known by their link. `answered` says that the
    carrier has answered it already.
    """

    key: str
    channel: str
    address: str
    text: str
    at: datetime
    answered: bool = False

    @property
    def source(self) -> str:
        """What the consent ledger names as the proof."""
        return f"{SOURCES[self.channel]} {self.key}"


def heed(wish: Wish, heard: Heard, lead: Lead | None, company_id: int) -> bool:
    """Do what the wish asks of this company; False where the message is no wish after all. Flushes."""
    if wish.kind == "help":
        _help(wish, heard, lead, company_id)
        return True
    meant = _meant(wish, heard, lead)
    for channel, address in meant:
        if wish.if_opted_out and messaging.may_send(company_id, channel, address, asked=True) is None:
            return False
        _record(wish, heard, channel, address, lead, company_id)
    by_text = heard.channel == "sms" and any(channel == "sms" for channel, _ in meant)
    if wish.kind == "stop" and by_text and not heard.answered:
        _confirm(wish, heard, lead, company_id)
    return bool(meant)


def _record(wish: Wish, heard: Heard, channel: str, address: str, lead: Lead | None, company_id: int) -> None:
    if _is_new(heard, channel, address, company_id):
        messaging.record_consent(
            company_id=company_id,
            location_id=lead.location_id if lead else None,
            channel=channel,
            address=address,
            kind="opt_out" if wish.kind == "stop" else "opt_in",
            source=heard.source,
            wording=heard.text[:1600],
            at=heard.at,
        )


def _meant(wish: Wish, heard: Heard, lead: Lead | None) -> list[tuple[str, str]]:
    """The channels and addresses that they want to hear no more, or more, from.

    Who answers from another mailbox than the one we write to means ours.
    """
    customer = lead.customer if lead else None
    known = {"sms": customer.phone, "email": customer.email} if customer and wish.kind == "stop" else {}
    own = (heard.channel,) if heard.channel in SENDING else ("sms",)
    meant = [(channel, known.get(channel)) for channel in wish.channels or own]
    if heard.channel in dict(meant):
        meant.insert(0, (heard.channel, heard.address))
    spelt = ((channel, normal_address(channel, address)) for channel, address in meant if address)
    return list(dict.fromkeys(spelt))


def _is_new(heard: Heard, channel: str, address: str, company_id: int) -> bool:
    same = (Consent.company_id == company_id, Consent.channel == channel, Consent.source == heard.source)
    of_address = Consent.address == normal_address(channel, address)
    return not db.session.scalar(select(exists().where(*same, of_address)))


def _confirm(wish: Wish, heard: Heard, lead: Lead | None, company_id: int) -> None:
    name = lead.location.name if lead else db.session.get_one(Company, company_id).name
    _answer("opt_out_confirmation", words.opted_out(_language(wish, lead), name), heard, lead, company_id)


def _help(wish: Wish, heard: Heard, lead: Lead | None, company_id: int) -> None:
    if heard.channel != "sms" or heard.answered:
        return
    name = lead.location.name if lead else db.session.get_one(Company, company_id).name
    phone = display(lead.location.phone) if lead and lead.location.phone else ""
    _answer("answer", words.how_to_stop(_language(wish, lead), name, phone), heard, lead, company_id)


def _answer(purpose: str, text: str, heard: Heard, lead: Lead | None, company_id: int) -> None:
    messaging.queue(
        company_id=company_id,
        location_id=lead.location_id if lead else None,
        lead_id=lead.id if lead else None,
        channel="sms",
        purpose=purpose,
        recipient=heard.address,
        text=text,
        sender=sms_sender(lead.location) if lead else None,
        dedupe_key=f"{purpose}:{company_id}:{heard.key}",
        asked_at=heard.at,
    )
    wake(JOB)


def _language(wish: Wish, lead: Lead | None) -> str | None:
    return (lead.customer.language if lead and lead.customer else None) or wish.language
