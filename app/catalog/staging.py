"""A catalogue on its way in: rows are staged as they are read, and go live all at once. In bulk, never row by row."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text

from app.catalog import versions
from app.catalog.models import StagedService
from app.db import db

# Row and type in the order that both tables share.
READ = {
    "shopmonkey_version": "bigint",
    "name": "text",
    "category": "text",
    "description": "text",
    "duration_minutes": "integer",
    "listed_kind": "text",
    "listed_cents": "bigint",
    "price_parts": "jsonb",
    "odd_reason": "text",
}
COLUMNS = ", ".join(READ)

STAGE = text(f"""
    INSERT INTO staged_services AS kept (batch, shopmonkey_id, state, {COLUMNS})
    SELECT :batch, shopmonkey_id, state, {COLUMNS}
    FROM json_to_recordset(CAST(:rows AS json))
        AS read (shopmonkey_id text, state text, {", ".join(f"{name} {kind}" for name, kind in READ.items())})
    ON CONFLICT (batch, shopmonkey_id) DO UPDATE
    SET state = excluded.state, {", ".join(f"{name} = excluded.{name}" for name in READ)}
    WHERE coalesce(excluded.shopmonkey_version >= kept.shopmonkey_version, true)
""")  # noqa: S608 - made of this file's own words

# Only what differs is written: an unchanged night touches no row, and so leaves no dead ones behind.
TAKE = text(f"""
    WITH fresh AS (
        SELECT staged.* FROM staged_services staged
        LEFT JOIN services ON services.location_id = :location_id AND services.shopmonkey_id = staged.shopmonkey_id
        WHERE staged.batch = :batch AND staged.state = 'listed' AND (
            services.id IS NULL OR services.gone_at IS NOT NULL
            OR coalesce(staged.shopmonkey_version >= services.shopmonkey_version, true)
            AND ({", ".join(f"services.{name}" for name in READ)})
                IS DISTINCT FROM ({", ".join(f"staged.{name}" for name in READ)}))
    ), taken AS (
        INSERT INTO services AS kept
            (company_id, location_id, shopmonkey_id, currency, kind, low_cents, {COLUMNS})
        SELECT :company_id, :location_id, shopmonkey_id, :currency, listed_kind, listed_cents, {COLUMNS} FROM fresh
        ON CONFLICT (location_id, shopmonkey_id) DO UPDATE
        SET {", ".join(f"{name} = excluded.{name}" for name in READ)}, gone_at = NULL,
            kind = CASE WHEN kept.price_set_at IS NULL THEN excluded.kind ELSE kept.kind END,
            low_cents = CASE WHEN kept.price_set_at IS NULL THEN excluded.low_cents ELSE kept.low_cents END,
            high_cents = CASE WHEN kept.price_set_at IS NULL THEN NULL ELSE kept.high_cents END
        RETURNING (xmax = 0) AS new
    ), dropped AS (
        UPDATE services SET gone_at = :now
        FROM staged_services staged
        WHERE staged.batch = :batch AND staged.state = 'gone' AND services.location_id = :location_id
            AND services.shopmonkey_id = staged.shopmonkey_id AND services.gone_at IS NULL
        RETURNING 1
    ), unstaged AS (
        DELETE FROM staged_services WHERE batch = :batch RETURNING shopmonkey_id, state, odd_reason
    )
    SELECT (SELECT count(*) FROM taken WHERE new) AS new, (SELECT count(*) FROM taken WHERE NOT new) AS changed,
        (SELECT count(*) FROM dropped) AS gone, count(*) AS listed,
        count(unstaged.odd_reason) FILTER (WHERE price_set_at IS NULL) AS odd
    FROM unstaged
    LEFT JOIN services ON services.location_id = :location_id AND services.shopmonkey_id = unstaged.shopmonkey_id
    WHERE state = 'listed'
""")  # noqa: S608

UNACCOUNTED = text("""
    SELECT shopmonkey_id FROM services
    WHERE location_id = :location_id AND gone_at IS NULL AND NOT EXISTS (
        SELECT FROM staged_services staged
        WHERE staged.batch = :batch AND staged.shopmonkey_id = services.shopmonkey_id AND staged.state <> 'hidden')
    ORDER BY shopmonkey_id
""")

DISCARD = text("DELETE FROM staged_services WHERE batch = :batch")


@dataclass(frozen=True, slots=True)
class Counts:
    """What a whole sync did to a catalogue. `odd` counts rows whose price cannot be right nor is the store's."""

    new: int
    changed: int
    same: int
    gone: int
    odd: int


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose catalogue it is, and in what money."""

    location_id: int
    company_id: int
    currency: str


def stage(batch: int, rows: Iterable[dict[str, Any]]) -> int:
    """Set rows aside under `batch`, the last of each id, unless a newer version is there; how many ids they were."""
    by_id = {row["shopmonkey_id"]: row for row in rows}
    if by_id:
        db.session.execute(STAGE, {"batch": batch, "rows": orjson.dumps(list(by_id.values())).decode()})
    return len(by_id)


def staged(batch: int) -> int:
    """How many different services the batch holds."""
    return db.session.query(StagedService).filter_by(batch=batch).count()


def unaccounted(batch: int, location_id: int) -> list[str]:
    """The live services of the store that the batch does not show as offered or gone, by ShopMonkey's id."""
    return list(db.session.scalars(UNACCOUNTED, {"batch": batch, "location_id": location_id}))


def go_live(batch: int, owner: Owner, now: datetime) -> Counts:
    """Make the batch the store's catalogue, within the caller's transaction. Only a staged `gone` removes a service.

    A price that the store set itself stays; an older version of a row than the one kept changes nothing.
    """
    done = db.session.execute(TAKE, {"batch": batch, "now": now, **asdict(owner)}).one()
    if done.new or done.changed or done.gone:
        versions.record(owner.location_id, now)
    return Counts(done.new, done.changed, done.listed - done.new - done.changed, done.gone, done.odd)


def discard(batch: int) -> None:
    """Forget what was staged."""
    db.session.execute(DISCARD, {"batch": batch})
