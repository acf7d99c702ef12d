"""What the worker does for touch points: send what is due."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import func, or_, select, update

from app.db import db
from app.lib import clock
from app.touchpoints.models import TouchPoint
from app.touchpoints.sending import send

# Full rounds of all lanes: what is left over would let most of them idle.
BATCH = 64
# Provider calls wait for the network: this many at once, each with its own database session.
LANES = 16
# How long a worker may hold a touch point before another one may look at it. Sending twice is prevented by the fence.
LEASE = timedelta(minutes=1)


def send_due(now: datetime | None = None, limit: int = BATCH) -> int:
    """Work off everything that is due, `limit` at a time; how many it were. Several workers may run it at once.

    One that raises keeps its claim until the lease ends and does not keep the others; its error is raised at the end.
    """
    now, started = now or clock.now(), time.monotonic()
    total = 0
    while True:
        moment = now + timedelta(seconds=int(time.monotonic() - started))
        claimed = _claim(moment, limit)
        _send_all(claimed, moment)
        total += len(claimed)
        if len(claimed) < limit:
            return total


def _claim(now: datetime, limit: int) -> list[int]:
    """Take due touch points for this worker, oldest first. Commits."""
    free = or_(TouchPoint.claimed_until.is_(None), TouchPoint.claimed_until < func.now())
    due = (
        select(TouchPoint.id)
        .where(TouchPoint.status == "planned", TouchPoint.due_at <= now, free)
        .order_by(TouchPoint.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        # Apart, and so read once: as a subquery the planner may run it again for each row, and take more than `limit`.
        .cte("due")
    )
    # The leases run on the database's clock: the app's may be a sandbox's.
    taken = update(TouchPoint).where(TouchPoint.id == due.c.id).values(claimed_until=func.now() + LEASE)
    claimed = list(db.session.execute(taken.returning(TouchPoint.id)).scalars())
    db.session.commit()
    return sorted(claimed)


def _send_all(claimed: list[int], now: datetime) -> None:
    if len(claimed) == 1:
        send(claimed[0], now)
    elif claimed:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        with ThreadPoolExecutor(min(LANES, len(claimed)), "touchpoints") as lanes:
            sends = [lanes.submit(_send_in_lane, app, touch_point_id, now) for touch_point_id in claimed]
        for done in sends:
            done.result()


def _send_in_lane(app: Flask, touch_point_id: int, now: datetime) -> None:
    with app.app_context():
        send(touch_point_id, now)
