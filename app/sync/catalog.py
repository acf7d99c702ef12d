"""One store's catalogue, brought in step with ShopMonkey's.

1. Walk the store's list, staging what is seen, until the union of the walks is whole; commit after each walk.
2. Look up by id what is live here and was not seen: only that look says that a service is gone.
3. One transaction makes the staged rows the catalogue. Until then nothing of the sync is live.

No transaction is open while ShopMonkey answers. A run that was killed goes on from its last commit.
"""

import logging
import secrets
from datetime import datetime

from app.catalog import staging
from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.shopmonkey import CannedService, ShopMonkeyError, ShopMonkeyPort
from app.sync import catalog_runs as runs
from app.sync.catalog_rows import gone_row, staged_row
from app.sync.clients import client_of_store
from app.sync.models import CatalogRun

log = logging.getLogger(__name__)


def sync_catalog(location: Location, asked_by: str, now: datetime) -> CatalogRun:
    """Sync the store now and return the run, `done` or `failed` with its `error`. Commits, the caller's work too.

    Where another worker is at it already, its run comes back as it stands, `running`.
    """
    run = runs.queue_run(location, asked_by, now)
    db.session.commit()
    work_on(run.id, now)
    return db.session.get_one(CatalogRun, run.id, populate_existing=True)


def work_on(run_id: int | None, now: datetime) -> bool:
    """Take up that run, or the oldest one that waits, and bring it to its end; False when there is none to take."""
    lease = secrets.token_hex(8)
    run = runs.claim_run(lease, now, run_id)
    if run is None:
        db.session.commit()
        return False
    run_id, location_id, walked = run.id, run.location_id, run.walked_at is not None
    db.session.commit()
    try:
        _bring_in_step(run_id, lease, location_id, walked, now)
    except ShopMonkeyError as error:
        db.session.rollback()
        log.warning("catalogue run %s failed: %s", run_id, error)
        runs.fail(run_id, lease, str(error), clock.now())
        db.session.commit()
    except runs.LostRun:
        db.session.rollback()
        log.info("catalogue run %s is another worker's now", run_id)
    return True


def _bring_in_step(run_id: int, lease: str, location_id: int, walked: bool, now: datetime) -> None:
    location = db.session.get_one(Location, location_id)
    store_id, client = location.shopmonkey_id, client_of_store(location)
    db.session.commit()
    if not walked:
        _walk(run_id, lease, client, store_id)
    _look_up(run_id, lease, client, store_id, location_id)
    runs.hold(run_id, lease)
    counts = staging.go_live(run_id, db.session.get_one(Location, location_id), now)
    runs.finish(run_id, lease, counts, clock.now())
    db.session.commit()


def _walk(run_id: int, lease: str, client: ShopMonkeyPort, store_id: str) -> None:
    so_far = runs.walked(run_id)
    db.session.commit()
    while not so_far.enough:
        walk = client.canned_services(store_id, bookable=True)
        rows = [staged_row(service, store_id) for service in walk.services if service.id]
        so_far = so_far.then(staging.stage(run_id, rows), walk.total)
        runs.note_walk(run_id, lease, so_far, clock.now())
        db.session.commit()


def _look_up(run_id: int, lease: str, client: ShopMonkeyPort, store_id: str, location_id: int) -> None:
    unseen = staging.unaccounted(run_id, location_id)
    db.session.commit()
    for service_id in unseen:
        service = _found(client, service_id)
        row = staged_row(service, store_id) if service else gone_row(service_id)
        if row["state"] == "hidden":
            row["state"] = "gone"
        staging.stage(run_id, [row])
        runs.hold(run_id, lease)
        db.session.commit()


def _found(client: ShopMonkeyPort, service_id: str) -> CannedService | None:
    try:
        return client.canned_service(service_id)
    except ShopMonkeyError as error:
        if error.gone:
            return None
        raise
