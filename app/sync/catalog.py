"""One store's catalogue, brought in step with ShopMonkey's.

1. Walk the store's list, staging what is seen, until the union of the walks is whole; commit after each walk.
2. Look up by id what is live here and was not seen: only that look says that a service is gone.
3. One transaction makes the staged rows the catalogue. Until then nothing of the sync is live.

Where the first walk is whole and shows all that is live, nothing is staged: one statement does it.

No transaction is open while ShopMonkey answers. A run that was killed goes on from its last commit; one whose staged
rows a crash of the database has taken starts over.
"""

import logging
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from app.catalog import staging
from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.shopmonkey import CannedService, ShopMonkeyError, ShopMonkeyPort, short_of_patience
from app.sync import catalog_runs as runs
from app.sync.at_work import AtWork
from app.sync.catalog_rows import gone_row, staged_row
from app.sync.clients import client_of_store
from app.sync.models import CatalogRun
from app.sync.reading import assure_reads
from app.sync.walks import Walked

# ShopMonkey bears five calls of a key at once; the rest is left to leads.
at_work = AtWork(most=3)
# Its limit is one of a rolling minute, for when it does not say how long to wait.
RATE_LIMIT_PASSES = 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Turn:
    """One worker's turn at a run, and what it must know of the store before ShopMonkey is asked."""

    run_id: int
    lease: str
    owner: staging.Owner
    store_id: str
    client: ShopMonkeyPort
    so_far: Walked


def sync_catalog(location: Location, asked_by: str, now: datetime) -> CatalogRun:
    """Sync the store now and return the run, `done` or `failed` with its `error`. Commits, the caller's work too.

    Where another worker is at it already, its run comes back as it stands, `running`.
    """
    lease = secrets.token_hex(8)
    run = runs.begin_run(location, asked_by, lease, now)
    run_id, begun = run.id, run.lease == lease
    if begun or runs.claim_run(lease, now, run_id) is not None:
        _work(run, lease, now)
    db.session.commit()
    return db.session.get_one(CatalogRun, run_id, populate_existing=True)


def load_catalog(location: Location, services: Iterable[CannedService], now: datetime) -> staging.Counts:
    """Take services that were read already as the store's, without asking ShopMonkey. Commits nothing."""
    batch = -location.id
    staging.stage(batch, [staged_row(one, location.shopmonkey_id) for one in services])
    owner = staging.Owner(location.id, location.company_id, location.company.currency)
    return staging.go_live(batch, owner, now)


def work_on(now: datetime, unwell: set[int]) -> bool:
    """Take up the next run that waits and bring it to its end, as far as it comes; False when there is none to take.

    Those of the companies `unwell` are left: one whose ShopMonkey is found so, or wants fewer calls, is added to them.
    """
    lease = secrets.token_hex(8)

    def claim(apart_from: Collection[int]) -> CatalogRun | None:
        run = runs.claim_run(lease, now, apart_from=apart_from)
        if run is None:
            db.session.commit()
        return run

    with at_work.on_next(claim, unwell) as run:
        if run is None:
            return False
        company_id = run.company_id
        with short_of_patience():
            if not _work(run, lease, now):
                unwell.add(company_id)
    return True


def _work(run: CatalogRun, lease: str, now: datetime) -> bool:
    """Whether its company's other runs may go on: not where ShopMonkey is unwell."""
    run_id = run.id
    try:
        _bring_in_step(_turn(run, lease), now)
    except ShopMonkeyError as error:
        _stop(run_id, lease, error)
        return not error.unwell
    except runs.LostRun:
        db.session.rollback()
        log.info("catalogue run %s is another worker's now", run_id)
    return True


def _stop(run_id: int, lease: str, error: ShopMonkeyError) -> None:
    db.session.rollback()
    log.warning("catalogue run %s stopped: %s", run_id, error)
    if error.status == 429:
        runs.set_back(run_id, lease, str(error), timedelta(seconds=error.retry_after or RATE_LIMIT_PASSES))
    else:
        runs.fail(run_id, lease, str(error), clock.now())
    db.session.commit()


def _turn(run: CatalogRun, lease: str) -> _Turn:
    run_id, location_id = run.id, run.location_id
    so_far = Walked(run.walks, run.quiet_walks, run.listed, run.total)
    query = select(Location).where(Location.id == location_id)
    location = db.session.scalars(query.options(lazyload(Location.hours), lazyload(Location.settings))).one()
    owner = staging.Owner(location_id, location.company_id, location.company.currency)
    store_id = location.shopmonkey_id
    # Taken before the client is made: without a key the run is there to say so.
    db.session.flush()
    client = _client(location)
    db.session.commit()
    return _Turn(run_id, lease, owner, store_id, client, so_far)


def _client(location: Location) -> ShopMonkeyPort:
    try:
        return client_of_store(location)
    except ShopMonkeyError:
        db.session.commit()
        raise


def _bring_in_step(turn: _Turn, now: datetime) -> None:
    so_far, counts = _live(turn, now)
    runs.finish(turn.run_id, turn.lease, so_far, counts, clock.now())
    db.session.commit()


def _live(turn: _Turn, now: datetime) -> tuple[Walked, staging.Counts]:
    rows, so_far = ([], turn.so_far) if turn.so_far.walks else _first_walk(turn)
    counts = staging.go_live_at_once(rows, turn.owner, now) if rows and so_far.enough else None
    if counts is not None:
        return so_far, counts
    staging.stage(turn.run_id, rows)
    so_far = _walk(turn, so_far)
    _look_up(turn, so_far)
    if staging.holds(turn.run_id, so_far.listed):
        return so_far, staging.go_live(turn.run_id, turn.owner, now)
    log.warning("catalogue run %s has lost what it had staged, and starts over", turn.run_id)
    staging.discard(turn.run_id)
    _pause(turn, Walked())
    return _live(replace(turn, so_far=Walked()), now)


def _first_walk(turn: _Turn) -> tuple[list[dict[str, Any]], Walked]:
    walk = turn.client.canned_services(turn.store_id, bookable=True)
    rows = [staged_row(one, turn.store_id) for one in walk.services if one.id]
    return rows, turn.so_far.then(len({row["shopmonkey_id"] for row in rows}), walk.total)


def _walk(turn: _Turn, so_far: Walked) -> Walked:
    """Leaves its last walk uncommitted: where nothing has to be looked up, it goes live in the same transaction."""
    while not so_far.enough:
        _pause(turn, so_far)
        walk = turn.client.canned_services(turn.store_id, bookable=True)
        staging.stage(turn.run_id, [staged_row(one, turn.store_id) for one in walk.services if one.id])
        so_far = so_far.then(staging.staged(turn.run_id), walk.total)
    return so_far


def _pause(turn: _Turn, so_far: Walked) -> None:
    """Keep how far it has come, and leave no transaction open."""
    runs.note_walk(turn.run_id, turn.lease, so_far)
    db.session.commit()


def _look_up(turn: _Turn, so_far: Walked) -> None:
    unaccounted = staging.unaccounted(turn.run_id, turn.owner.location_id)
    if unaccounted and not so_far.listed:
        _pause(turn, so_far)
        assure_reads(turn.client, turn.store_id)
    for service_id in unaccounted:
        _pause(turn, so_far)
        service = _found(turn.client, service_id)
        row = staged_row(service, turn.store_id) if service else gone_row(service_id)
        if row["state"] == "hidden":
            row["state"] = "gone"
        staging.stage(turn.run_id, [row])


def _found(client: ShopMonkeyPort, service_id: str) -> CannedService | None:
    try:
        return client.canned_service(service_id)
    except ShopMonkeyError as error:
        if error.gone:
            return None
        raise
