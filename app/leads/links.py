"""A lead's personal link: `/session?token=…`, signed for this lead and its link generation."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from flask import current_app
from sqlalchemy import select

from app.db import db
from app.leads.models import Lead
from app.web.links import LinkError, read, sign

PURPOSE = "chat-link"
# How long after its visit a customer may come back by the same link.
AFTER_VISIT = timedelta(days=14)


class Problem(Enum):
    """Why a link opens nothing."""

    FORGED = "forged"
    EXPIRED = "expired"
    REVOKED = "revoked"


class LinkRefused(Exception):
    """The link opens nothing. `lead` is set only when the signature was ours, so that a fresh link can be offered."""

    def __init__(self, problem: Problem, lead: Lead | None = None) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.lead = lead


@dataclass(frozen=True, slots=True)
class LinkKey:
    """What a genuine link says, before the lead's row had its say."""

    public_id: str
    generation: int
    signed_at: datetime


def chat_token(lead: Lead) -> str:
    """The token of the lead's present link generation. Printing one changes nothing."""
    return sign(PURPOSE, [lead.public_id, lead.link_generation])


def chat_url(lead: Lead) -> str:
    """The address that opens the lead's chat on any device."""
    return f"{current_app.config['SETTINGS'].public_url}/session?token={chat_token(lead)}"


def read_token(token: str) -> LinkKey:
    """What a genuine token says. Raises LinkRefused(FORGED) for anything we did not sign."""
    try:
        signed = read(PURPOSE, token, None)
    except LinkError:
        raise LinkRefused(Problem.FORGED) from None
    public_id, generation = signed.payload
    return LinkKey(public_id, generation, signed.signed_at)


def lead_for_link(token: str, now: datetime) -> tuple[Lead, datetime]:
    """The lead that this link opens, and when it was signed. Raises LinkRefused: forged, revoked or expired."""
    key = read_token(token)
    lead = db.session.scalar(select(Lead).where(Lead.public_id == key.public_id))
    if lead is None:
        raise LinkRefused(Problem.FORGED)
    if lead.link_generation != key.generation:
        raise LinkRefused(Problem.REVOKED, lead)
    if not still_valid(key.signed_at, lead.link_sent_at, lead.last_visit_at, now):
        raise LinkRefused(Problem.EXPIRED, lead)
    return lead, key.signed_at


def still_valid(signed_at: datetime, sent_at: datetime | None, last_visit_at: datetime | None, now: datetime) -> bool:
    """Whether a link is within LINK_MAX_AGE_DAYS of its making or of the last send, or two weeks of the last visit."""
    newest = max(signed_at, sent_at) if sent_at else signed_at
    if last_visit_at is not None and now <= last_visit_at + AFTER_VISIT:
        return True
    return now - newest <= timedelta(days=current_app.config["SETTINGS"].link_max_age_days)
