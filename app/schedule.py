"""All work that nobody waits for: one flat table of job, cadence and function, and the worker that runs it.

Several workers may run: every job claims rows or is harmless twice. A job also runs as soon as a transaction that
called `live.wake` with its name has committed; the cadence is what catches up when that was missed.
"""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import FrameType

import click
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from flask.cli import with_appcontext

from app import booking, messaging, ops, sync, webhooks
from app.accounts.jobs import send_staff_mail
from app.ai import clients
from app.assistant.withheld import forget_old
from app.chat.carrying import send_answers
from app.chat.experiment_results import guard
from app.chat.fresh_links import send_links
from app.chat.hand_over_sending import watch_hand_overs
from app.chat.runner import drain, follow_up, take_over_expired
from app.config import ConfigError
from app.db import db
from app.lib import clock
from app.live.listener import Listener
from app.live.notify import WAKE
from app.messaging.costs import ask_costs
from app.touchpoints.jobs import send_due
from app.touchpoints.replanning import replan_changed
from app.touchpoints.settling import settle
from app.wiring import refuse_unsafe_start

log = logging.getLogger(__name__)

DRAIN_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Job:
    """What runs, at least every `seconds`, in up to `lanes` threads of this worker at once."""

    name: str
    seconds: float
    run: Callable[[], object]
    lanes: int = 1


JOBS = (
    Job("heartbeat", 10, lambda: ops.beat("worker")),
    Job("webhooks", 2, lambda: webhooks.process_events(clock.now()), lanes=8),
    Job("touchpoints", 2, send_due),
    Job("sequences", 60, lambda: replan_changed(clock.now())),
    Job("settling", 60, lambda: settle(clock.now())),
    Job("replies", 2, take_over_expired),
    Job("follow_ups", 5, follow_up),
    Job("experiments", 60, lambda: guard(clock.now())),
    Job("answers", 2, send_answers, lanes=3),
    Job("links", 5, send_links),
    Job("staff_mail", 5, send_staff_mail),
    Job("hand_overs", 2, watch_hand_overs),
    # A company whose ShopMonkey hangs keeps no lane of these from the others, or only one.
    Job("orders", 20, lambda: sync.poll_orders(clock.now())),
    Job("rereading", 60, lambda: sync.reread_orders(clock.now())),
    Job("second_looks", 60, lambda: sync.judge_again(clock.now())),
    Job("registrations", 60, lambda: sync.check_registrations(clock.now())),
    Job("calendars", 30, lambda: sync.read_all_calendars(clock.now())),
    Job("store_details", 600, lambda: sync.refresh_stores(clock.now())),
    Job("catalog", 60, lambda: sync.sync_catalogs(clock.now()), lanes=2),
    Job("visits", 5, lambda: sync.push_visits(clock.now()), lanes=6),
    Job("store_setups", 30, sync.set_stores_up, lanes=2),
    Job("visit_messages", 2, booking.send_messages),
    Job("holds", 30, lambda: booking.expire_holds(clock.now())),
    Job("deliveries", 60, messaging.reconcile),
    Job("withheld", 3600, lambda: forget_old(clock.now())),
    Job("webhook_events", 3600, webhooks.forget_old),
    Job("delivery_costs", 300, ask_costs),
)


@dataclass(slots=True)
class Runner:
    """Runs one job in the application's context. Woken while it runs in every lane, it runs once more."""

    app: Flask
    job: Job
    _free: threading.Semaphore = field(init=False)
    _again: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._free = threading.Semaphore(self.job.lanes)

    def __call__(self) -> None:
        self._again.set()
        while self._again.is_set() and self._free.acquire(blocking=False):
            try:
                self._again.clear()
                self._run()
            finally:
                self._free.release()

    def _run(self) -> None:
        with self.app.app_context():
            try:
                self.job.run()
            except Exception:
                log.exception("job %s failed; it runs again", self.job.name)
            finally:
                db.session.remove()


def run_worker(app: Flask, stop: threading.Event) -> None:
    """Run the table until `stop` is set, then let what runs come to its end."""
    runners = {job.name: Runner(app, job) for job in JOBS}
    threads = ThreadPoolExecutor(sum(job.lanes + 1 for job in JOBS))
    scheduler = BackgroundScheduler(executors={"default": threads}, timezone=UTC)
    for job in JOBS:
        scheduler.add_job(
            runners[job.name], "interval", seconds=job.seconds, id=job.name, max_instances=job.lanes + 1, coalesce=True,
            misfire_grace_time=None, next_run_time=datetime.now(UTC) + timedelta(milliseconds=100),
        )  # fmt: skip

    def heard(name: str) -> None:
        if name in runners:
            scheduler.add_job(runners[name], misfire_grace_time=None)

    with app.app_context():
        dsn = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    listener = Listener(dsn, WAKE, heard, lambda: None)
    scheduler.start()
    listener.start()
    log.info("worker started")
    # It takes over replies of killed web processes: the first must not wait for the SDKs to load.
    clients.warm(app.config["SETTINGS"])
    stop.wait()
    listener.stop()
    scheduler.shutdown(wait=True)
    drain(app, DRAIN_SECONDS)
    log.info("worker stopped")


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Run the scheduled jobs until told to stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        refuse_unsafe_start(app)
    except ConfigError as odd:
        raise click.ClickException(str(odd)) from None
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    run_worker(app, stop)
