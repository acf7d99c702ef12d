"""Whose catalogue is due, and the job that works through what is due or was asked for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import select, true

from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.shopmonkey import ShopMonkeyError
from app.sync.catalog import work_on
from app.sync.catalog_runs import NIGHTLY, open_runs, queue_run
from app.sync.clients import client_of_store
from app.sync.models import CatalogRun
from app.sync.nightly import is_due, latest_turn

# Most of a sync is waiting for ShopMonkey. More than one company may have at once, so that others have some too.
LANES = 5


def sync_catalogs(now: datetime) -> int:
    """Queue the stores whose turn has come, then work off what waits or was left behind; how many runs.

    A company whose ShopMonkey is unwell waits for the next call. May run side by side.
    """
    for location in due_stores(now):
        queue_run(location, NIGHTLY, now)
        db.session.commit()
    lanes, unwell = min(LANES, open_runs()), set[int]()
    db.session.commit()
    if lanes <= 1:
        return _work_off(unwell)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def in_lane(_: int) -> int:
        with app.app_context():
            return _work_off(unwell)

    with ThreadPoolExecutor(lanes, "catalogues") as pool:
        return sum(pool.map(in_lane, range(lanes)))


def _work_off(unwell: set[int]) -> int:
    done = 0
    while work_on(clock.now(), unwell):
        done += 1
    return done


def due_stores(now: datetime) -> list[Location]:
    """The stores whose nightly turn has come, among those that some key can read."""
    last = (
        select(CatalogRun.status, CatalogRun.started_at, CatalogRun.finished_at)
        .where(CatalogRun.location_id == Location.id)
        .order_by(CatalogRun.id.desc())
        .limit(1)
        .lateral()
    )
    query = select(Location.id, Location.timezone, last.c.status, last.c.started_at, last.c.finished_at)
    rows = db.session.execute(query.outerjoin(last, true()).order_by(Location.id)).all()
    due = [
        row.id
        for row in rows
        if is_due(
            latest_turn(row.id, row.timezone, now),
            row.status,
            row.finished_at if row.status == "failed" else row.started_at,
            now,
        )
    ]
    found = db.session.scalars(select(Location).where(Location.id.in_(due)).order_by(Location.id)) if due else ()
    return [location for location in found if _readable(location)]


def _readable(location: Location) -> bool:
    try:
        client_of_store(location)
    except ShopMonkeyError:
        return False
    return True
