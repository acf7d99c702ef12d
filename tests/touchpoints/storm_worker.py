"""A real worker process of the ten thousand leads: minutes pass in a moment, so its cadences and leases are short.

What it does is the product's own; only numbers are changed. Between a touch point's delivery and its fence it waits for
the stop that was planned for just there, as if the machine had been busy: that race need not be met by luck.
WITHOUT=look, WITHOUT=consent and WITHOUT=commit take a guard out, to see the test go red.
"""

import contextlib
import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import psycopg2
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app import create_app, messaging, schedule
from app.chat.carrying import send_answers
from app.db import db
from app.lib import clock
from app.messaging import fence, outcomes, smtp_email, twilio_sms
from app.messaging import jobs as messaging_jobs
from app.messaging.models import Delivery
from app.touchpoints import jobs as touchpoint_jobs
from app.touchpoints.models import TouchPoint

PATIENCE_SECONDS = 3.0
MEETS = "SELECT EXISTS (SELECT FROM storm.meetings WHERE lead_id = %s)"
ARRIVES = "INSERT INTO storm.arrivals (lead_id) VALUES (%s) ON CONFLICT DO NOTHING"
STOPPED = "SELECT EXISTS (SELECT FROM storm.done WHERE lead_id = %s)"

JOBS = (
    schedule.Job("touchpoints", 0.3, touchpoint_jobs.send_due),
    schedule.Job("answers", 0.5, send_answers),
    schedule.Job("deliveries", 0.5, messaging.reconcile),
)


def hurry() -> None:
    touchpoint_jobs.LEASE = timedelta(seconds=2)
    messaging_jobs.PATIENCE = timedelta(seconds=3.5)
    twilio_sms.TIMEOUT_SECONDS = 1.5
    smtp_email.TIMEOUT_SECONDS = 2
    outcomes.BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (0.3, 0.6, 1, 2))
    schedule.JOBS = JOBS


def wait_at_the_fence(url: str) -> None:
    @event.listens_for(Session, "before_commit")
    def _note(session: Session) -> None:
        loaded = [row.__dict__ for row in session.identity_map.values() if isinstance(row, TouchPoint)]
        prepared = [row for row in loaded if row.get("delivery_id") and row.get("status") == "planned"]
        session.info["prepared"] = [row["lead_id"] for row in prepared]

    @event.listens_for(Session, "after_commit")
    def _wait(session: Session) -> None:
        for lead_id in session.info.pop("prepared", ()):
            with contextlib.suppress(psycopg2.Error):
                meet_the_stop(url, lead_id)


def meet_the_stop(url: str, lead_id: int) -> None:
    with contextlib.closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()

        def ask(statement: str) -> bool:
            cursor.execute(statement, (lead_id,))
            return cursor.fetchone()[0]

        if not ask(MEETS) or ask(STOPPED):
            return
        cursor.execute(ARRIVES, (lead_id,))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not ask(STOPPED) and time.monotonic() < deadline:
            time.sleep(0.02)


class _Late:
    """The database handle of a fence that writes `sending`, and does not commit it before it calls."""

    def __init__(self) -> None:
        self.session = self

    def __call__(self) -> "_Late":
        return self

    def __getattr__(self, name: str) -> object:
        return getattr(db.session, name)

    def in_transaction(self) -> bool:
        return False

    def commit(self) -> None:
        rows = [row for row in db.session().identity_map.values() if isinstance(row, Delivery)]
        at_work = select(Delivery.id).where(Delivery.id.in_([row.id for row in rows]), Delivery.status == "sending")
        if db.session.scalar(at_work) is not None:
            db.session.flush()
        else:
            db.session.commit()


def take_out(guard: str) -> None:
    forbidden, closed = fence._forbidden, fence._closed
    if guard == "look":
        fence._reason_against = lambda delivery, transport, last_look, now: (
            forbidden(delivery, now) or closed(delivery, transport)
        )
    elif guard == "consent":
        fence._forbidden = lambda delivery, now: None
    elif guard == "commit":
        fence.db = _Late()


def main() -> None:
    hurry()
    take_out(os.environ.get("WITHOUT", ""))
    wait_at_the_fence(os.environ["DATABASE_URL"])
    ahead = timedelta(seconds=float(os.environ["CLOCK_AHEAD"]))
    app = create_app()
    clock.use(lambda: datetime.now(UTC) + ahead)
    # Ready; put to work when this closes.
    sys.stdin.read()
    schedule.run_worker(app, threading.Event())


if __name__ == "__main__":
    main()
