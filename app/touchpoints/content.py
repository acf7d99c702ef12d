"""What a touch point says."""

from dataclasses import dataclass

from flask import render_template

from app.leads.links import chat_url
from app.leads.models import Lead
from app.lib.phone import display
from app.locations.models import Location
from app.messaging.segments import folded, forced, is_gsm, plain, segments
from app.web.colour import palettes, parse
from app.web.i18n import current_language, speaking

MOST_SEGMENTS = 3


@dataclass(frozen=True)
class Content:
    """A rendered message; subject and html belong to email."""

    text: str
    subject: str | None = None
    html: str | None = None


def first_touch(lead: Lead, channel: str) -> Content:
    """The first message to this lead, in the customer's language, with the personal link."""
    with speaking(lead.customer.language if lead.customer else None):
        return _sms(lead) if channel == "sms" else _email(lead)


def _sms(lead: Lead) -> Content:
    """The fullest wording of at most three segments."""
    fullest = _words(lead)
    for left_out in ((), ("service",), ("service", "first_name")):
        words = {**fullest, **dict.fromkeys(left_out, "")}
        text = plain(" ".join(render_template("touchpoints/first_touch.sms.txt", **words).split()))
        if segments(text) <= MOST_SEGMENTS:
            return Content(text)
        # One letter outside the GSM alphabet more than halves a segment: í becomes i before a word is dropped.
        if is_gsm(folded(text)) and segments(folded(text)) <= MOST_SEGMENTS:
            return Content(folded(text))
    return Content(forced(text))


def _email(lead: Lead) -> Content:
    words = {**_words(lead), **_look(lead.location)}
    subject = render_template("touchpoints/first_touch.email.subject.txt", **words)
    return Content(
        text=render_template("touchpoints/first_touch.email.txt", **words).strip() + "\n",
        subject=" ".join(subject.split()),
        html=render_template("touchpoints/first_touch.email.html", **words),
    )


def _words(lead: Lead) -> dict[str, object]:
    return {
        "first_name": _one_line(lead.customer.first_name) if lead.customer else "",
        "store": lead.location,
        "vehicle": lead.vehicle.name if lead.vehicle else "",
        "service": lead.services[0].name if len(lead.services) == 1 else "",
        "services": [service.name for service in lead.services],
        "link": chat_url(lead),
    }


def _look(store: Location) -> dict[str, object]:
    """What mail clients need written out: they know no stylesheet of ours."""
    light = palettes(parse(store.brand_color))[0]
    return {
        "brand": light.brand.hex,
        "on_brand": light.on_brand.hex,
        "phone": display(store.phone) if store.phone else "",
        "language": current_language(),
    }


def _one_line(name: str | None) -> str:
    return " ".join((name or "").split())[:40]
