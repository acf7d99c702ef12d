"""What the stand-in keeps: every object as the API shows it, found by kind and id."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.sandbox.tables import objects

# Up to this many rows are drawn in a fresh random order by the database; more would cost a full sort per call.
SORTABLE = 20_000

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """What one list call asks for. Conditions are pairs of an operator (`eq`, `gte`, …) and a value, by field."""

    kind: str
    limit: int
    skip: int = 0
    ids: tuple[str, ...] = ()
    location_id: str | None = None
    where: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)


def put(session: Session, kind: str, rows: Iterable[Payload], parent: str | None = None) -> None:
    """Write the objects, replacing those of the same id. `parent` names the field that holds the owning object's id."""
    values = [
        {
            "kind": kind,
            "id": row["id"],
            "parent_id": row[parent] if parent else None,
            "location_id": row.get("locationId"),
            "created_at": row["createdDate"],
            "data": row,
        }
        for row in rows
    ]
    if not values:
        return
    statement = insert(objects).values(values)
    fresh = {name: statement.excluded[name] for name in ("parent_id", "location_id", "created_at", "data")}
    session.execute(statement.on_conflict_do_update(index_elements=["kind", "id"], set_=fresh))


def get(session: Session, kind: str, object_id: str) -> Payload | None:
    """The object, or None."""
    return session.scalar(select(objects.c.data).where(objects.c.kind == kind, objects.c.id == object_id))


def children(session: Session, kind: str, parent_id: str) -> list[Payload]:
    """The objects that belong to another one, in their own order."""
    found = session.scalars(select(objects.c.data).where(objects.c.kind == kind, objects.c.parent_id == parent_id))
    return sorted(found, key=lambda row: row.get("ordinal", 0))


def search(session: Session, listing: Listing, chance: random.Random) -> tuple[list[Payload], int]:
    """One page and the total. As on the real API no two calls share an order, so pages repeat and miss rows."""
    conditions = _conditions(listing)
    total = session.scalar(select(func.count()).select_from(objects).where(*conditions)) or 0
    page = select(objects.c.data).where(*conditions).limit(listing.limit)
    rows = list(session.scalars(_drawn(page, listing, total, chance)))
    chance.shuffle(rows)
    return rows, total


def _drawn(page: Select[Any], listing: Listing, total: int, chance: random.Random) -> Select[Any]:
    if total <= SORTABLE:
        seed = str(chance.random())
        return page.order_by(func.md5(objects.c.id + seed)).offset(listing.skip)
    start = chance.randrange(max(1, total - listing.skip - listing.limit))
    return page.order_by(objects.c.created_at, objects.c.id).offset(min(start + listing.skip, total))


def _conditions(listing: Listing) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [objects.c.kind == listing.kind]
    if listing.ids:
        found.append(objects.c.id.in_(listing.ids))
    if listing.location_id:
        found.append(objects.c.location_id == listing.location_id)
    for name, asked in listing.where.items():
        found += [_condition(name, operator, value) for operator, value in asked]
    return found


def _condition(name: str, operator: str, value: Any) -> ColumnElement[bool]:
    if name == "createdDate":
        column: ColumnElement[Any] = objects.c.created_at
        value = datetime.fromisoformat(str(value))
    elif operator == "eq":
        return objects.c.data.contains({name: value})
    else:
        column, value = objects.c.data[name].astext, str(value)
    comparisons = {"eq": column == value, "gte": column >= value, "gt": column > value}
    return {**comparisons, "lte": column <= value, "lt": column < value}[operator]
