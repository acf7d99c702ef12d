"""A real worker process of the month of visits. Its clock is a file and its leases are short: days take seconds.

What it does is the product's own. A message about a visit that the world holds up waits between claim and fence until
the world lets it go. WITHOUT=last_look takes the fence's last question out, to see the month go red.
"""

import os
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from app import booking, create_app, messaging, schedule, sync
from app.booking import message_jobs
from app.booking.message_models import VisitMessage
from app.db import db
from app.lib import clock
from app.messaging import jobs as messaging_jobs
from app.sync import visit_claims, visit_outcomes

WORLD = Path(os.environ["MONTH_WORLD"])

JOBS = (
    schedule.Job("visit_messages", 0.2, lambda: booking.send_messages(clock.now())),
    schedule.Job("visits", 0.3, lambda: sync.push_visits(clock.now())),
    schedule.Job("deliveries", 0.5, lambda: messaging.reconcile(clock.now())),
)


def now() -> datetime:
    return datetime.fromisoformat((WORLD / "clock").read_text())


def hurry() -> None:
    message_jobs.LEASE = timedelta(seconds=2)
    messaging_jobs.PATIENCE = timedelta(seconds=3)
    visit_claims.LEASE = timedelta(seconds=2)
    visit_outcomes.SETTLES = timedelta(seconds=1)
    schedule.JOBS = JOBS


def wait_where_told() -> None:
    deliver = messaging.deliver

    def held_up(delivery_id, last_look, *given):  # type: ignore[no-untyped-def]
        message_id = last_look.args[0]
        appointment_id = db.session.get_one(VisitMessage, message_id).appointment_id
        db.session.commit()
        gate = WORLD / f"hold-{appointment_id}"
        if gate.exists():
            (WORLD / f"waits-{appointment_id}").touch()
        deadline = time.monotonic() + 60
        while gate.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        if os.environ.get("WITHOUT") == "last_look":
            return deliver(delivery_id, lambda: None, *given)
        return deliver(delivery_id, last_look, *given)

    messaging.deliver = held_up


def main() -> None:
    hurry()
    wait_where_told()
    clock.use(now)
    schedule.run_worker(create_app(), threading.Event())


if __name__ == "__main__":
    main()
