"""The form in which staff book for a caller: who it is, what is to be done, and when. It keeps nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from flask import abort
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.accounts import within
from app.accounts.models import StaffUser
from app.assistant import visit_services
from app.booking.availability import today_of
from app.catalog.models import Service
from app.catalog.search import search, services_of
from app.db import db
from app.leads.models import Lead
from app.locations.models import Location
from app.staff.calendar import parse_day
from app.staff.filters import Filters
from app.staff.inbox import InboxRow, inbox_page
from app.staff.visit_times import TimeForm

Form = MultiDict[str, str]
MOST_FOUND = 8
LONGEST = {"name": 100, "phone": 40, "email": 200, "note": 500, "lead_search": 100, "service_search": 100}


@dataclass(frozen=True, slots=True)
class VisitForm:
    """What stands in the form. `found` are the leads of its search, `offered` services to choose, `service_ids` those
    that are chosen, in the order of the catalogue."""

    store: Location
    client_id: str
    lead: Lead | None
    typed: dict[str, str]
    found: list[InboxRow]
    service_ids: list[int]
    offered: list[Service]
    since: date
    times: TimeForm


def read_form(staff: StaffUser, store: Location, form: Form, now: datetime) -> VisitForm:
    """The form as it was sent, or an empty one. A lead that is not the store's is 404, a service that went is left out.

    Choosing a lead chooses what its order asks for, where nothing is chosen yet.
    """
    today, catalog, chosen = today_of(store, now), services_of(store.id), set(form.getlist("services"))
    lead = _lead(staff, store, form)
    if lead and form.get("choose_lead") and not chosen:
        chosen = {str(one) for one in visit_services.requested(lead)}
    typed = {name: form.get(name, "").strip()[:most] for name, most in LONGEST.items()}
    service_ids = [one.id for one in catalog if str(one.id) in chosen]
    since = max(today, parse_day(form.get("since") or form.get("day", ""), today))
    return VisitForm(
        store=store,
        client_id=_client_id(form.get("client_id", "")),
        lead=lead,
        typed=typed,
        found=_found(staff, store, typed["lead_search"]) if typed["lead_search"] and not lead else [],
        service_ids=service_ids,
        offered=_offered(catalog, typed["service_search"], service_ids),
        since=since,
        times=TimeForm.of(form, since),
    )


def _lead(staff: StaffUser, store: Location, form: Form) -> Lead | None:
    public_id = form.get("choose_lead") or form.get("lead", "")
    if form.get("forget_lead") or not public_id:
        return None
    query = select(Lead).where(Lead.public_id == public_id, Lead.location_id == store.id, within(staff, Lead))
    return db.session.scalar(query) or abort(404)


def _found(staff: StaffUser, store: Location, words: str) -> list[InboxRow]:
    page = inbox_page(staff, Filters(search=words, store=store.id))
    return [*page.urgent, *page.others][:MOST_FOUND]


def _offered(catalog: Sequence[Service], words: str, chosen: Sequence[int]) -> list[Service]:
    """The chosen ones first, then what the search found."""
    found = search(catalog, words, MOST_FOUND) if words else []
    return [*(one for one in catalog if one.id in chosen), *(one for one in found if one.id not in chosen)]


def _client_id(given: str) -> str:
    """The form's own name for the visit, so that sending it twice books once."""
    return given if given.isascii() and given.isalnum() and 16 <= len(given) <= 64 else uuid4().hex
