"""What a touch point says: its step's templates, filled for one lead."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from app.accounts.models import StaffUser
from app.chat.view import quote_of
from app.db import db, prepared
from app.leads.links import chat_url
from app.leads.mail import mail_look
from app.leads.models import Lead, RequestedService
from app.lib import money
from app.lib.phone import display
from app.locations.models import Location
from app.touchpoints.default_sequence import default_sequence
from app.touchpoints.step_rules import StepValues
from app.touchpoints.wording import Refused, checked, one_text, words_of, written
from app.web.i18n import current_language, speaking

# Asked for nearly every message.
SERVICES = prepared(
    select(RequestedService.name)
    .where(RequestedService.lead_id == bindparam("lead_id"))
    .order_by(RequestedService.position)
)
SAYS_STOP = re.compile(r"\bSTOP\b")


@dataclass(frozen=True)
class Content:
    """A rendered message; subject and html belong to email."""

    text: str
    subject: str | None = None
    html: str | None = None


def content_of(lead: Lead, step: StepValues, channel: str, *, first_text: bool, language: str | None = None) -> Content:
    """The step's message to this lead, in the customer's language unless another is named.

    `first_text`: no SMS went to this number yet, so this one says how to stop. Raises Refused where what comes out must
    not be sent.
    """
    own = lead.customer.language if lead.customer else None
    with speaking(language or own):
        return _sms(lead, step, first_text) if channel == "sms" else _email(lead, step)


def first_touch(lead: Lead, channel: str) -> Content:
    """The first message of the usual sequence."""
    return content_of(lead, default_sequence()[1][0], channel, first_text=True)


def _sms(lead: Lead, step: StepValues, first_text: bool) -> Content:
    source = step.text(current_language(), "sms")
    ending = _("Reply STOP to opt out.") if first_text and not SAYS_STOP.search(source) else ""
    return Content(one_text(source, _words(lead, source), ending))


def _email(lead: Lead, step: StepValues) -> Content:
    subject, body = (step.text(current_language(), name) for name in ("subject", "body"))
    if not body:
        raise Refused("The step has no email text.")
    if not lead.location.address1:
        # 15 U.S.C. 7704(a)(5)(A)(iii), and CASL: none without where its sender can be found.
        raise Refused("The store's postal address is missing, and every email must carry it.")
    words = _words(lead, subject + body)
    text = checked(re.sub(r"\n{3,}", "\n\n", written(body, words)), words)
    look = {**mail_look(lead), "link": words["chat_link"]}
    return Content(
        text=render_template("touchpoints/email.txt", text=text, **look).strip() + "\n",
        subject=" ".join(checked(written(subject, words), words).split()),
        html=render_template("touchpoints/email.html", blocks=_blocks(text), **look),
    )


def _words(lead: Lead, source: str) -> dict[str, str]:
    """What is known of the words that the template names; the three that are always known come in any case."""
    named = words_of(source)
    return {name: word() for name, word in _vocabulary(lead).items() if name in named or name in ("store", "chat_link")}


def _vocabulary(lead: Lead) -> dict[str, Callable[[], str]]:
    def names() -> list[str]:
        return [_one_line(name, 120) for name in db.session.scalars(SERVICES, {"lead_id": lead.id})]

    first_name = _one_line(lead.customer.first_name, 40) if lead.customer else ""
    return {
        "store": lambda: _one_line(lead.location.name, 80),
        "chat_link": lambda: chat_url(lead),
        "greeting": lambda: _("Hi %(name)s,", name=first_name) if first_name else _("Hi,"),
        "first_name": lambda: first_name,
        "vehicle": lambda: _one_line(lead.vehicle.name, 80) if lead.vehicle else "",
        "service": lambda: names()[0] if len(names()) == 1 else "",
        "services": lambda: "\n".join(f"- {name}" for name in names()),
        "price_from": lambda: _price_from(lead),
        "advisor": lambda: _advisor(lead.location),
        "store_phone": lambda: display(lead.location.phone) if lead.location.phone else "",
    }


def _price_from(lead: Lead) -> str:
    """The lowest amount that the customer may be told for what was asked for."""
    prices = [line.price for line in quote_of(lead) if line.price and line.price.told]
    cheapest = min(prices, key=lambda price: price.low_cents or 0, default=None)
    return money.wording(cheapest.low_cents, cheapest.currency) if cheapest and cheapest.low_cents else ""


def _advisor(store: Location) -> str:
    query = select(StaffUser.name).where(
        StaffUser.company_id == store.company_id, StaffUser.active, StaffUser.role == "advisor",
        StaffUser.locations.any(Location.id == store.id),
    )  # fmt: skip
    names = list(db.session.scalars(query.limit(2)))
    return _one_line(names[0], 40) if len(names) == 1 else ""


def _blocks(text: str) -> list[list[str]]:
    """Paragraphs as lists of lines: the frame draws lists and the link's own line differently."""
    return [block.splitlines() for block in text.split("\n\n") if block.strip()]


def _one_line(name: str | None, longest: int) -> str:
    return " ".join((name or "").split())[:longest]
