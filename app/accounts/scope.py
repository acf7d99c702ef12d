"""Who may see and do what: the one place that decides it.

The room lies below leads and chat, so its questions take the table they are asked about.
"""

from typing import Any, TypeVar

from flask import abort
from sqlalchemy import ColumnElement, and_, func, select

from app.accounts.models import StaffUser
from app.db import db
from app.locations.models import Company, Location

ADVISOR = frozenset(
    {
        "leads.read",
        "catalog.read",
        "conversation.hold",
        "conversation.answer",
        "visits.read",
        "visits.retry",
        "calendar.read",
        "appointments.edit",
        "sequence.control",
    }
)
STORE_MANAGER = ADVISOR | {
    "catalog.price",
    "catalog.sync",
    "webhook_events.read",
    "webhook_events.retry",
    "stores.edit",
    "blocks.edit",
    "sequences.edit",
    "records.export",
    "assistant.read",
}
FRANCHISE_ADMIN = STORE_MANAGER | {"lead_rule.edit", "stores.add", "stores.live", "assistant.edit"}

ACTIONS = {"advisor": ADVISOR, "store_manager": STORE_MANAGER, "franchise_admin": FRANCHISE_ADMIN}

Row = TypeVar("Row")


def may(staff: StaffUser, action: str) -> bool:
    """Whether their role allows the action. Raises ValueError for an action that no role has."""
    if action not in FRANCHISE_ADMIN:
        raise ValueError(f"no role has the action {action}")
    return staff.active and action in ACTIONS[staff.role]


def sees_whole_company(staff: StaffUser) -> bool:
    """A franchise admin is not bound to the stores listed for them."""
    return staff.role == "franchise_admin"


def within(staff: StaffUser, table: Any) -> ColumnElement[bool]:
    """The condition that keeps the rows of their stores. `table` has `company_id` and `location_id`."""
    return _within(staff, table.company_id, table.location_id)


def is_theirs(staff: StaffUser) -> ColumnElement[bool]:
    """The condition that keeps the stores that they may see."""
    return _within(staff, Location.company_id, Location.id)


def visible_locations(staff: StaffUser) -> list[Location]:
    """The stores that they may see, by name."""
    return list(db.session.scalars(select(Location).where(is_theirs(staff)).order_by(Location.name, Location.id)))


def row_or_404(staff: StaffUser, table: type[Row], public_id: str) -> Row:
    """The row of one of their stores with that public id. Another store's is as absent as none: 404."""
    kind: Any = table
    row = db.session.scalar(select(kind).where(kind.public_id == public_id, within(staff, kind)))
    if row is None:
        abort(404)
    return row


def sees_unknown_companies(staff: StaffUser) -> bool:
    """Whether rows of no known company are theirs to see: only where their company is the only one."""
    return sees_whole_company(staff) and db.session.scalar(select(func.count()).select_from(Company)) == 1


def _within(staff: StaffUser, company_id: Any, location_id: Any) -> ColumnElement[bool]:
    if sees_whole_company(staff):
        return company_id == staff.company_id
    stores = [location.id for location in staff.locations]
    return and_(company_id == staff.company_id, location_id.in_(stores))
