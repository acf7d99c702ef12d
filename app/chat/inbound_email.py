"""An email that came in: an answer joins its lead's conversation, a bounce or a complaint is heeded."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from app import chat, messaging
from app.chat.holding import hand_over
from app.chat.posting import open_conversation
from app.chat.visit_replies import may_mean_visit
from app.chat.wishes import ASKS_AND_ENDS, Heard, heed
from app.db import db
from app.leads.finding import lead_of_email, lead_of_public_id
from app.leads.models import Lead
from app.leads.reply_address import lead_named_by
from app.leads.timeline import note
from app.locations.models import Company
from app.messaging.mail_reading import read_mail
from app.messaging.mail_reports import Mail
from app.messaging.models import Delivery, InboundMail
from app.messaging.opt_out_words import Wish, read
from app.messaging.port import Unplaced
from app.messaging.statuses import take_status
from app.messaging.threading import delivery_named_by


def on_mail(account: str, payload: Mapping[str, Any], received_at: datetime, now: datetime) -> None:
    """Take one stored email of a company, whose id `account` is. Commits, each step once.

    Raises Unplaced for an answer that belongs to no lead, and for what is no email.
    """
    company = db.session.get_one(Company, int(account))
    raw = base64.b64decode(payload["raw"])
    mail = read_mail(raw)
    if mail is None:
        raise Unplaced("What came in as an email is none: it names no sender", company.id)
    key = mail.message_id or hashlib.sha256(raw).hexdigest()
    if mail.kind == "bounce":
        _bounced(mail, company.id, received_at)
    elif mail.kind == "complaint":
        _complained(mail, company.id, received_at)
    else:
        _said(mail, key, company.id, received_at)


def _said(mail: Mail, key: str, company_id: int, received_at: datetime) -> None:
    lead, proven = _lead_of(mail, company_id)
    wish = _heed(mail, key, lead, company_id, received_at) if mail.kind == "answer" else None
    if lead is None:
        if mail.kind == "automatic":
            return
        raise Unplaced(
            f"An email from {mail.sender}, whom no lead knows: {mail.subject} · {mail.text[:300]}", company_id
        )
    new = _keep(mail, key, lead, company_id, received_at)
    if mail.kind == "answer":
        messaging.forget_bad([company_id], mail.sender)
    if mail.kind == "automatic":
        if new:
            words = f"An automatic answer came by email: {mail.subject or mail.text[:120]}"
            note(lead.id, "delivery", words, "system", received_at)
        db.session.commit()
        return
    conversation_id, lead_id = open_conversation(lead).id, lead.id
    db.session.commit()
    pure = wish is not None and wish.pure
    chat.post_customer_message(
        conversation_id,
        lead_id,
        (mail.text or mail.subject or "[an empty email]")[:4000],
        f"mail-{hashlib.sha256(key.encode()).hexdigest()[:40]}",
        "email",
        received_at,
        from_address=mail.sender if proven else None,
        engages=not pure,
        answered=wish is None,
    )
    if wish is not None and not pure:
        hand_over(conversation_id, ASKS_AND_ENDS, received_at)


def _lead_of(mail: Mail, company_id: int) -> tuple[Lead | None, bool]:
    """The lead that the mail is about, and whether it proves to answer a mail of ours: then its sender gets the answer.

    By the signed address it was sent to, else by the mail it answers, else by its sender, which anybody can write.
    """
    named = next((found for address in mail.recipients if (found := lead_named_by(address))), None)
    lead = lead_of_public_id(named) if named else None
    if lead is not None and lead.company_id == company_id:
        return lead, True
    for message_id in mail.about:
        delivery = delivery_named_by(message_id)
        if delivery is not None and delivery.company_id == company_id and delivery.lead_id is not None:
            return db.session.get(Lead, delivery.lead_id), True
    return lead_of_email(mail.sender, company_id), False


def _heed(mail: Mail, key: str, lead: Lead | None, company_id: int, received_at: datetime) -> Wish | None:
    wish = read(mail.text) or _in_subject(mail)
    # No carrier acts on a word in an email: from somebody with a visit ahead, a bare CANCEL means the visit.
    if wish is None or (lead is not None and may_mean_visit(lead, mail.text, received_at)):
        return None
    heeded = heed(wish, Heard(key, "email", mail.sender, mail.text, received_at), lead, company_id)
    db.session.commit()
    return wish if heeded else None


def _in_subject(mail: Mail) -> Wish | None:
    """The wish that stands in the subject: alone, or above a signature as nothing but its keyword."""
    wish = read(mail.subject)
    return wish if wish and (not mail.text or (wish.kind == "stop" and wish.bare)) else None


def _keep(mail: Mail, key: str, lead: Lead, company_id: int, received_at: datetime) -> bool:
    values = {
        "company_id": company_id, "lead_id": lead.id, "kind": mail.kind, "message_id": key, "sender": mail.sender,
        "subject": mail.subject, "received_at": received_at,
    }  # fmt: skip
    stored = insert(InboundMail).values(values).on_conflict_do_nothing().returning(InboundMail.id)
    return db.session.scalar(stored) is not None


def _bounced(mail: Mail, company_id: int, received_at: datetime) -> None:
    """A mailbox that will not take mail later either is written down as bad; one that is only full is not."""
    delivery = _reported(mail, company_id)
    if delivery is None or (not mail.lasting and mail.code and mail.code.startswith("4")):
        return
    recipient, delivery_id = delivery.recipient, delivery.public_id
    take_status(delivery_id, delivery.provider_id or mail.about[0], "undelivered", mail.code or "5.0.0", received_at)
    if mail.lasting:
        messaging.mark_bad(company_id, recipient, mail.code or "5.0.0", received_at)
    db.session.commit()


def _complained(mail: Mail, company_id: int, received_at: datetime) -> None:
    """Whoever marks a mail of ours as spam wants no more of them."""
    delivery = _reported(mail, company_id)
    address = delivery.recipient if delivery else mail.failed_recipient
    if not address:
        raise Unplaced("A complaint about a mail came in, and names neither the mail nor its recipient", company_id)
    messaging.record_consent(
        company_id=company_id,
        location_id=delivery.location_id if delivery else None,
        channel="email",
        address=address,
        kind="opt_out",
        source="spam complaint",
        at=received_at,
    )
    if delivery and delivery.lead_id:
        note(delivery.lead_id, "delivery", f"{address} marked an email of ours as spam", "system", received_at)
    db.session.commit()


def _reported(mail: Mail, company_id: int) -> Delivery | None:
    found = (delivery_named_by(message_id) for message_id in mail.about)
    return next((one for one in found if one is not None and one.company_id == company_id), None)
