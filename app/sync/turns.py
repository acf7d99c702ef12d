"""One worker at a time per company and job, by a lease on the database's clock: a killed worker's turn runs out."""

from datetime import timedelta

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.sync.models import SyncTurn

# Longer than the slowest single call to ShopMonkey, short enough that a killed worker's work goes on within a minute.
LEASE = timedelta(seconds=35)


def take_turn(company_id: int, job: str) -> bool:
    """Whether the company's job is ours now. Commits."""
    ours = insert(SyncTurn).values(company_id=company_id, job=job, until=func.now() + LEASE)
    claimed = ours.on_conflict_do_update(
        index_elements=["company_id", "job"], set_={"until": ours.excluded.until}, where=SyncTurn.until <= func.now()
    ).returning(SyncTurn.job)
    taken = db.session.scalar(claimed) is not None
    db.session.commit()
    return taken


def keep_turn(company_id: int, job: str) -> None:
    """Go on: the lease starts anew. In the caller's transaction."""
    end_turn(company_id, job, LEASE)


def end_turn(company_id: int, job: str, pause: timedelta) -> None:
    """Give the job back; its next turn comes after `pause`. In the caller's transaction."""
    given = update(SyncTurn).where(SyncTurn.company_id == company_id, SyncTurn.job == job)
    db.session.execute(given.values(until=func.now() + pause).execution_options(synchronize_session=False))


def let_run(company_id: int, job: str) -> None:
    """Let the next look at the company's job come at once. In the caller's transaction."""
    end_turn(company_id, job, timedelta(0))
