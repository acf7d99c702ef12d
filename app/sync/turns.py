"""One worker at a time per company and job, by a lease on the database's clock: a killed worker's turn runs out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.sync.models import SyncTurn

# Longer than the slowest single call to ShopMonkey, short enough that a killed worker's work goes on within a minute.
LEASE = timedelta(seconds=35)


@dataclass(slots=True)
class Turn:
    """Ours until the block ends; the next one comes `pause` after that."""

    pause: timedelta


@contextmanager
def turn_at(company_id: int, job: str, pause: timedelta) -> Iterator[Turn | None]:
    """The company's turn at the job; None while another worker has it. What the block left uncommitted is undone."""
    if not _take(company_id, job):
        yield None
        return
    turn = Turn(pause)
    try:
        yield turn
    finally:
        db.session.rollback()
        _end(company_id, job, turn.pause)
        db.session.commit()


def _take(company_id: int, job: str) -> bool:
    ours = insert(SyncTurn).values(company_id=company_id, job=job, until=func.now() + LEASE)
    claimed = ours.on_conflict_do_update(
        index_elements=["company_id", "job"], set_={"until": ours.excluded.until}, where=SyncTurn.until <= func.now()
    ).returning(SyncTurn.job)
    taken = db.session.scalar(claimed) is not None
    db.session.commit()
    return taken


def keep_turn(company_id: int, job: str) -> None:
    """Go on: the lease starts anew. In the caller's transaction."""
    _end(company_id, job, LEASE)


def _end(company_id: int, job: str, pause: timedelta) -> None:
    given = update(SyncTurn).where(SyncTurn.company_id == company_id, SyncTurn.job == job)
    db.session.execute(given.values(until=func.now() + pause).execution_options(synchronize_session=False))


def let_run(company_id: int, job: str) -> None:
    """Let the next look at the company's job come at once. In the caller's transaction."""
    _end(company_id, job, timedelta(0))
