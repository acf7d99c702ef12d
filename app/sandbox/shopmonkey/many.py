"""A franchise of any size, written by the database itself: stores with services, columns, and orders of many months."""

import json
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.sandbox.shopmonkey import objects, shapes, shop_shapes
from app.sandbox.shopmonkey.shapes import Payload

ZONES = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix")
CATEGORIES = ("Window Tint", "Ceramic Coating", "Detailing", "Paint Protection", "Audio")

# One in three orders is an open website quote; the rest went on.
ORDERS = text("""
INSERT INTO sandbox.objects (kind, id, location_id, created_at, data)
SELECT 'order', id, place, at, CAST(:template AS jsonb) || jsonb_build_object(
    'id', id, 'number', number::text, 'locationId', place, 'workflowStatusId', 'website-leads-' || right(place, 4),
    'createdDate', written, 'updatedDate', written, 'orderCreatedDate', written,
    'authorized', number % 3 = 1, 'invoiced', number % 3 = 2, 'status',
    CASE number % 3 WHEN 0 THEN 'Estimate' WHEN 1 THEN 'RepairOrder' ELSE 'Invoice' END)
FROM (
    SELECT number, at, 'many-' || lpad(number::text, 9, '0') AS id,
        'store-' || lpad((number % :stores)::text, 4, '0') AS place,
        to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS written
    FROM (SELECT number, CAST(:since AS timestamptz) + number * CAST(:apart AS interval) AS at
          FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS number) AS numbered
) AS timed
ON CONFLICT DO NOTHING
""")


def fill_stores(session: Session, stores: int, services: int, now: datetime) -> None:
    """Stores `store-0000`… with their columns and services."""
    for number in range(stores):
        place = f"store-{number:04}"
        store = {"shopmonkeyId": place, "name": f"Store {number}", "timezone": ZONES[number % len(ZONES)]}
        objects.put(session, "location", [shapes.location(store, now)])
        objects.put(session, "workflow_status", shop_shapes.columns(place, now))
        objects.put(session, "canned_service", [_service(place, one, now) for one in range(services)])


def fill_orders(session: Session, orders: int, stores: int, since: datetime, until: datetime) -> None:
    """Orders spread evenly from `since` to `until`, the same ones for the same figures."""
    template = shapes.order("", "", "", "New Quote Auto Window Tinting", since)
    given = {
        "template": json.dumps(template),
        "stores": stores,
        "since": since,
        "apart": (until - since) / max(orders, 1),
    }
    step = 50_000
    for first in range(0, orders, step):
        session.execute(ORDERS, {**given, "first": first, "last": min(first + step, orders) - 1})


def settle(session: Session) -> None:
    """Let the database look at what was written, so that it counts without reading every row."""
    session.commit()
    session.connection(execution_options={"isolation_level": "AUTOCOMMIT"}).execute(
        text("VACUUM (ANALYZE) sandbox.objects")
    )


def _service(place: str, number: int, now: datetime) -> Payload:
    cents = 4_900 + 1_000 * (number % 90)
    wording = {"description": f"Service number {number}", "category": CATEGORIES[number % len(CATEGORIES)]}
    named = {"id": f"{place}-service-{number:03}", "name": f"{wording['category']} {number}", **wording}
    return shapes.canned_service({**named, "minutes": 60, "kind": "exact", "low": cents}, place, now)
