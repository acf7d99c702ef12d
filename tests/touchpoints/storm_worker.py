"""A real worker process of the ten thousand leads: minutes pass in a moment, so its cadences and leases are short.

What it does is the product's own; only numbers are changed, and it waits where `storm_meeting.py` says.
WITHOUT=reply, booking, takeover, pause, stop, look or commit takes a guard out, to see the test go red.
"""

import os
import sys
import threading
from datetime import UTC, datetime, timedelta

from app import create_app, messaging, schedule
from app.chat.carrying import send_answers
from app.lib import clock
from app.messaging import jobs as messaging_jobs
from app.messaging import outcomes, smtp_email, twilio_sms
from app.touchpoints import jobs as touchpoint_jobs
from tests.touchpoints.storm_meeting import Meeting, take_out

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


def main() -> None:
    hurry()
    meeting = Meeting(os.environ["DATABASE_URL"])
    take_out(os.environ.get("WITHOUT", ""), meeting)
    meeting.wait_where_it_matters()
    ahead = timedelta(seconds=float(os.environ["CLOCK_AHEAD"]))
    app = create_app()
    clock.use(lambda: datetime.now(UTC) + ahead)
    # Ready; put to work when this closes.
    sys.stdin.read()
    schedule.run_worker(app, threading.Event())


if __name__ == "__main__":
    main()
