"""The catalogue as staff see it: what needs them first, then by category; and what the last syncs did."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort
from sqlalchemy import select

from app.accounts import scope
from app.accounts.models import StaffUser
from app.catalog.models import Service
from app.catalog.search import by_category, search
from app.db import db
from app.locations.models import Location
from app.sync import last_runs
from app.sync.models import CatalogRun

RUNS_SHOWN = 5
MOST_FOUND = 50
OPEN = ("queued", "running")


@dataclass(frozen=True, slots=True)
class CatalogPage:
    """One store's catalogue. `odd` rows are offered to nobody until the store sets their price."""

    location: Location
    odd: list[Service]
    categories: list[tuple[str, list[Service]]]
    count: int


@dataclass(frozen=True, slots=True)
class RunsPart:
    """The store's last syncs, newest first; `busy` while one is queued or running."""

    location: Location
    runs: list[CatalogRun]
    busy: bool


def store_of_request(staff: StaffUser, location_id: int | None) -> tuple[Location, list[Location]]:
    """The store that is asked for, else the first of theirs, and all of theirs. 404 for another's or none."""
    stores = scope.visible_locations(staff)
    chosen = [store for store in stores if location_id in (None, store.id)]
    if not chosen:
        abort(404)
    return chosen[0], stores


def catalog_page(location: Location, query: str) -> CatalogPage:
    """The store's catalogue, as far as it answers the query."""
    rows: Sequence[Service] = _services(location)
    count = len(rows)
    if query.strip():
        rows = search(rows, query, MOST_FOUND)
    odd = [service for service in rows if service.quarantined]
    return CatalogPage(location, odd, by_category(row for row in rows if not row.quarantined), count)


def runs_part(location: Location) -> RunsPart:
    """What the last syncs of the store did."""
    runs = last_runs(location.id, RUNS_SHOWN)
    return RunsPart(location, runs, any(run.status in OPEN for run in runs))


def service_or_404(staff: StaffUser, service_id: int) -> Service:
    """A service on offer, or quarantined, at one of their stores. Another store's is as absent as none: 404."""
    mine = select(Service).where(Service.id == service_id, Service.gone_at.is_(None), scope.within(staff, Service))
    service = db.session.scalar(mine)
    if service is None:
        abort(404)
    return service


def _services(location: Location) -> Sequence[Service]:
    query = select(Service).where(Service.location_id == location.id, Service.gone_at.is_(None))
    return db.session.scalars(query.order_by(Service.category, Service.name, Service.id)).all()
