"""Before somebody is contacted, their order is looked at once more, unless that was done lately."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
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

# Reads a lead's order or customer again; raises ShopMonkeyError. Sync is touchpoints' neighbour: wiring hands it over.
Freshen = Callable[[int, datetime], None]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a touch point's lead, and when it was read. `texts` says that it may be told by SMS."""

    lead_id: int
    order_read_at: datetime | None
    customer_read_at: datetime | None
    texts: bool


def in_step(touch_point_id: int, known: Known, now: datetime) -> bool:
    """Whether the lead is as ShopMonkey has it, looked up where need be; else the touch point waits. Commits.

    Before a text its customer is looked at too: an opt-out at the counter leaves the order as it was.
    """
    try:
        with short_of_patience():
            _look("freshen_lead", known.lead_id, known.order_read_at, now)
            if known.texts:
                _look("freshen_customer", known.lead_id, known.customer_read_at, now)
    except ShopMonkeyError as error:
        log.warning("touch point %s waits: %s", touch_point_id, error)
        db.session.rollback()
        _wait(touch_point_id, now)
        return False
    return True


def _look(extension: str, lead_id: int, read_at: datetime | None, now: datetime) -> None:
    freshen: Freshen | None = current_app.extensions.get(extension)
    if freshen is not None and (read_at is None or now - read_at >= FRESH_FOR):
        freshen(lead_id, now)


def _wait(touch_point_id: int, now: datetime) -> None:
    touch_point = db.session.get_one(TouchPoint, touch_point_id, populate_existing=True)
    if touch_point.status == "planned":
        if touch_point.reason != WAITS:
            note(touch_point.lead_id, "touch_point", WAITS, "system", now)
        touch_point.postpone(now + LOOK_AGAIN, WAITS)
    db.session.commit()
