"""The names of a store's workflow columns, kept so that a rule by names costs no call per order."""

from datetime import timedelta

from sqlalchemy import Interval, delete, func, select, type_coerce
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.locations.models import Location
from app.shopmonkey import Order, ShopMonkeyPort
from app.sync.models import WorkflowColumn

# A renamed column is noticed after this long; a new one at once, because its id is not known yet.
KEPT_FOR = timedelta(hours=1)
# An id that stays unknown does not cost a call per order.
ASKED_AGAIN_AFTER = timedelta(minutes=1)


def column_of(company_id: int, client: ShopMonkeyPort, order: Order) -> str | None:
    """The name of the order's workflow column; None where the store or the column is not known.

    Commits the caller's transaction; raises ShopMonkeyError when the names have to be read and cannot.
    """
    location_id = _store(company_id, order)
    if location_id is None or not order.workflow_status_id or not order.location_id:
        db.session.commit()
        return None
    name, fresh = _kept(location_id, order.workflow_status_id)
    db.session.commit()
    if not fresh:
        read_columns(location_id, client, order.location_id)
        name, _ = _kept(location_id, order.workflow_status_id)
        db.session.commit()
    return name


def read_columns(location_id: int, client: ShopMonkeyPort, shopmonkey_location_id: str) -> None:
    """Read the store's columns anew. No transaction may be open; commits. Raises ShopMonkeyError."""
    found = client.workflow_statuses(shopmonkey_location_id)
    named = {one.id: one.name for one in found if one.name and not one.deleted}
    db.session.execute(
        delete(WorkflowColumn).where(
            WorkflowColumn.location_id == location_id, WorkflowColumn.shopmonkey_id.not_in(list(named))
        )
    )
    if named:
        rows = [
            {"location_id": location_id, "shopmonkey_id": column_id, "name": name, "read_at": func.now()}
            for column_id, name in sorted(named.items())
        ]
        written = insert(WorkflowColumn).values(rows)
        fresh = {"name": written.excluded.name, "read_at": func.now()}
        db.session.execute(written.on_conflict_do_update(index_elements=["location_id", "shopmonkey_id"], set_=fresh))
    db.session.commit()


def known_names(company_id: int) -> list[str]:
    """Names of columns as the company's stores have them, as far as they were read."""
    names = (
        select(WorkflowColumn.name)
        .join(Location, Location.id == WorkflowColumn.location_id)
        .where(Location.company_id == company_id)
        .distinct()
        .order_by(WorkflowColumn.name)
    )
    return list(db.session.scalars(names))


def _store(company_id: int, order: Order) -> int | None:
    named = (Location.company_id == company_id, Location.shopmonkey_id == (order.location_id or ""))
    return db.session.scalar(select(Location.id).where(*named))


def _kept(location_id: int, column_id: str) -> tuple[str | None, bool]:
    """The kept name, and whether it need not be asked for."""
    rows = db.session.execute(
        select(
            WorkflowColumn.shopmonkey_id,
            WorkflowColumn.name,
            type_coerce(func.now() - WorkflowColumn.read_at, Interval),
        ).where(WorkflowColumn.location_id == location_id)
    ).all()
    for shopmonkey_id, name, age in rows:
        if shopmonkey_id == column_id:
            return name, age < KEPT_FOR
    return None, any(age < ASKED_AGAIN_AFTER for _, _, age in rows)
