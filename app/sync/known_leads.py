"""What is kept of orders that are leads, to compare a list's rows with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.db import db
from app.leads.models import Lead
from app.locations.models import Location
from app.shopmonkey import Order
from app.sync.order_state import comes_back, ends_otherwise, is_newer, is_older


@dataclass(frozen=True, slots=True)
class KnownLead:
    """An order's kept state; `store` is ShopMonkey's id of the lead's location."""

    order_id: str
    number: str | None
    version: int | None
    updated_at: datetime | None
    stage: str
    closed_reason: str | None
    deleted_at: datetime | None
    has_customer: bool
    store: str

    def may_be_news(self, listed: Order) -> bool:
        """Whether a list shows a newer state of the order, or that it has got the customer whom the lead lacks."""
        found = not self.has_customer and listed.customer_id is not None
        return found or is_newer(listed, self.version, self.updated_at)

    def comes_back(self, shown: Order) -> bool:
        """Whether the lead was lost for want of this order."""
        return comes_back(shown, self.closed_reason, self.deleted_at is not None, self.store)

    def differs(self, shown: Order) -> bool:
        """Whether the order as shown is a newer state than the kept one, or its flags say otherwise at the same one."""
        if is_older(shown, self.version, self.updated_at):
            return False
        newer = is_newer(shown, self.version, self.updated_at)
        return newer or ends_otherwise(shown, self.stage, self.closed_reason)

    def as_order(self) -> Order:
        """The order, as far as it is told where it could not be read."""
        return Order(id=self.order_id, number=self.number, location_id=self.store)


def of_company(company_id: int) -> Select[*tuple[Any, ...]]:
    """The company's, to be narrowed further; rows are read by `rows_of`."""
    kept = (Lead.shopmonkey_order_id, Lead.order_number, Lead.order_version, Lead.order_updated_at)
    closed = (Lead.stage, Lead.closed_reason, Lead.order_deleted_at)
    leads = select(*kept, *closed, Lead.customer_id.is_not(None), Location.shopmonkey_id).join(
        Location, Location.id == Lead.location_id
    )
    return leads.where(Lead.company_id == company_id)


def rows_of(query: Select[*tuple[Any, ...]]) -> dict[str, KnownLead]:
    """What the query finds, by the order's id, in its sequence."""
    return {row[0]: KnownLead(*row) for row in db.session.execute(query)}


def known_leads(company_id: int, order_ids: Iterable[str]) -> dict[str, KnownLead]:
    """Those of these orders that are leads, by the order's id."""
    return rows_of(of_company(company_id).where(Lead.shopmonkey_order_id.in_(list(order_ids))))
