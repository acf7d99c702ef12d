"""What of real stores is copied for the trials: catalogues, hours, bays, settings; no people, secrets or senders."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, insert, select

from app.assistant.models import PromptVersion
from app.booking.models import Bay, BookingRules
from app.catalog.models import ClassPrice, Service
from app.db import Base, db
from app.locations.models import Company, CompanySettings, Location, LocationSettings, OpeningHours

OF_A_STORE = (LocationSettings, OpeningHours, Bay, BookingRules, Service)
# What is never copied: secrets, senders, and that a store is live.
LEFT_OUT = {
    "companies": {"shopmonkey_api_key", "shopmonkey_webhook_secret", "mail_inbound_secret", "mail_reply_domain"},
    "locations": {"shopmonkey_key_id", "live"},
}

Rows = list[tuple[Table, list[dict[str, Any]]]]


def rows_of(location_ids: Sequence[int], version_id: int | None) -> Rows:
    """Everything to copy, in an order in which it can be written."""
    stores = list(location_ids)
    company = select(Location.company_id).where(Location.id.in_(stores))
    services = select(Service.id).where(Service.location_id.in_(stores))
    parts: list[tuple[type[Base], Any]] = [
        (Company, Company.id.in_(company)),
        (CompanySettings, CompanySettings.company_id.in_(company)),
        (Location, Location.id.in_(stores)),
        *((table, table.location_id.in_(stores)) for table in OF_A_STORE),
        (ClassPrice, ClassPrice.service_id.in_(services)),
    ]  # fmt: skip
    found = [(_table(model), _copied(_table(model), which)) for model, which in parts]
    if version_id is not None:
        table = _table(PromptVersion)
        row = _copied(table, table.c.id == version_id)[0]
        found.append((table, [{**row, "status": "published"}]))
    return found


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _copied(table: Table, which: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.c if column.name not in LEFT_OUT.get(table.name, ())]
    return [dict(row) for row in db.session.execute(select(*columns).where(which)).mappings()]


def write(rows: Rows) -> None:
    """Write them, with the ids that they have, and commit."""
    for table, of_it in rows:
        if of_it:
            db.session.execute(insert(table), of_it)
    db.session.commit()
