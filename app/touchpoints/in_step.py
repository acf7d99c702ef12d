"""Before somebody is contacted, their order is looked at once more, unless that was done lately."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app

from app.db import db
from app.leads.timeline import note
from app.shopmonkey import ShopMonkeyError, short_of_patience
from app.touchpoints.models import TouchPoint

FRESH_FOR = timedelta(minutes=15)
LOOK_AGAIN = timedelta(minutes=5)
WAITS = "ShopMonkey cannot be asked whether the order still stands: the message waits"

log = logging.getLogger(__name__)

# Reads a lead's order again; raises ShopMonkeyError. Sync is touchpoints' neighbour, so wiring hands it over.
Freshen = Callable[[int, datetime], None]


def in_step(touch_point_id: int, lead_id: int, order_read_at: datetime | None, now: datetime) -> bool:
    """Whether the lead is as ShopMonkey has it, looked up where need be; else the touch point waits. Commits."""
    freshen: Freshen | None = current_app.extensions.get("freshen_lead")
    if freshen is None or (order_read_at is not None and now - order_read_at < FRESH_FOR):
        return True
    try:
        with short_of_patience():
            freshen(lead_id, now)
    except ShopMonkeyError as error:
        log.warning("touch point %s waits: %s", touch_point_id, error)
        db.session.rollback()
        _wait(touch_point_id, now)
        return False
    return True


def _wait(touch_point_id: int, now: datetime) -> None:
    touch_point = db.session.get_one(TouchPoint, touch_point_id, populate_existing=True)
    if touch_point.status == "planned":
        if touch_point.reason != WAITS:
            note(touch_point.lead_id, "touch_point", WAITS, "system", now)
        touch_point.postpone(now + LOOK_AGAIN, WAITS)
    db.session.commit()
