"""The one confirmation of an opt-out that the law allows (47 CFR 64.1200(a)(12))."""

from datetime import datetime
from itertools import takewhile

from sqlalchemy import exists, select

from app.db import db
from app.messaging.asked import too_late
from app.messaging.consents import entries
from app.messaging.models import Delivery
from app.messaging.waiting import REACHED_NOBODY

NOTHING_TO_CONFIRM = "There is no opt-out to confirm any more"
CONFIRMED = "The opt-out was confirmed before: that is allowed once"


def against_confirming(delivery: Delivery, now: datetime) -> str | None:
    """Why this confirmation may not go out, or None. The caller holds the address's lock."""
    found = entries(delivery.company_id, delivery.channel, delivery.recipient, delivery.location_id)
    opt_outs = list(takewhile(lambda entry: entry.kind == "opt_out", found))
    if not opt_outs:
        return NOTHING_TO_CONFIRM
    before = exists().where(
        Delivery.company_id == delivery.company_id,
        Delivery.channel == delivery.channel,
        Delivery.recipient == delivery.recipient,
        Delivery.purpose == delivery.purpose,
        Delivery.asked_at >= opt_outs[-1].at,
        Delivery.status.not_in(REACHED_NOBODY),
        Delivery.id != delivery.id,
    )
    return CONFIRMED if db.session.scalar(select(before)) else too_late(delivery.purpose, delivery.asked_at, now)
