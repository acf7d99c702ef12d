"""What a store still needs before it can be live: for one store or for many, in the same few queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.booking.models import Bay
from app.catalog.models import Service
from app.db import db
from app.lib.phone import display
from app.locations.models import Location
from app.locations.senders import mail_sender, sms_sender
from app.locations.settings import settings_for
from app.sync.clients import has_own_key
from app.sync.connection import REFUSED
from app.sync.models import CatalogRun, KeyWatermark, OrderWatermark, StoreSetup, WebhookRegistration

PLAIN_COLOUR = "#1f2937"


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of setting a store up. `state` is done, todo, running or problem; `detail` says how it stands."""

    key: str
    title: str
    state: str
    detail: str

    @property
    def done(self) -> bool:
        return self.state == "done"


@dataclass(frozen=True, slots=True)
class Checklist:
    steps: tuple[Step, ...]

    @property
    def missing(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.done)

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def running(self) -> bool:
        """Whether something is under way by itself."""
        return any(step.state == "running" for step in self.steps)


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables say about some stores, by store."""

    setups: dict[int, StoreSetup]
    runs: dict[int, CatalogRun]
    services: dict[int, int]
    bays: dict[int, int]
    registrations: dict[int, WebhookRegistration]
    keyed: frozenset[int]
    company_marks: dict[int, OrderWatermark]
    key_marks: dict[int, KeyWatermark]


def checklist_of(store: Location) -> Checklist:
    """One store's."""
    return checklists([store])[store.id]


def checklists(stores: Sequence[Location]) -> dict[int, Checklist]:
    """Each store's, by id, in at most eight queries whatever their number."""
    known = _known(stores)
    return {store.id: Checklist(_steps(store, known)) for store in stores}


def _known(stores: Sequence[Location]) -> Known:
    ids = [store.id for store in stores]
    newest = select(func.max(CatalogRun.id)).where(CatalogRun.location_id.in_(ids)).group_by(CatalogRun.location_id)
    setups = db.session.scalars(select(StoreSetup).where(StoreSetup.location_id.in_(ids)))
    runs = db.session.scalars(select(CatalogRun).where(CatalogRun.id.in_(newest)))
    companies = {store.company_id: store.company for store in stores}
    of_companies = select(OrderWatermark).where(OrderWatermark.company_id.in_(companies))
    keys = {store.shopmonkey_key_id for store in stores} - {None}
    of_keys = select(KeyWatermark).where(KeyWatermark.key_id.in_(keys))
    registered = select(WebhookRegistration).where(WebhookRegistration.company_id.in_(companies))
    return Known(
        setups={setup.location_id: setup for setup in setups},
        runs={run.location_id: run for run in runs},
        services=_counted(Service, ids),
        bays=_counted(Bay, ids),
        registrations={one.company_id: one for one in db.session.scalars(registered)},
        keyed=frozenset(company.id for company in companies.values() if has_own_key(company)),
        company_marks={one.company_id: one for one in db.session.scalars(of_companies)},
        key_marks={one.key_id: one for one in (db.session.scalars(of_keys) if keys else ())},
    )


def _counted(table: Any, ids: list[int]) -> dict[int, int]:
    rows = select(table.location_id, func.count()).where(table.location_id.in_(ids)).group_by(table.location_id)
    return {row[0]: row[1] for row in db.session.execute(rows)}


def _steps(store: Location, known: Known) -> tuple[Step, ...]:
    return (
        _key(store, known),
        _webhook(known.setups.get(store.id), known.registrations.get(store.company_id)),
        _catalogue(known.runs.get(store.id), known.services.get(store.id, 0)),
        _hours(store),
        _bays(known.bays.get(store.id, 0)),
        _look(store),
        _senders(store),
    )


def _key(store: Location, known: Known) -> Step:
    title, own = "ShopMonkey key", store.shopmonkey_key_id
    if own is None and store.company_id not in known.keyed:
        return Step("key", title, "todo", "Nothing can be read without one")
    mark = known.company_marks.get(store.company_id) if own is None else known.key_marks.get(own)
    if mark and mark.refused:
        return Step("key", title, "problem", REFUSED)
    return Step("key", title, "done", "The company's key" if own is None else "A key of its own")


def _webhook(setup: StoreSetup | None, looked: WebhookRegistration | None) -> Step:
    """What was done for the store, and what the hourly look at the company's webhook found since."""
    title = "Webhook"
    if setup and setup.error:
        return Step("webhook", title, "problem", setup.error)
    if setup and setup.due_at and not setup.webhook_id:
        return Step("webhook", title, "running", "Being registered in ShopMonkey")
    if looked and looked.problem:
        return Step("webhook", title, "problem", looked.problem)
    if (setup and setup.webhook_id) or (looked and looked.shopmonkey_id):
        return Step("webhook", title, "done", "New orders are told at once")
    return Step("webhook", title, "todo", "Not registered yet")


def _catalogue(run: CatalogRun | None, services: int) -> Step:
    title = "Catalog"
    if run and run.status in ("queued", "running"):
        told = f"{run.listed} of {run.total} services read" if run.total else "Waiting for its turn"
        return Step("catalog", title, "running", told)
    if run and run.status == "failed" and not services:
        return Step("catalog", title, "problem", run.error or "It could not be read")
    if services:
        again = "; it could not be read again last time" if run and run.status == "failed" else ""
        told = "1 service" if services == 1 else f"{services} services"
        return Step("catalog", title, "done", told + again)
    return Step("catalog", title, "todo", "No services yet" if run is None else "ShopMonkey has no services for it")


def _hours(store: Location) -> Step:
    days = len({stretch.weekday for stretch in store.hours})
    if days:
        return Step("hours", "Weekly hours", "done", f"Open on {days} {'day' if days == 1 else 'days'} a week")
    return Step("hours", "Weekly hours", "todo", "Nothing can be booked, and “open now” is not claimed")


def _bays(bays: int) -> Step:
    if bays:
        return Step("bays", "Bays", "done", f"{bays} {'bay' if bays == 1 else 'bays'}")
    return Step("bays", "Bays", "todo", "Without a bay nothing can be booked")


def _look(store: Location) -> Step:
    title, name = "Look and assistant", settings_for(store).assistant_name
    if name or store.tagline or store.brand_color != PLAIN_COLOUR:
        return Step("look", title, "done", name or store.tagline or store.brand_color)
    return Step("look", title, "todo", "Color, tagline, and how the assistant introduces itself")


def _senders(store: Location) -> Step:
    title = "Numbers and mail"
    missing = [
        what for what, found in (("an SMS number", sms_sender(store)), ("a mailbox", mail_sender(store))) if not found
    ]
    if not missing:
        return Step("senders", title, "done", f"{display(sms_sender(store) or '')}, {settings_for(store).mail_from}")
    return Step("senders", title, "todo", f"Needs {' and '.join(missing)} to send from")
