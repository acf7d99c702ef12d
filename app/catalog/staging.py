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

RECORDS = f"""
    json_to_recordset(CAST(:rows AS json))
        AS read (shopmonkey_id text, state text, {", ".join(f"{name} {kind}" for name, kind in READ.items())})
"""

STAGE = text(f"""
    INSERT INTO staged_services AS kept (batch, shopmonkey_id, state, {COLUMNS})
    SELECT :batch, shopmonkey_id, state, {COLUMNS} FROM {RECORDS}
    ON CONFLICT (batch, shopmonkey_id) DO UPDATE
    SET state = excluded.state, {", ".join(f"{name} = excluded.{name}" for name in READ)}
    WHERE coalesce(excluded.shopmonkey_version >= kept.shopmonkey_version, true)
""")  # noqa: S608 - made of this file's own words

# `staged` is where the rows stand, `lacking` the live services that they do not account for, `unstaged` the rows again.
# Only what differs is written: an unchanged night touches no row, and so leaves no dead ones behind. What customers are
# told is compared too, where the store has no price of its own: whatever went wrong with it, the next sync rights it.
TAKE = f"""
    fresh AS (
        SELECT staged.* FROM staged
        LEFT JOIN services ON services.location_id = :location_id AND services.shopmonkey_id = staged.shopmonkey_id
        WHERE staged.state = 'listed' AND NOT EXISTS (SELECT FROM lacking)
            AND coalesce(staged.shopmonkey_version >= services.shopmonkey_version, true)
            AND (services.id IS NULL OR services.gone_at IS NOT NULL
                OR ({", ".join(f"services.{name}" for name in READ)})
                    IS DISTINCT FROM ({", ".join(f"staged.{name}" for name in READ)})
                OR services.price_set_at IS NULL AND (services.kind, services.low_cents, services.high_cents)
                    IS DISTINCT FROM (staged.listed_kind, staged.listed_cents, NULL))
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
        UPDATE services SET gone_at = :now,
            shopmonkey_version = greatest(services.shopmonkey_version, staged.shopmonkey_version)
        FROM staged
        WHERE staged.state = 'gone' AND services.location_id = :location_id
            AND services.shopmonkey_id = staged.shopmonkey_id AND services.gone_at IS NULL
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM taken WHERE new) AS new, (SELECT count(*) FROM taken WHERE NOT new) AS changed,
        (SELECT count(*) FROM dropped) AS gone, count(*) AS listed,
        count(unstaged.odd_reason) FILTER (WHERE price_set_at IS NULL) AS odd,
        EXISTS (SELECT FROM lacking) AS lacking
    FROM unstaged
    LEFT JOIN services ON services.location_id = :location_id AND services.shopmonkey_id = unstaged.shopmonkey_id
    WHERE state = 'listed'
"""  # noqa: S608

TAKE_STAGED = text(f"""
    WITH staged AS (SELECT * FROM staged_services WHERE batch = :batch),
    lacking AS (SELECT WHERE false),
    unstaged AS (DELETE FROM staged_services WHERE batch = :batch RETURNING shopmonkey_id, state, odd_reason),
    {TAKE}
""")  # noqa: S608

TAKE_AT_ONCE = text(f"""
    WITH staged AS MATERIALIZED (SELECT * FROM {RECORDS}),
    lacking AS (
        SELECT FROM services WHERE location_id = :location_id AND gone_at IS NULL AND NOT EXISTS (
            SELECT FROM staged WHERE staged.shopmonkey_id = services.shopmonkey_id AND staged.state <> 'hidden')
    ),
    unstaged AS (SELECT shopmonkey_id, state, odd_reason FROM staged),
    {TAKE}
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
    """Set rows aside under `batch`, the newest of each id, unless a newer version is there; how many ids they were."""
    newest = _newest(rows)
    if newest:
        db.session.execute(STAGE, {"batch": batch, "rows": _as_json(newest)})
    return len(newest)


def staged(batch: int) -> int:
    """How many different services the batch holds."""
    return db.session.query(StagedService).filter_by(batch=batch).count()


def holds(batch: int, listed: int) -> bool:
    """Whether the batch still has as many services as were staged: a crash of the database empties its table."""
    return listed == 0 or staged(batch) >= listed


def unaccounted(batch: int, location_id: int) -> list[str]:
    """The live services of the store that the batch does not show as offered or gone, by ShopMonkey's id."""
    return list(db.session.scalars(UNACCOUNTED, {"batch": batch, "location_id": location_id}))


def go_live(batch: int, owner: Owner, now: datetime) -> Counts:
    """Make the batch the store's catalogue, within the caller's transaction. Only a staged `gone` removes a service.

    A price that the store set itself stays; an older version of a row than the one kept changes nothing.
    """
    return _recorded(db.session.execute(TAKE_STAGED, {"batch": batch, "now": now, **asdict(owner)}).one(), owner, now)


def go_live_at_once(rows: Iterable[dict[str, Any]], owner: Owner, now: datetime) -> Counts | None:
    """The same for rows that are the whole list, without staging them first.

    None, and nothing is done, where the store has a live service that they do not show as offered.
    """
    given = {"rows": _as_json(_newest(rows)), "now": now, **asdict(owner)}
    done = db.session.execute(TAKE_AT_ONCE, given).one()
    return None if done.lacking else _recorded(done, owner, now)


def _recorded(done: Any, owner: Owner, now: datetime) -> Counts:
    versions.record(owner.location_id, now, new=done.new, changed=done.changed + done.gone)
    return Counts(done.new, done.changed, done.listed - done.new - done.changed, done.gone, done.odd)


def _newest(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row of each id: a walk may show the same service twice, the second time as it was before."""
    kept: dict[str, dict[str, Any]] = {}
    for row in rows:
        before = kept.get(row["shopmonkey_id"])
        if before is None or not _is_older(row["shopmonkey_version"], before["shopmonkey_version"]):
            kept[row["shopmonkey_id"]] = row
    return list(kept.values())


def _is_older(version: int | None, than: int | None) -> bool:
    return version is not None and than is not None and version < than


def _as_json(rows: list[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()


def discard(batch: int) -> None:
    """Forget what was staged."""
    db.session.execute(DISCARD, {"batch": batch})
