"""What a change of hours, days or rules would leave free: shown before it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template

from app import booking
from app.booking import BookingRefused, Change, DayPreview, work_of
from app.booking.models import Appointment
from app.catalog.models import Service
from app.catalog.search import by_category, services_of
from app.locations.models import Location

MOST_OUTSIDE = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """Seven days of free times for one service. `outside` are booked visits that would begin while it is closed;
    `problem` says why there is nothing to show."""

    service: Service | None
    days: list[DayPreview]
    outside: list[Appointment]
    more_outside: int
    problem: str = ""


def service_groups(store: Location) -> list[tuple[str, list[Service]]]:
    """The store's services to choose from, by category."""
    return by_category(services_of(store.id))


def preview_of(
    store: Location, change: Change, form: Mapping[str, str], now: datetime, first: date | None = None
) -> Preview:
    """The preview for the service that the form names, else the first of the catalogue."""
    services = services_of(store.id)
    chosen = next((one for one in services if str(one.id) == form.get("service")), services[0] if services else None)
    outside = booking.visits_outside(store, change, now)
    shown, more = outside[:MOST_OUTSIDE], max(0, len(outside) - MOST_OUTSIDE)
    if chosen is None:
        return Preview(None, [], shown, more, "The catalog is empty: there is no service to try it with.")
    try:
        rules = change.rules or booking.rules_of(store.id)
        work = work_of(booking.quoted_services(store.id, [chosen.id], rules))
    except BookingRefused as refusal:
        return Preview(chosen, [], shown, more, str(refusal))
    return Preview(chosen, booking.preview(store, work, change, now, first), shown, more)


def refused_preview(words: str) -> Preview:
    """What stands there while the form cannot be read."""
    return Preview(None, [], [], 0, words)


def preview_html(store: Location, preview: Preview) -> str:
    """The part of the page."""
    return render_template("staff/_free_preview.html", store=store, preview=preview)
