"""What the house itself says in a conversation, in the customer's language."""

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _

from app.booking.wording import moment_wording
from app.web.i18n import speaking


def joined(language: str | None, name: str) -> str:
    with speaking(language):
        return _("%(name)s joined the conversation.", name=name)


def left(language: str | None, name: str) -> str:
    with speaking(language):
        return _("%(name)s left. The assistant answers again.", name=name)


def team_asked(language: str | None, reopens: datetime | None = None) -> str:
    """That a person was asked for, and with `reopens`, in the store's zone, that nobody is there before."""
    with speaking(language):
        asked = _("The store's team has been asked to join.")
    return f"{asked} {back_at(language, reopens)}" if reopens else asked


def back_at(language: str | None, reopens: datetime) -> str:
    """When the team of a closed store reads what was written; nothing is promised beyond that."""
    with speaking(language):
        when = moment_wording(reopens)
        return _("The store is closed now. The team is back on %(when)s; your message waits.", when=when)


def unproven_price(language: str | None) -> str:
    """What stands in for a sentence with a price that nothing proves."""
    with speaking(language):
        return _("I'd rather have the store confirm that price for you.")


def unproven(language: str | None) -> str:
    """What stands in for a sentence that says what nothing proves: a booking, a time, something done."""
    with speaking(language):
        return _("I'd rather have the store's team confirm that with you.")


def limit_reached(language: str | None, store: str, phone: str) -> str:
    """What the customer reads when the assistant may answer no more."""
    with speaking(language):
        person = _("A person from %(store)s will take it from here. I've asked them to join you.", store=store)
        call = _("You can also call %(phone)s.", phone=phone)
    return f"{person} {call}" if phone else person


def off_topic(language: str | None, store: str) -> str:
    """What the customer reads who asks for something else than the store's trade."""
    with speaking(language):
        return _("That I can't help with. Ask me about %(store)s: services, prices or appointments.", store=store)


def no_answer(language: str | None, store: str, phone: str, reopens: datetime | None = None) -> str:
    """What the customer reads when no provider can answer; with `reopens`, when the team of a closed store is back."""
    with speaking(language):
        sorry = _("I'm sorry, I can't answer right now. I've asked the team at %(store)s to help you.", store=store)
        call = _("You can also call %(phone)s.", phone=phone)
    if reopens:
        return f"{sorry} {back_at(language, reopens)}"
    return f"{sorry} {call}" if phone else sorry


def more_by_link(language: str | None, link: str) -> str:
    """What ends a text message that had to be cut."""
    with speaking(language):
        return _("More: %(link)s", link=link)


def opted_out(language: str | None, store: str) -> str:
    """The one confirmation that follows an opt-out; it may say nothing else (47 CFR 64.1200(a)(12))."""
    with speaking(language):
        return _("%(store)s: you will get no more texts from us. Reply START to get them again.", store=store)


def opted_out_here(language: str | None, channels: Collection[str]) -> str:
    """What the page says to somebody who wants no more of these."""
    with speaking(language):
        if len(channels) > 1:
            return _("You will get no more texts and emails from us.")
        return (
            _("You will get no more emails from us.")
            if "email" in channels
            else _("You will get no more texts from us.")
        )


def reply_stop(language: str | None) -> str:
    """What ends the first text to a number."""
    with speaking(language):
        return _("Reply STOP to opt out.")


def how_to_stop(language: str | None, store: str, phone: str) -> str:
    """What HELP is answered with."""
    with speaking(language):
        if phone:
            said = _("%(store)s, %(phone)s. Write us here any time. Reply STOP to get no more texts.")
            return str(said % {"store": store, "phone": phone})
        return _("%(store)s. Write us here any time. Reply STOP to get no more texts.", store=store)


def visit(language: str | None, status: str, start: datetime) -> str:
    """A visit in one line, where its card cannot be drawn. `start` is in the store's zone."""
    with speaking(language):
        when = moment_wording(start)
        if status == "cancelled":
            return _("Visit cancelled: %(when)s", when=when)
        if status == "no_show":
            return _("Visit missed: %(when)s", when=when)
        return _("Visit done: %(when)s", when=when) if status == "done" else _("Visit booked: %(when)s", when=when)


def visit_moved(language: str | None, start: datetime) -> str:
    with speaking(language):
        return _("Visit moved to %(when)s", when=moment_wording(start))
