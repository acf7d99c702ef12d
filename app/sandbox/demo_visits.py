"""The demo's visits: callers whom staff have booked, so that the calendar shows a shop at work."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import booking
from app.booking import Contact, Wish
from app.booking.availability import free_slots, today_of
from app.booking.slots import Slot
from app.catalog.models import Service
from app.db import db
from app.locations.models import Location

# They called the day before yesterday: what stands in the calendar today may be in the past by now.
CALLED = timedelta(days=2)
DAYS_AHEAD = timedelta(days=10)


def book_caller(store: Location, data: dict[str, Any], by: str, now: datetime) -> None:
    """Book the visit, and close it where its time is over. Nothing where the store is not open then."""
    find = select(Service.id).where(
        Service.location_id == store.id, Service.shopmonkey_id == f"{data['store']}-{data['service']}"
    )
    services = booking.quoted_services(store.id, [db.session.scalars(find).one()], booking.rules_of(store.id))
    called, actor = now - CALLED, booking.staff(by)
    slot = _slot(store, data, booking.work_of(services), called, now)
    if slot is None:
        return
    key = f"demo-{data['store']}-{data['name']}".lower().replace(" ", "-")
    wish = Wish(store.id, slot.starts_at, services, key, actor, contact=Contact(data["name"]))
    visit = booking.book(wish, called)
    if visit.ends_at <= now:
        booking.done(visit.id, actor, now)


def _slot(store: Location, data: dict[str, Any], work: booking.Work, called: datetime, now: datetime) -> Slot | None:
    """The first time of that part of the store's next open days, today counted."""
    today = today_of(store, now)
    found = booking.in_part(free_slots(store.id, work, called, today, today + DAYS_AHEAD), data["part"])
    days = list(dict.fromkeys(slot.day for slot in found))
    return next(iter(booking.on_day(found, days[data["day"]])), None) if len(days) > data["day"] else None
