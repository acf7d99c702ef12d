"""What the messages around a visit say, written from the appointment's row at the moment of sending."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from flask import current_app, render_template
from flask_babel import gettext as _

from app.booking.calendar_file import Invitation, calendar_file, google_link
from app.booking.models import Appointment
from app.booking.wording import day_wording, moment_wording, price_wording, time_wording
from app.catalog.pricing import Price
from app.leads.links import chat_url
from app.leads.mail import reply_headers
from app.leads.models import Lead
from app.lib.phone import display
from app.locations.models import Location
from app.messaging.segments import folded, is_gsm, plain, segments
from app.messaging.unsubscribe import unsubscribe_url
from app.web.colour import palettes, parse
from app.web.i18n import current_language, speaking

MOST_SEGMENTS = 3
METHODS: dict[str, Literal["REQUEST", "CANCEL"]] = {
    "confirmation": "REQUEST", "change": "REQUEST", "cancellation": "CANCEL"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A message; subject, html, headers and calendar (an .ics file) belong to email."""

    text: str
    subject: str | None = None
    html: str | None = None
    calendar: str | None = None
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a visit's messages go to: its lead's customer, or whom staff wrote down."""

    name: str | None
    phone: str | None
    email: str | None
    language: str | None = None


def recipient_of(appointment: Appointment, lead: Lead | None) -> Recipient:
    """The customer as they can be reached now."""
    customer = lead.customer if lead else None
    if customer is None:
        return Recipient(appointment.customer_name, appointment.customer_phone, appointment.customer_email)
    phone, email = customer.phone or appointment.customer_phone, customer.email or appointment.customer_email
    return Recipient(customer.first_name, phone, email, customer.language)


def written(
    kind: str, channel: str, appointment: Appointment, lead: Lead | None, store: Location, now: datetime,
    *, first_text: bool, organizer: str | None = None,
) -> Written:  # fmt: skip
    """The message in its recipient's language. `first_text`: no text went to them yet, so it says how to stop."""
    with speaking(recipient_of(appointment, lead).language):
        said = _Said(kind, appointment, lead, store, now)
        return Written(_sms(said, first_text)) if channel == "sms" else _email(said, organizer)


class _Said:
    """The words of one message, each worded when it is asked for."""

    def __init__(self, kind: str, appointment: Appointment, lead: Lead | None, store: Location, now: datetime) -> None:
        self.kind, self.appointment, self.lead, self.shop, self.now = kind, appointment, lead, store, now
        self.start = appointment.starts_at.astimezone(ZoneInfo(store.timezone))
        self.store = " ".join(store.name.split())[:80]
        self.when, self.time = moment_wording(self.start), time_wording(self.start)
        self.link = chat_url(lead) if lead else ""
        self.phone = display(store.phone) if store.phone else ""

    @property
    def services(self) -> str:
        return ", ".join(service.name for service in self.appointment.services)

    @property
    def confirmed(self) -> bool:
        return self.appointment.confirmed_at is not None

    @property
    def today(self) -> bool:
        return self.now.astimezone(self.start.tzinfo).date() == self.start.date()


def _sms(said: _Said, first_text: bool) -> str:
    """One SMS of at most three segments: what is too long goes without accents, then without the services' names."""
    ending = _("Reply STOP to opt out.") if first_text else ""
    for services in (said.services, ""):
        text = plain(" ".join(_joined(_SMS[said.kind](said, services), ending).split()))
        for shorter in (text, folded(text)):
            if segments(shorter) <= MOST_SEGMENTS and (shorter is text or is_gsm(shorter)):
                return shorter
    return folded(text)


def _for(services: str) -> str:
    return f" ({services})" if services else ""


def _or_call(said: _Said, by_link: str) -> str:
    """How to change the visit: by the link, or by phone where there is none."""
    if said.link:
        return by_link
    return _("To change it, call %(phone)s.", phone=said.phone) if said.phone else ""


def _to_confirm(said: _Said) -> str:
    return _("Reply C to confirm.") if said.lead and not said.confirmed else ""


def _confirmation(said: _Said, services: str) -> str:
    booked = _("%(store)s: you are booked for %(when)s%(what)s.", store=said.store, when=said.when, what=_for(services))
    return _joined(booked, _or_call(said, _("Details and changes: %(link)s", link=said.link)))


def _change(said: _Said, services: str) -> str:
    moved = _(
        "%(store)s: your visit is now on %(when)s%(what)s.", store=said.store, when=said.when, what=_for(services)
    )
    return _joined(moved, _or_call(said, _("Details and changes: %(link)s", link=said.link)))


def _cancellation(said: _Said, services: str) -> str:
    off = _("%(store)s: your visit on %(when)s is cancelled.", store=said.store, when=said.when)
    return _joined(off, _("Another time: %(link)s", link=said.link) if said.link else "")


def _day_before(said: _Said, services: str) -> str:
    see = _("%(store)s: see you on %(when)s%(what)s.", store=said.store, when=said.when, what=_for(services))
    return _joined(see, _to_confirm(said), _or_call(said, _("Changes: %(link)s", link=said.link)))


def _two_hours(said: _Said, services: str) -> str:
    if not said.today:
        return _day_before(said, services)
    see = _("%(store)s: see you today at %(time)s%(what)s.", store=said.store, time=said.time, what=_for(services))
    return _joined(see, _to_confirm(said), _or_call(said, _("Details: %(link)s", link=said.link)))


def _after_visit(said: _Said, services: str) -> str:
    thanks = _("%(store)s: thank you for your visit. How did it go?", store=said.store)
    return _joined(thanks, _("Tell us here: %(link)s", link=said.link) if said.link else "")


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


_SMS: dict[str, Callable[[_Said, str], str]] = {
    "confirmation": _confirmation,
    "change": _change,
    "cancellation": _cancellation,
    "day_before": _day_before,
    "two_hours": _two_hours,
    "after_visit": _after_visit,
}


def _email(said: _Said, organizer: str | None) -> Written:
    who = recipient_of(said.appointment, said.lead)
    subject, opening = _opening(said)
    own = said.link or str(current_app.config["SETTINGS"].public_url)
    invitation = Invitation(own, opening, who.email, who.name, organizer)
    shown = {
        "said": said, "opening": opening, "name": who.name, "look": _look(said.shop), "lines": _lines(said.appointment),
        "total": price_wording(_total(said.appointment)), "language": current_language(),
        "google": google_link(said.appointment, said.shop, invitation),
        "unsubscribe": unsubscribe_url(said.appointment.company_id, who.email) if who.email else "",
        "ahead": said.kind not in ("cancellation", "after_visit"),
    }  # fmt: skip
    method = METHODS.get(said.kind)
    file = calendar_file(said.appointment, said.shop, method, invitation, said.now).decode() if method else None
    return Written(
        text=render_template("booking/visit.email.txt", **shown).strip() + "\n",
        subject=subject,
        html=render_template("booking/visit.email.html", **shown),
        calendar=file,
        headers=reply_headers(said.lead) if said.lead else None,
    )


def _opening(said: _Said) -> tuple[str, str]:
    """Subject and first sentence."""
    day = day_wording(said.start.date())
    given = {"when": said.when, "day": day, "time": said.time, "store": said.store}
    if said.kind == "confirmation":
        return _("You are booked: %(when)s", **given), _("Your visit at %(store)s is booked for %(when)s.", **given)
    if said.kind == "change":
        return _("Your visit is now on %(when)s", **given), _("Your visit at %(store)s is now on %(when)s.", **given)
    if said.kind == "cancellation":
        cancelled = _("Your visit at %(store)s on %(when)s is cancelled.", **given)
        return _("Your visit on %(day)s is cancelled", **given), cancelled
    if said.kind == "after_visit":
        how = _("Thank you for coming to %(store)s. How did it go? Your answer goes straight to the team.", **given)
        return _("How did it go at %(store)s?", **given), how
    return _("See you on %(when)s", **given), _("We are looking forward to seeing you on %(when)s.", **given)


def _total(appointment: Appointment) -> Price:
    return Price(appointment.price_kind, appointment.low_cents, appointment.high_cents, appointment.currency)


def _lines(appointment: Appointment) -> list[tuple[str, str]]:
    """What is booked, with each price as quoted."""
    return [
        (one.name, price_wording(Price(one.kind, one.low_cents, one.high_cents, one.currency)))
        for one in appointment.services
    ]


def _look(store: Location) -> dict[str, str]:
    """What mail programs need written out: they know no stylesheet of ours."""
    light = palettes(parse(store.brand_color))[0]
    return {"brand": light.brand.hex, "on_brand": light.on_brand.hex}
