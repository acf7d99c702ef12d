"""Runs of the catalogue sync as rows: queued, worked on under a lease, ended; what a kill leaves behind is resumed."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.catalog import staging
from app.catalog.staging import Counts
from app.db import db
from app.live.notify import wake
from app.locations.models import Location
from app.sync.models import CatalogRun
from app.sync.walks import Walked

LEASE = timedelta(minutes=2)
# What was staged longer ago may since have gone: such a run starts over.
STALE = timedelta(hours=1)
NIGHTLY = "the nightly sync"
OPEN = ("queued", "running")
MOST_ATTEMPTS = 6


class LostRun(Exception):
    """Another worker has gone on with the run: this one's lease had run out."""


def queue_run(location: Location, asked_by: str, now: datetime) -> CatalogRun:
    """Ask for a sync of the store; the open run where there is one already. Workers start it on commit.

    One that waits for its night is asked for from now on, and so comes before the others.
    """
    row = {"company_id": location.company_id, "location_id": location.id, "asked_by": asked_by, "created_at": now}
    made = insert(CatalogRun).values(**row)
    db.session.execute(
        made.on_conflict_do_update(
            index_elements=["location_id"],
            index_where=CatalogRun.status.in_(OPEN),
            set_={"asked_by": made.excluded.asked_by},
            where=(CatalogRun.status == "queued") & (CatalogRun.asked_by == NIGHTLY),
        )
    )
    wake("catalog")
    open_run = select(CatalogRun).where(CatalogRun.location_id == location.id, CatalogRun.status.in_(OPEN))
    return db.session.scalars(open_run.order_by(CatalogRun.id.desc())).first() or last_runs(location.id, 1)[0]


def begin_run(location: Location, asked_by: str, lease: str, now: datetime) -> CatalogRun:
    """A run of the store that the caller works on under `lease`; the open run, as it is, where there is one already."""
    row = {"company_id": location.company_id, "location_id": location.id, "asked_by": asked_by, "created_at": now}
    taken = {"status": "running", "started_at": now, "attempts": 1, "lease": lease, "leased_until": func.now() + LEASE}
    made = insert(CatalogRun).values(**row, **taken).on_conflict_do_nothing().returning(CatalogRun)
    return db.session.scalar(made) or queue_run(location, asked_by, now)


def claim_run(
    lease: str, now: datetime, run_id: int | None = None, apart_from: Collection[int] = ()
) -> CatalogRun | None:
    """Take a run that is queued or was left behind; None when there is nothing to do.

    This one, or the oldest, those that somebody asked for first; none of the companies `apart_from`.
    """
    free = or_(CatalogRun.leased_until.is_(None), CatalogRun.leased_until < func.now())
    wanted = select(CatalogRun).where(CatalogRun.status.in_(OPEN), free, CatalogRun.company_id.not_in(apart_from))
    wanted = wanted.order_by(CatalogRun.asked_by == NIGHTLY, CatalogRun.id).limit(1)
    if run_id is not None:
        wanted = wanted.where(CatalogRun.id == run_id)
    run = db.session.scalar(wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    if run is None:
        return None
    if run.attempts >= MOST_ATTEMPTS:
        run.status, run.finished_at, run.error = "failed", now, f"Broke off {run.attempts} times."
        staging.discard(run.id)
        return None
    if run.started_at is None or now - run.started_at > STALE or not staging.holds(run.id, run.listed):
        _start_over(run, now)
    run.status, run.lease, run.attempts = "running", lease, run.attempts + 1
    run.leased_until = func.now() + LEASE
    db.session.flush()
    return run


def note_walk(run_id: int, lease: str, so_far: Walked) -> None:
    """Write down how far the walks have come, and keep the lease. Raises LostRun."""
    _hold(run_id, lease, **_walk_numbers(so_far))


def finish(run_id: int, lease: str, so_far: Walked, counts: Counts, now: datetime) -> None:
    """The catalogue is live. Raises LostRun."""
    _hold(run_id, lease, status="done", finished_at=now, error=None, **_walk_numbers(so_far), **asdict(counts))


def fail(run_id: int, lease: str, error: str, now: datetime) -> None:
    """The run has stopped for good, and the catalogue stays as it was. Raises LostRun."""
    _hold(run_id, lease, status="failed", finished_at=now, error=error[:500])
    staging.discard(run_id)


def set_back(run_id: int, lease: str, why: str, pause: timedelta) -> None:
    """The run waits that long, then goes on from where it came; the attempt does not count. Raises LostRun."""
    waits = {"leased_until": func.now() + min(pause, STALE), "attempts": CatalogRun.attempts - 1}
    _hold(run_id, lease, status="queued", error=why[:500], **waits)


def open_runs() -> int:
    """How many runs wait or are being worked on."""
    return db.session.scalar(select(func.count()).where(CatalogRun.status.in_(OPEN))) or 0


def last_runs(location_id: int, most: int) -> list[CatalogRun]:
    """The store's newest runs, newest first."""
    query = select(CatalogRun).where(CatalogRun.location_id == location_id)
    return list(db.session.scalars(query.order_by(CatalogRun.id.desc()).limit(most)))


def _start_over(run: CatalogRun, now: datetime) -> None:
    if run.started_at is not None:
        staging.discard(run.id)
    run.started_at, run.total = now, None
    run.walks = run.quiet_walks = run.listed = 0


def _walk_numbers(so_far: Walked) -> dict[str, int | None]:
    return {"walks": so_far.walks, "quiet_walks": so_far.quiet, "listed": so_far.listed, "total": so_far.total}


def _hold(run_id: int, lease: str, **values: object) -> None:
    held = (
        update(CatalogRun)
        .where(CatalogRun.id == run_id, CatalogRun.lease == lease, CatalogRun.status == "running")
        .values(**{"leased_until": func.now() + LEASE, **values})
        .execution_options(synchronize_session=False)
    )
    if not db.session.execute(held).rowcount:  # type: ignore[attr-defined]
        raise LostRun(f"run {run_id}")
