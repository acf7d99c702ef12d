"""The screens on which a customer takes a time: each a piece of the chat page, and a page of its own without script."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Request, current_app, render_template, url_for
from flask_babel import gettext as _

from app import booking
from app.assistant.visit_services import requested
from app.booking import BookingRefused, Slot
from app.booking.calendar_file import Invitation, google_link
from app.booking.models import Appointment
from app.booking.wording import day_wording, moment_wording, price_wording, time_wording
from app.catalog.search import by_category, services_of
from app.chat import picker as picking
from app.chat.booking_errors import refusal_wording
from app.chat.booking_words import duration_wording, short_day
from app.chat.cards import read_card, slot_times, visit_card
from app.leads.models import Lead
from app.lib import phone
from app.lib.text import whole_number
from app.web.rendering import wants_fragment

MOST_CHOSEN = 12
ASKS_WITHIN, ASKS_AFTER = timedelta(days=3), timedelta(hours=1)
WORDING = {
    "day_wording": day_wording, "short_day": short_day, "slot_times": slot_times,
    "duration_wording": duration_wording, "price_wording": price_wording, "moment_wording": moment_wording,
}  # fmt: skip


def chosen_services(request: Request, lead: Lead) -> list[int]:
    """The ids of the services that the request names, else those that the lead's own order asks for."""
    given = request.values.getlist("service")[: MOST_CHOSEN + 1]
    ids = (whole_number(one) for one in given)
    return [one for one in ids if one is not None] or requested(lead)


def chosen_day(request: Request, name: str = "day") -> date | None:
    """The day that the request names, or else that of the time which it wants; None where there is none."""
    given = request.values.get(name) or (request.values.get("start", "")[:10] if name == "day" else "")
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


def picker_screen(
    lead: Lead,
    request: Request,
    now: datetime,
    refused: BookingRefused | None = None,
    moving: Appointment | None = None,
) -> str:
    """Days and times to choose from; after a refusal with the reason and the next best times first."""
    day, first = chosen_day(request), chosen_day(request, "first")
    if moving is not None:
        shown = picking.picker_to_move(lead, moving, now, day, first)
    else:
        shown = picking.picker(lead, chosen_services(request, lead), now, day, first)
    return _screen(
        "picker", lead, picker=shown, moving=_card(moving, lead) if moving else None,
        notice=refusal_wording(refused) if refused else "", instead=_instead(refused.slots if refused else ()),
    )  # fmt: skip


def services_screen(lead: Lead, request: Request) -> str:
    """What the store offers, to choose what is to be done."""
    chosen = chosen_services(request, lead)
    return _screen("services", lead, categories=by_category(services_of(lead.location_id)), chosen=chosen)


def held_screen(lead: Lead, held: Appointment, notice: str = "") -> str:
    """The time that is held, to be booked."""
    assert held.hold_until is not None
    until = time_wording(held.hold_until.astimezone(ZoneInfo(lead.location.timezone)))
    services = [one.service_id for one in held.services if one.service_id]
    return _screen("held", lead, visit=_card(held, lead), until=until, held=held, service_ids=services, notice=notice)


def visit_screen(lead: Lead, visit: Appointment, now: datetime, notice: str = "") -> str:
    """A visit as it stands, with what can still be changed."""
    until = _change_until(visit)
    ahead = visit.status == "booked" and now < visit.starts_at
    return _screen(
        "visit",
        lead,
        visit=_card(visit, lead),
        ahead=ahead,
        changeable=ahead and now <= until,
        confirmable=ahead and _confirmable(visit, now),
        until=moment_wording(until.astimezone(ZoneInfo(lead.location.timezone))),
        google=google_link(visit, lead.location, invitation(visit, lead)),
        entry=_("Your visit") if ahead else _("Book a time"),
        notice=notice,
    )


def moving_screen(lead: Lead, visit: Appointment, start: datetime) -> str:
    """Asks once more before a visit is moved."""
    local = start.astimezone(ZoneInfo(lead.location.timezone))
    card = _card(visit, lead)
    return _screen("moving", lead, visit=card, start=local.isoformat(), wording=moment_wording(local))


def invitation(visit: Appointment, lead: Lead) -> Invitation:
    """What a calendar keeps beside the visit's times: where it is changed, and for which vehicle at which price."""
    settings = current_app.config["SETTINGS"]
    link = settings.public_url + url_for("booking.page", public_id=lead.public_id, visit=visit.public_id)
    card = _card(visit, lead)
    return Invitation(link, "\n".join(part for part in (card.vehicle, card.price_wording) if part))


def cancel_screen(lead: Lead, visit: Appointment) -> str:
    """Asks once more before a visit is cancelled."""
    return _screen("cancel", lead, visit=_card(visit, lead))


def team_screen(lead: Lead) -> str:
    """The store's team has been asked to set a time."""
    return _screen("team", lead)


def _confirmable(visit: Appointment, now: datetime) -> bool:
    """Whether to ask if the customer will come: they have not said so, it is near, and they have not just booked it."""
    just_booked = visit.booked_at is not None and now - visit.booked_at < ASKS_AFTER
    return visit.confirmed_at is None and visit.starts_at - now <= ASKS_WITHIN and not just_booked


def _change_until(visit: Appointment) -> datetime:
    return visit.starts_at - booking.rules_of(visit.location_id).change_until


def _card(appointment: Appointment, lead: Lead) -> Any:
    return read_card(visit_card(appointment, lead))


def _instead(slots: Sequence[Slot]) -> list[tuple[str, str]]:
    return [(slot.local_start.isoformat(), moment_wording(slot.local_start)) for slot in slots]


def _screen(name: str, lead: Lead, **given: Any) -> str:
    number, in_sheet = lead.location.phone, wants_fragment()
    return render_template(
        "chat/_booking.html" if in_sheet else "chat/booking.html", in_sheet=in_sheet,
        screen=f"chat/_booking_{name}.html", lead=lead, store_phone=number,
        store_phone_display=phone.display(number) if number else "", **WORDING, **given,
    )  # fmt: skip
