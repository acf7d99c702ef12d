"""What the worker does for sync."""

import logging
from datetime import datetime

from sqlalchemy import select

from app.db import db
from app.locations.models import Company
from app.shopmonkey import ShopMonkeyError
from app.sync.clients import has_key
from app.sync.polling import poll

log = logging.getLogger(__name__)


def poll_orders(now: datetime) -> int:
    """Poll every company that has a key; how many orders were read. One company's failure does not stop the others."""
    taken = 0
    for company in db.session.scalars(select(Company).order_by(Company.id)).all():
        if not has_key(company):
            continue
        try:
            taken += poll(company, now)
        except ShopMonkeyError as error:
            log.warning("polling company %s stopped: %s", company.id, error)
    return taken
