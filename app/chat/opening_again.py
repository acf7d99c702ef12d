"""When the people of a closed store are back, for whoever waits for one."""

from datetime import datetime
from zoneinfo import ZoneInfo

from app.db import db
from app.locations.days import open_now
from app.locations.models import Location


def opens_again(location_id: int, now: datetime) -> datetime | None:
    """The store's next opening, in its own zone; None while it is open, and where its hours are not known."""
    store = db.session.get_one(Location, location_id)
    state = open_now(store, now)
    if not state.known or state.open or state.changes_at is None:
        return None
    return state.changes_at.astimezone(ZoneInfo(store.timezone))
