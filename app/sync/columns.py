"""The names of a store's workflow columns, kept so that a rule by names costs no call per order."""

from datetime import timedelta

from sqlalchemy import Interval, func, select, type_coerce, update
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.locations.models import Location
from app.shopmonkey import Order, ShopMonkeyError, ShopMonkeyPort
from app.sync.models import WorkflowColumn

# A renamed column is noticed after this long; a new one at once, because its id is not known yet.
KEPT_FOR = timedelta(hours=1)


def column_of(company_id: int, client: ShopMonkeyPort, order: Order) -> str | None:
    """The name of the order's workflow column; None where the store is not ours or ShopMonkey has no such column.

    Commits the caller's transaction; raises ShopMonkeyError when the names have to be read and cannot.
    """
    location_id, column_id = _store(company_id, order), order.workflow_status_id
    name, fresh = _kept(location_id, column_id) if location_id and column_id else (None, True)
    db.session.commit()
    if fresh or location_id is None or not column_id or not order.location_id:
        return name
    if column_id not in _read(location_id, client, order.location_id):
        # Lists leave rows out: only a look by its id says that there is no such column.
        _keep(location_id, {column_id: _look_up(client, column_id)})
    name, _ = _kept(location_id, column_id)
    db.session.commit()
    return name


def _read(location_id: int, client: ShopMonkeyPort, shopmonkey_location_id: str) -> dict[str, str]:
    found = client.workflow_statuses(shopmonkey_location_id)
    named = {one.id: one.name for one in found if one.name and not one.deleted}
    _keep(location_id, named)
    return named


def _look_up(client: ShopMonkeyPort, column_id: str) -> str:
    try:
        return client.workflow_status(column_id).name or ""
    except ShopMonkeyError as error:
        if error.gone:
            return ""
        raise


def _keep(location_id: int, named: dict[str, str]) -> None:
    if named:
        rows = [
            {"location_id": location_id, "shopmonkey_id": column_id, "name": name, "read_at": func.now()}
            for column_id, name in sorted(named.items())
        ]
        written = insert(WorkflowColumn).values(rows)
        fresh = {"name": written.excluded.name, "read_at": func.now()}
        db.session.execute(written.on_conflict_do_update(index_elements=["location_id", "shopmonkey_id"], set_=fresh))
    db.session.commit()


def doubt_names(company_id: int) -> None:
    """Have the company's names read again before they are next used. Commits nothing."""
    stores = select(Location.id).where(Location.company_id == company_id)
    old = update(WorkflowColumn).where(WorkflowColumn.location_id.in_(stores)).values(read_at=func.now() - KEPT_FOR)
    db.session.execute(old.execution_options(synchronize_session=False))


def known_names(company_id: int) -> list[str]:
    """Names of columns as the company's stores have them, as far as they were read."""
    names = (
        select(WorkflowColumn.name)
        .join(Location, Location.id == WorkflowColumn.location_id)
        .where(Location.company_id == company_id, WorkflowColumn.name != "")
        .distinct()
        .order_by(WorkflowColumn.name)
    )
    return list(db.session.scalars(names))


def _store(company_id: int, order: Order) -> int | None:
    named = (Location.company_id == company_id, Location.shopmonkey_id == (order.location_id or ""))
    return db.session.scalar(select(Location.id).where(*named))


def _kept(location_id: int, column_id: str) -> tuple[str | None, bool]:
    """The kept name, and whether it need not be asked for."""
    age = type_coerce(func.now() - WorkflowColumn.read_at, Interval)
    named = (WorkflowColumn.location_id == location_id, WorkflowColumn.shopmonkey_id == column_id)
    row = db.session.execute(select(WorkflowColumn.name, age).where(*named)).one_or_none()
    return (row[0] or None, row[1] < KEPT_FOR) if row else (None, False)
