"""Every change of the stand-in's objects goes through here, so that its webhooks tell of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.sandbox.shopmonkey import hooks, objects, shapes
from app.sandbox.shopmonkey.shapes import Payload
from app.sandbox.shopmonkey.writing import EMPTY
from app.sandbox.tables import session


def make(kind: str, row: Payload, parent: str | None = None) -> Payload:
    """Keep a new object, and tell of it."""
    with session() as opened:
        objects.put(opened, kind, [row], parent=parent)
        opened.commit()
    hooks.tell([hooks.Change(kind, "INSERT", row, ())])
    return row


def change(kind: str, object_id: str, now: datetime, **fields: Any) -> Payload | None:
    """Set fields of an object, and tell of those that changed; None where there is no such object."""
    with session() as opened:
        before = objects.locked(opened, kind, object_id)
        if before is None:
            return None
        differing = {name: value for name, value in fields.items() if before.get(name) != value}
        after = shapes.changed(before, now, **differing)
        objects.put(opened, kind, [after])
        opened.commit()
    hooks.tell([hooks.Change(kind, "UPDATE", after, (*differing, "updatedDate"))])
    return after


def delete(kind: str, object_id: str, now: datetime, reason: str | None = None) -> Payload | None:
    """Delete as ShopMonkey does: the row stays and is marked; None where there is no such object."""
    return change(kind, object_id, now, deleted=True, deletedDate=shapes.stamp(now), deletedReason=reason)


def put_many(kind: str, given: Iterable[Payload], now: datetime, told: bool) -> list[Payload]:
    """Write rows as they are given: a known id has those fields changed, another is made with the kind's defaults."""
    rows = list(given)
    with session() as opened:
        kept = {row["id"]: row for row in objects.by_ids(opened, kind, [row["id"] for row in rows])}
        changes = [_change(kind, kept.get(row["id"]), row, now) for row in rows]
        objects.put(opened, kind, [one.row for one in changes])
        opened.commit()
    if told:
        hooks.tell(changes)
    return [one.row for one in changes]


def _change(kind: str, before: Payload | None, row: Payload, now: datetime) -> hooks.Change:
    if before is None:
        return hooks.Change(kind, "INSERT", EMPTY[kind](now) | row, ())
    differing = tuple(name for name, value in row.items() if before.get(name) != value)
    return hooks.Change(kind, "UPDATE", shapes.changed(before, now, **row), (*differing, "updatedDate"))
