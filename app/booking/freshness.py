"""Before a time is taken, ShopMonkey's calendar of that day is looked at once more, unless that was done just now."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

from app.db import db
from app.locations.models import Location

# Reads a store's day again; False where it could not be read. Sync is above booking, so wiring hands it over.
Freshen = Callable[[int, date, datetime], bool]


def freshen(location_id: int, starts_at: datetime, now: datetime) -> bool:
    """Whether the store's day of `starts_at` is known as ShopMonkey has it, read again where that was a minute ago.

    Call it before `hold`, `book` or `move`, outside any transaction: it commits, and may take some seconds. False where
    ShopMonkey cannot be asked: a booking goes on by what was last read, and what collides is shown as a conflict.
    """
    read: Freshen | None = current_app.extensions.get("freshen_calendar")
    if read is None:
        return False
    zone = ZoneInfo(db.session.get_one(Location, location_id).timezone)
    db.session.commit()
    return read(location_id, starts_at.astimezone(zone).date(), now)
