"""Writing down what ShopMonkey's calendar showed, in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import and_, delete, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.booking.history import when
from app.booking.models import BusyTime
from app.booking.rules import ability_for
from app.db import db
from app.leads.models import Lead
from app.leads.timeline import note
from app.locations.models import Location
from app.sync.busy_rules import Busy, Calendar, Strayed
from app.sync.models import CalendarRead, VisitPush

if TYPE_CHECKING:
    from app.sync.busy_reading import Stretch

DAY = timedelta(days=1)


def write_calendar(stretch: "Stretch", calendar: Calendar, now: datetime) -> None:
    """The store's busy times of that stretch are those of the calendar, and its days were read at `now`."""
    store = db.session.get_one(Location, stretch.location_id)
    within = [one for one in calendar.busy.values() if one.starts_at < stretch.end and one.ends_at > stretch.start]
    elsewhere = [one for one in calendar.busy.values() if one not in within]
    _forget(stretch, calendar)
    _write(store, [*within, *elsewhere], now)
    for one in sorted(calendar.strayed, key=lambda strayed: strayed.ours.push_id):
        _look_after(one, store, now)
    days = (stretch.last - stretch.first).days + 1
    reads = [{"location_id": store.id, "day": stretch.first + number * DAY, "read_at": now} for number in range(days)]
    read = insert(CalendarRead).values(reads)
    newer = {"read_at": read.excluded.read_at}
    db.session.execute(read.on_conflict_do_update(index_elements=["location_id", "day"], set_=newer))


def _forget(stretch: "Stretch", calendar: Calendar) -> None:
    """Those of the stretch that are there no more, and the former times of those that were moved."""
    kept = list(calendar.busy) or [("", stretch.start)]
    of_stretch = and_(BusyTime.starts_at < stretch.end, BusyTime.ends_at > stretch.start)
    moved = and_(BusyTime.shopmonkey_id.in_({key for key, _ in kept}), BusyTime.recurring.is_(False))
    gone = delete(BusyTime).where(
        BusyTime.location_id == stretch.location_id,
        or_(of_stretch, moved),
        tuple_(BusyTime.shopmonkey_id, BusyTime.starts_at).not_in(kept),
    )
    db.session.execute(gone.execution_options(synchronize_session=False))


def _write(store: Location, busy: Sequence[Busy], now: datetime) -> None:
    if not busy:
        return
    needs = _needs(store, busy)
    rows = [
        {
            "company_id": store.company_id, "location_id": store.id, "shopmonkey_id": one.shopmonkey_id,
            "shopmonkey_order_id": one.order_id, "name": one.name, "starts_at": one.starts_at, "ends_at": one.ends_at,
            "recurring": one.recurring, "abilities": needs[one.shopmonkey_id], "read_at": now,
        }
        for one in busy
    ]  # fmt: skip
    written = insert(BusyTime).values(rows)
    changed = ("shopmonkey_order_id", "name", "ends_at", "recurring", "abilities", "read_at")
    db.session.execute(
        written.on_conflict_do_update(
            index_elements=["location_id", "shopmonkey_id", "starts_at"],
            set_={name: written.excluded[name] for name in changed},
        )
    )


def _needs(store: Location, busy: Sequence[Busy]) -> dict[str, list[str]]:
    """What the bay of each must be able to do: by its order's services where we know the order, else by its name."""
    orders = {one.order_id for one in busy if one.order_id}
    known = select(Lead).where(Lead.company_id == store.company_id, Lead.shopmonkey_order_id.in_(orders))
    leads = {lead.shopmonkey_order_id: lead for lead in db.session.scalars(known).unique()} if orders else {}
    needs = {}
    for one in busy:
        lead = leads.get(one.order_id or "")
        names = [service.name for service in lead.services] if lead else []
        found = frozenset().union(*(ability_for(name, "") for name in names or [one.name]))
        needs[one.shopmonkey_id] = sorted(found)
    return needs


def _look_after(strayed: Strayed, store: Location, now: datetime) -> None:
    """Keep that a visit of ours stands otherwise there, or does so no longer; the timeline says so once."""
    ours = strayed.ours
    held = select(VisitPush).where(VisitPush.id == ours.push_id).with_for_update()
    push = db.session.scalars(held.execution_options(populate_existing=True)).one()
    if push.status != "done" or push.revision != ours.revision:
        # Something was told to ShopMonkey while we looked: what was seen may be older.
        return
    if strayed.back:
        push.strayed_at = push.strayed_starts_at = push.strayed_ends_at = None
        return
    known = push.strayed_at is not None and push.strayed_starts_at == strayed.starts_at
    push.strayed_at = push.strayed_at or now
    push.strayed_starts_at, push.strayed_ends_at = strayed.starts_at, strayed.ends_at
    if push.lead_id is not None and not known:
        note(push.lead_id, "visit", _words(strayed, ZoneInfo(store.timezone)), "system", now)


def _words(strayed: Strayed, zone: ZoneInfo) -> str:
    ours = when(strayed.ours.starts_at.astimezone(zone))
    if strayed.starts_at is None:
        return f"Somebody took the visit of {ours} off ShopMonkey's calendar. It holds for the customer: please decide"
    there = when(strayed.starts_at.astimezone(zone))
    if strayed.starts_at == strayed.ours.starts_at:
        return f"Somebody gave the visit of {ours} another length in ShopMonkey's calendar: please look"
    return f"Somebody moved the visit of {ours} to {there} in ShopMonkey. The customer was told {ours}: please decide"
