"""Taking one of many orders: what is wrong with it must keep no other waiting."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.db import db
from app.leads.models import Lead
from app.locations import UnknownStore
from app.locations.models import Company
from app.shopmonkey import Order, ShopMonkeyError, ShopMonkeyPort
from app.sync.orders import take_order
from app.sync.turns import keep_turn

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went. `error` is what stopped it; `blameless` says that the order can help none of that.

    `odd` says that nobody foresaw it. `unknown_store` names the order's store where that has not been added.
    """

    lead: Lead | None = None
    error: ShopMonkeyError | None = None
    blameless: bool = False
    odd: bool = False
    unknown_store: str | None = None

    @property
    def taken(self) -> bool:
        """Whether it came in, as a lead or as none."""
        return self.error is None and self.unknown_store is None


def attempt(
    company: Company, order: Order, now: datetime, client: ShopMonkeyPort | None = None, *, job: str
) -> Outcome:
    """Take the order, whatever happens, and keep the company's turn at `job`. Commits.

    `client` is the one that showed the order; without it each that reads the company is asked, its store's before
    others.
    """
    order_id = order.id
    try:
        keep_turn(company.id, job)
        return Outcome(take_order(company, order_id, now, client, order.location_id))
    except UnknownStore as error:
        db.session.rollback()
        log.warning("order %s is left out: %s", order_id, error)
        return Outcome(unknown_store=str(error))
    except ShopMonkeyError as error:
        db.session.rollback()
        log.warning("order %s could not be read: %s", order_id, error)
        return Outcome(error=error, blameless=error.key_refused or error.status == 429)
    except (OperationalError, PoolTimeoutError) as error:
        # Our own database is unwell.
        db.session.rollback()
        told = f"our database: {type(error).__name__}"
        return Outcome(error=ShopMonkeyError(told, permanent=False), blameless=True)
    except Exception as error:
        # Whatever is odd about this one, the others come in.
        db.session.rollback()
        log.exception("order %s could not be taken in", order_id)
        told = f"order {order_id}: {type(error).__name__}"
        return Outcome(error=ShopMonkeyError(told, permanent=False), odd=True)
