"""The stores that staff look after, a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort
from sqlalchemy import func, select

from app.accounts import scope, staff_or_401
from app.accounts.models import StaffUser
from app.db import db
from app.lib.text import whole_number
from app.locations.models import Location
from app.sync.checklist import Checklist, checklists

PAGE = 30
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class StoreRow:
    store: Location
    checklist: Checklist


@dataclass(frozen=True, slots=True)
class StoresPage:
    """One page of `total` stores. `search` is what they were narrowed to."""

    rows: list[StoreRow]
    total: int
    page: int
    search: str

    @property
    def before(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def after(self) -> int | None:
        return self.page + 1 if self.page * PAGE < self.total else None


def stores_page(staff: StaffUser, given: Mapping[str, str]) -> StoresPage:
    """The stores of `staff` by name, thirty a page, with what each still needs; the same queries for 2 or 200."""
    search, page = given.get("search", "").replace("\x00", "").strip()[:100], given.get("page", "1")
    number = whole_number(page, 99_999) or 1
    told = func.concat_ws(" ", Location.name, Location.city, Location.state, Location.shopmonkey_id)
    found = [scope.is_theirs(staff)]
    found += [told.icontains(word, autoescape=True) for word in search.split()[:MOST_WORDS]]
    total = db.session.scalar(select(func.count()).select_from(Location).where(*found)) or 0
    ordered = select(Location).where(*found).order_by(Location.name, Location.id)
    stores = list(db.session.scalars(ordered.limit(PAGE).offset((number - 1) * PAGE)))
    lists = checklists(stores)
    return StoresPage([StoreRow(store, lists[store.id]) for store in stores], total, number, search)


def store_or_404(location_id: int) -> Location:
    """The store, if the signed-in staff may see it."""
    if location_id > 2**63 - 1:
        abort(404)
    theirs = scope.is_theirs(staff_or_401())
    store = db.session.scalar(select(Location).where(Location.id == location_id, theirs))
    if store is None:
        abort(404)
    return store
