"""A real worker process of the simulated month: minutes pass in milliseconds, so its cadences and leases are short.

What it does is the product's own; only numbers are changed. Every commit that touches a lead takes a moment, as on a
slow disk, so that workers meet at the same order. WITHOUT=overlap and WITHOUT=lock take a guard out, to see the month
go red.
"""

import os
import random
import threading
import time
from datetime import timedelta

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app import create_app, schedule, sync
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.sandbox import clock as sandbox_clock
from app.shopmonkey import retries, wire
from app.sync import keeping, key_turns, polling, rereading, second_looks, turns
from app.touchpoints import jobs as touchpoint_jobs
from app.webhooks import claims, process_events

SLOWEST_COMMIT = 0.06

JOBS = (
    schedule.Job("webhooks", 0.3, lambda: process_events(clock.now()), lanes=4),
    schedule.Job("touchpoints", 1, touchpoint_jobs.send_due),
    schedule.Job("orders", 0.25, lambda: sync.poll_orders(clock.now())),
    schedule.Job("rereading", 2, lambda: sync.reread_orders(clock.now())),
    schedule.Job("second_looks", 4, lambda: sync.judge_again(clock.now())),
)


def hurry() -> None:
    sandbox_clock.READ_EVERY = 0.03
    claims.LEASE = timedelta(seconds=2)
    claims.backoff = lambda attempt: timedelta(seconds=0.2)
    turns.LEASE = timedelta(seconds=2)
    polling.PAUSE = polling.PAUSE_AFTER_FAILURE = timedelta(seconds=0.1)
    key_turns.PAUSE = timedelta(seconds=1.5)
    # An hour passes in a second: who read every open order each quarter of an hour would do nothing else.
    rereading.EVERY = timedelta(hours=12)
    # At the shortest tick a new round is due.
    second_looks.EVERY = timedelta(hours=1)
    touchpoint_jobs.LEASE = timedelta(seconds=3)
    pause = retries.pause
    wire.retries.pause = lambda *given: pause(*given) * 0.02
    schedule.JOBS = JOBS


def commit_slowly() -> None:
    @event.listens_for(Session, "before_commit")
    def _wait(session: Session) -> None:
        if any(isinstance(row, Lead) for row in session.identity_map.values()):
            time.sleep(random.uniform(0, SLOWEST_COMMIT))


def take_out(guard: str) -> None:
    if guard == "overlap":
        polling.OVERLAP = timedelta(0)
    elif guard == "lock":
        keeping.lock_order = _order_without_lock


def _order_without_lock(company_id: int, order_id: str) -> Lead | None:
    found = select(Lead).where(Lead.company_id == company_id, Lead.shopmonkey_order_id == order_id)
    return db.session.execute(found.execution_options(populate_existing=True)).scalar_one_or_none()


def main() -> None:
    hurry()
    commit_slowly()
    take_out(os.environ.get("WITHOUT", ""))
    app = create_app()
    # Read once before several threads ask: until then the sandbox's clock says the system's time.
    clock.now()
    schedule.run_worker(app, threading.Event())


if __name__ == "__main__":
    main()
