"""What the form for a caller's visit asks for, as booking takes it."""

import re
from collections.abc import Sequence

from app import booking
from app.accounts.models import StaffUser
from app.assistant import visit_services
from app.booking import Contact, QuotedService, Wish, work_of
from app.booking.bays import bays_of
from app.leads.models import Lead
from app.lib.phone import normalise
from app.lib.refusals import FieldsRefused
from app.locations.models import Location
from app.staff.visit_form import VisitForm
from app.staff.visit_times import TimeRefused

EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")


class VisitRefused(FieldsRefused):
    """Something is missing in the form."""


def quoted(store: Location, service_ids: Sequence[int], lead: Lead | None) -> list[QuotedService]:
    """The services as they are quoted to this lead: by its order, by what the chat has shown it, by the price list."""
    if not service_ids:
        return []
    if lead is not None:
        return visit_services.quoted(lead, service_ids)
    return booking.quoted_services(store.id, service_ids, booking.rules_of(store.id))


def wish_of(form: VisitForm, services: Sequence[QuotedService], staff: StaffUser) -> Wish:
    """The visit that is asked for. Raises VisitRefused."""
    contact, errors = (None, {}) if form.lead else _contact(form)
    chosen = None
    if not services:
        errors["services"] = "Choose what is to be done."
    try:
        chosen = form.times.chosen(form.store.timezone)
    except TimeRefused as refusal:
        errors["time"] = str(refusal)
    if errors or chosen is None:
        raise VisitRefused(errors)
    return Wish(
        location_id=form.store.id, starts_at=chosen.starts_at, services=services, client_id=form.client_id,
        actor=booking.staff(staff.name), lead_id=form.lead.id if form.lead else None, contact=contact,
        bay_id=chosen.bay_id, note=form.typed["note"],
    )  # fmt: skip


def some_bay_does(store: Location, services: Sequence[QuotedService]) -> bool:
    """Whether there is a bay in which all of it can be done."""
    needed = work_of(services).abilities
    return any(needed <= set(bay.abilities) for bay in bays_of(store.id))


def _contact(form: VisitForm) -> tuple[Contact, dict[str, str]]:
    name, phone, email = (form.typed[name] for name in ("name", "phone", "email"))
    number = normalise(phone, form.store.country)
    errors = {}
    if not name:
        errors["name"] = "Say who comes, or find their lead."
    if phone and not number:
        errors["phone"] = "Write a number like (954) 555-0100."
    if email and not EMAIL.fullmatch(email):
        errors["email"] = "Write an address like name@example.com."
    return Contact(name, number, email or None), errors
