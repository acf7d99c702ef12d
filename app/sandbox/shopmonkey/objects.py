"""What the stand-in keeps: every object as the API shows it, found by kind and id."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, UnaryExpression, any_, cast, func, or_, select
from sqlalchemy import delete as sql_delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.sandbox.shopmonkey.manners import Manners
from app.sandbox.shopmonkey.shapes import stamp
from app.sandbox.tables import objects

# Up to this many rows every call draws a fresh order of all; of more it shows a stretch that begins anywhere.
DRAWN = 2_000
ORDER = (objects.c.created_at, objects.c.id)
AT_ONCE = 1_000

Payload = dict[str, Any]

# Whose part an object is: the field that names it.
PARENTS = {"order_service": "orderId", "appointment": "orderId"}


@dataclass(frozen=True, slots=True)
class Listing:
    """What one list call asks for. Conditions are pairs of an operator (`eq`, `gte`, …) and a value, by field.

    `places` are the only stores that the key reads; `recurring` shows recurring appointments too.
    """

    kind: str
    limit: int
    skip: int = 0
    ids: tuple[str, ...] = ()
    location_id: str | None = None
    places: tuple[str, ...] | None = None
    recurring: bool = False
    where: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)

    def within(self, places: tuple[str, ...] | None, recurring: bool = False) -> "Listing":
        """The same, as far as a key reads."""
        return replace(self, places=places, recurring=recurring)


def put(session: Session, kind: str, rows: Iterable[Payload], parent: str | None = None) -> None:
    """Write the objects, replacing those of the same id. `parent` names the field that holds the owning object's id."""
    owner = parent or PARENTS.get(kind)
    values = [
        {
            "kind": kind,
            "id": row["id"],
            "parent_id": row.get(owner) if owner else None,
            "location_id": row.get("locationId"),
            "created_at": row["createdDate"],
            "data": row,
        }
        for row in rows
    ]
    for start in range(0, len(values), AT_ONCE):
        statement = insert(objects).values(values[start : start + AT_ONCE])
        fresh = {name: statement.excluded[name] for name in ("parent_id", "location_id", "created_at", "data")}
        session.execute(statement.on_conflict_do_update(index_elements=["kind", "id"], set_=fresh))


def get(session: Session, kind: str, object_id: str) -> Payload | None:
    """The object, or None."""
    return session.scalar(select(objects.c.data).where(objects.c.kind == kind, objects.c.id == object_id))


def children(session: Session, kind: str, parent_id: str) -> list[Payload]:
    """The objects that belong to another one, in their own order."""
    found = session.scalars(select(objects.c.data).where(objects.c.kind == kind, objects.c.parent_id == parent_id))
    return sorted(found, key=lambda row: row.get("ordinal", 0))


def locked(session: Session, kind: str, object_id: str) -> Payload | None:
    """The object, kept from others' changes until the transaction ends; None where there is none."""
    wanted = select(objects.c.data).where(objects.c.kind == kind, objects.c.id == object_id)
    return session.scalar(wanted.with_for_update())


def by_ids(session: Session, kind: str, ids: Iterable[str]) -> list[Payload]:
    """The objects of those ids that there are."""
    wanted = select(objects.c.data).where(objects.c.kind == kind, objects.c.id.in_(list(ids)))
    return list(session.scalars(wanted))


def after(session: Session, kind: str, last_id: str, limit: int) -> list[Payload]:
    """The next objects by id, in the order of its characters whatever the database's language."""
    object_id = objects.c.id.collate("C")
    wanted = select(objects.c.data).where(objects.c.kind == kind, object_id > last_id)
    return list(session.scalars(wanted.order_by(object_id).limit(limit)))


def remove(session: Session, kind: str, object_id: str) -> None:
    """Take the object away for good."""
    session.execute(sql_delete(objects).where(objects.c.kind == kind, objects.c.id == object_id))


def count(session: Session, listing: Listing) -> int:
    """How many objects fit."""
    return session.scalar(select(func.count()).select_from(objects).where(*_conditions(listing, Manners()))) or 0


def search(
    session: Session, listing: Listing, chance: random.Random, manners: Manners | None = None
) -> tuple[list[str], int]:
    """One page, each object as JSON text, and the total.

    As on the real API no two calls share an order, so pages repeat and miss rows.
    """
    manners = manners or Manners()
    conditions = _conditions(listing, manners)
    # In one order first, so that the same seed draws the same rows.
    ids = list(session.scalars(select(objects.c.id).where(*conditions).order_by(*ORDER).limit(DRAWN + 1)))
    total = len(ids)
    if total > DRAWN:
        total = session.scalar(select(func.count()).select_from(objects).where(*conditions)) or 0
        ids = _stretch(session, conditions, listing, total, chance if manners.shuffled else None)
    else:
        if manners.shuffled:
            chance.shuffle(ids)
        ids = ids[listing.skip : listing.skip + listing.limit]
    shown = [one for one in ids if not (manners.missing and chance.random() < manners.missing)]
    return _written_out(session, listing.kind, shown), total + manners.overcount


def _written_out(session: Session, kind: str, ids: list[str]) -> list[str]:
    # As text, straight from the database to the answer: reading and writing the JSON would take most of the time.
    wanted = select(objects.c.id, cast(objects.c.data, Text))
    found = session.execute(wanted.where(objects.c.kind == kind, objects.c.id == any_(cast(ids, ARRAY(Text)))))
    rows = {row_id: text for row_id, text in found}  # noqa: C416
    return [rows[one] for one in ids if one in rows]


def _stretch(
    session: Session,
    conditions: list[ColumnElement[bool]],
    listing: Listing,
    total: int,
    chance: random.Random | None,
) -> list[str]:
    if listing.skip >= total:
        return []
    wanted = select(objects.c.id).where(*conditions).order_by(*ORDER)
    if chance is None:
        return list(session.scalars(wanted.offset(listing.skip).limit(listing.limit)))
    first = _edge(session, conditions, objects.c.created_at.asc())
    last = _edge(session, conditions, objects.c.created_at.desc())
    begin = first + (last - first) * chance.random()
    most = min(listing.limit, total - listing.skip)
    ids = list(session.scalars(wanted.where(objects.c.created_at >= begin).limit(most)))
    chance.shuffle(ids)
    return ids


def _edge(session: Session, conditions: list[ColumnElement[bool]], order: UnaryExpression[Any]) -> datetime:
    return session.scalars(select(objects.c.created_at).where(*conditions).order_by(order).limit(1)).one()


def _conditions(listing: Listing, manners: Manners) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [objects.c.kind == listing.kind]
    if listing.ids:
        found.append(objects.c.id.in_(listing.ids))
    if listing.location_id:
        found.append(objects.c.location_id == listing.location_id)
    if listing.places is not None:
        place = objects.c.id if listing.kind == "location" else objects.c.location_id
        found.append(or_(place.is_(None), place.in_(listing.places)))
    if not manners.deleted_listed:
        found.append(objects.c.deleted.is_(False))
    if listing.kind == "appointment" and manners.recurring_hidden and not listing.recurring:
        found.append(objects.c.data["rruleset"].astext.is_(None))
    for name, asked in listing.where.items():
        found += [_condition(listing.kind, name, operator, value) for operator, value in asked]
    return found


def _condition(kind: str, name: str, operator: str, value: Any) -> ColumnElement[bool]:
    if name == "createdDate":
        column: ColumnElement[Any] = objects.c.created_at
        value = datetime.fromisoformat(str(value))
    elif operator == "eq":
        if PARENTS.get(kind) == name:
            return objects.c.parent_id == str(value)
        return objects.c.data.contains({name: value})
    else:
        column, value = objects.c.data[name].astext, _written(name, value)
    comparisons = {"eq": column == value, "gte": column >= value, "gt": column > value}
    return {**comparisons, "lte": column <= value, "lt": column < value}[operator]


def _written(name: str, value: Any) -> str:
    """As the objects keep it, so that text compares as time does."""
    return stamp(datetime.fromisoformat(str(value))) if name.endswith("Date") else str(value)
