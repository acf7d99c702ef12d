"""Working off what is planned (rows with `status`, `due_at` and `claimed_until`, claimed by the batch), or queued."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, current_app
from sqlalchemy import func, or_, select, update

from app.db import db
from app.lib import clock

Send = Callable[[int, datetime], None]
Queued = TypeVar("Queued")

log = logging.getLogger(__name__)


def work_off(table: Any, send: Send, now: datetime | None, *, limit: int, lease: timedelta, lanes: int) -> int:
    """Send every planned row of `table` that is due, claimed `limit` at a time; how many it were. Several workers may.

    Providers are waited for in `lanes` threads, each with its own database session; each row is sent by the time at
    which its turn comes. One that raises keeps its claim until the lease ends and does not keep the others on their
    way; its error is raised at the end.
    """
    time, total, under_way = clock.going_on_from(now), 0, list[Future[None]]()
    with ThreadPoolExecutor(lanes, "sending") as pool:
        while claimed := _claim(table, time(), limit, lease):
            total += len(claimed)
            if lanes == 1 or len(claimed) == 1:
                for row_id in claimed:
                    send(row_id, time())
            else:
                under_way += [pool.submit(_in_lane, _app(), send, row_id, time) for row_id in claimed]
            if len(claimed) < limit:
                break
            # The next are claimed while the last of these are on their way: no lane waits for another.
            while len(under_way) > lanes:
                under_way.pop(0).result()
    for sent in under_way:
        sent.result()
    return total


def one_by_one(rows: Sequence[Queued], send: Callable[[Queued, datetime], object], now: datetime | None) -> int:
    """Send what is queued, each by the time at which its turn comes; how many it were.

    One that raises is logged and does not keep the others. Several may run at once: the fence passes over what is
    being sent already.
    """
    time = clock.going_on_from(now)
    for row in rows:
        try:
            send(row, time())
        except Exception:
            # Whatever is wrong with one message, the others are waited for by people.
            log.exception("a queued message could not be tried")
            db.session.rollback()
    return len(rows)


def _claim(table: Any, now: datetime, limit: int, lease: timedelta) -> list[int]:
    """Take due rows for this worker, oldest first. Commits."""
    free = or_(table.claimed_until.is_(None), table.claimed_until < func.now())
    due = (
        select(table.id)
        .where(table.status == "planned", table.due_at <= now, free)
        .order_by(table.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        # Apart, and so read once: as a subquery the planner may run it again for each row, and take more than `limit`.
        .cte("due")
    )
    # The leases run on the database's clock: the app's may be a sandbox's.
    taken = update(table).where(table.id == due.c.id).values(claimed_until=func.now() + lease)
    claimed = list(db.session.execute(taken.returning(table.id)).scalars())
    db.session.commit()
    return sorted(claimed)


def _in_lane(app: Flask, send: Send, row_id: int, time: Callable[[], datetime]) -> None:
    with app.app_context():
        send(row_id, time())


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app
