"""Working off planned messages: rows with `status`, `due_at` and `claimed_until`, claimed a batch at a time."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import func, or_, select, update

from app.db import db

Send = Callable[[int, datetime], None]


def work_off(table: Any, send: Send, now: datetime, *, limit: int, lease: timedelta, lanes: int) -> int:
    """Send every planned row of `table` that is due, `limit` at a time; how many it were. Several workers may do so.

    Providers are waited for in `lanes` threads, each with its own database session. One that raises keeps its claim
    until the lease ends and does not keep the others; its error is raised at the end.
    """
    started, total = time.monotonic(), 0
    while True:
        moment = now + timedelta(seconds=int(time.monotonic() - started))
        claimed = _claim(table, moment, limit, lease)
        _send_all(claimed, send, moment, lanes)
        total += len(claimed)
        if len(claimed) < limit:
            return total


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


def _send_all(claimed: list[int], send: Send, now: datetime, most: int) -> None:
    if most == 1 or len(claimed) == 1:
        for row_id in claimed:
            send(row_id, now)
    elif claimed:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

        def in_lane(row_id: int) -> None:
            with app.app_context():
                send(row_id, now)

        with ThreadPoolExecutor(min(most, len(claimed)), "sending") as lanes:
            sends = [lanes.submit(in_lane, row_id) for row_id in claimed]
        for done in sends:
            done.result()
