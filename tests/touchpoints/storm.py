"""Ten thousand leads and everything that happens to them at once: who stops when, workers that die, PostgreSQL gone.

What counts as a stop, and when a fence let a message pass, is written down by triggers in the database: each while the
rows are locked that decide it, so their order is the order in which they happened.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from flask import Flask
from psycopg2.extras import execute_values
from sqlalchemy.exc import DBAPIError

from app import chat
from app.chat import inbound_sms
from app.chat.holding import take_over
from app.db import db
from app.leads.models import Lead
from app.leads.moves import move
from app.lib import clock
from app.messaging import record_consent
from app.touchpoints import runs
from app.touchpoints.last_look import lock_lead
from app.touchpoints.planning import start_sequence
from tests.bench.server import ENCRYPTION_KEY, ROOT, SECRET_KEY
from tests.factories.accounts import make_staff
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_company, make_location
from tests.wire.providers import Providers, trouble_of
from tests.wire.twilio_server import ACCOUNT, TOKEN

# A Tuesday noon in Florida: texts are allowed.
NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)
STORE_NUMBER = "+19545550100"
TROUBLES = {
    "sms.busy": 3, "sms.hang": 3, "sms.reset": 3, "sms.lost": 3, "sms.html": 3, "sms.bad_number": 3,
    "email.busy": 3, "email.refused": 3, "email.dropped": 3,
}  # fmt: skip

BY_TEXT = ("web", "text", "STOP", "booked", "takeover", "pause")
BY_EMAIL = ("web", "unsubscribe", "booked", "takeover", "pause")

WITNESSES = """
CREATE SCHEMA storm;
CREATE TABLE storm.meetings (lead_id bigint PRIMARY KEY, kind text, again boolean);
CREATE TABLE storm.arrivals (lead_id bigint PRIMARY KEY);
CREATE TABLE storm.done (lead_id bigint PRIMARY KEY);
CREATE TABLE storm.stops (lead_id bigint, channel text, address text, kind text, at timestamptz);
CREATE TABLE storm.fences (public_id text, lead_id bigint, purpose text, channel text, recipient text, at timestamptz);

CREATE FUNCTION storm.stop_of_lead() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO storm.stops VALUES (NEW.id, NULL, NULL, NEW.stage, clock_timestamp()); RETURN NULL; END $$;
CREATE TRIGGER stop AFTER UPDATE ON leads FOR EACH ROW WHEN (
    OLD.first_engaged_at IS NULL AND NEW.first_engaged_at IS NOT NULL
    OR OLD.stage <> NEW.stage AND NEW.stage IN ('engaged', 'booked', 'won', 'lost')
) EXECUTE FUNCTION storm.stop_of_lead();

CREATE FUNCTION storm.stop_of_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO storm.stops VALUES (NEW.lead_id, NULL, NULL, TG_ARGV[0], clock_timestamp()); RETURN NULL; END $$;
CREATE TRIGGER stop AFTER UPDATE ON conversations FOR EACH ROW
    WHEN (OLD.holder <> 'staff' AND NEW.holder = 'staff') EXECUTE FUNCTION storm.stop_of_row('takeover');
CREATE TRIGGER stop AFTER UPDATE ON sequence_runs FOR EACH ROW
    WHEN (OLD.status = 'running' AND NEW.status = 'paused') EXECUTE FUNCTION storm.stop_of_row('pause');

CREATE FUNCTION storm.stop_of_address() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO storm.stops VALUES (NULL, NEW.channel, NEW.address, 'opt_out', clock_timestamp()); RETURN NULL; END $$;
CREATE TRIGGER stop AFTER INSERT ON consents FOR EACH ROW WHEN (NEW.kind = 'opt_out')
    EXECUTE FUNCTION storm.stop_of_address();

CREATE FUNCTION storm.fence() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO storm.fences VALUES
        (NEW.public_id, NEW.lead_id, NEW.purpose, NEW.channel, NEW.recipient, clock_timestamp()); RETURN NULL; END $$;
CREATE TRIGGER fence AFTER UPDATE ON deliveries FOR EACH ROW
    WHEN (OLD.status <> 'sending' AND NEW.status = 'sending') EXECUTE FUNCTION storm.fence();
"""


@dataclass(frozen=True)
class Scale:
    """How much of it. A worker is killed each time the providers have taken `kill_every` more messages, and each time
    `kill_every_meeting` more people have stopped just before a fence. A wave ends within `patience` seconds."""

    leads: int
    workers: int
    kill_every: int
    kill_every_meeting: int
    patience: float


SCALES = {"small": Scale(150, 2, 80, 25, 90), "full": Scale(10_000, 2, 400, 150, 3600)}


@dataclass(frozen=True)
class Guest:
    """A lead and what is to happen to it: `kind` in `wave` (None: nothing), at the fence or at any time of the wave;
    `again` at the fence's second look, after a provider that was busy."""

    lead_id: int
    conversation_id: int
    phone: str | None
    email: str
    kind: str | None
    wave: int
    at_the_fence: bool
    again: bool


@dataclass
class Storm:
    """The leads, the workers, and the hand that kills them."""

    app: Flask
    url: str
    scale: Scale
    providers: Providers
    dice: random.Random
    logs: Path
    guests: list[Guest] = field(default_factory=list)
    staff_id: int = 0
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    waiting: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: int = 0
    restarts: int = 0
    stopped: int = 0
    all_died: bool = False

    def hire(self) -> None:
        """Start a worker that waits until it is put to work: the next one is ready when one dies."""
        environ = {
            "DATABASE_URL": self.url, "SANDBOX": "0", "SECRET_KEY": SECRET_KEY, "ENCRYPTION_KEYS": ENCRYPTION_KEY,
            "PUBLIC_URL": "https://chat.example.com", "LOG_LEVEL": "WARNING", "PYTHONPATH": str(ROOT),
            "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_BASE_URL": self.providers.twilio_url,
            "TWILIO_MESSAGING_SERVICE_SID": "MG" + "a" * 32,
            "SMTP_URL": self.providers.smtp_url, "MAIL_FROM": "store@example.com",
            "CLOCK_AHEAD": str((NOON - STARTED).total_seconds()),
        }  # fmt: skip
        with (self.logs / f"worker-{self.killed + len(self.workers) + len(self.waiting)}.log").open("ab") as log:
            command, given = [sys.executable, "-m", "tests.touchpoints.storm_worker"], {**os.environ, **environ}
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": log, "stderr": log}
            self.waiting.append(subprocess.Popen(command, cwd=ROOT, env=given, **pipes))

    def put_to_work(self) -> None:
        worker = self.waiting.pop(0)
        assert worker.stdin is not None
        worker.stdin.close()
        self.workers.append(worker)

    def kill(self, all_of_them: bool = False) -> None:
        """Without warning, in the middle of whatever they do; others take their place."""
        gone = list(self.workers) if all_of_them else [self.dice.choice(self.workers)]
        for worker in gone:
            worker.send_signal(signal.SIGKILL)
        for worker in gone:
            worker.wait()
            self.workers.remove(worker)
            self.killed += 1
            self.put_to_work()
            self.hire()

    def restart_postgres(self) -> None:
        """Every connection breaks wherever it is, as clients see a restart."""
        self.ask(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        self.restarts += 1

    def ask(self, statement: str, *values: Any) -> list[tuple]:
        """What a statement finds, on a connection of its own. Broken off, it is asked again: it may be said twice."""
        for _ in range(100):
            with (
                contextlib.suppress(psycopg2.OperationalError),
                contextlib.closing(psycopg2.connect(self.url)) as connection,
            ):
                connection.autocommit = True
                with connection.cursor() as cursor:
                    cursor.execute(statement, values)
                    return cursor.fetchall() if cursor.description else []
            time.sleep(0.1)
        raise AssertionError("the database does not answer")

    def said(self) -> str:
        """All that the workers logged."""
        return "\n".join(log.read_text() for log in sorted(self.logs.glob("*.log")))


STARTED = datetime.now(UTC)


def now() -> datetime:
    """The present moment on the clock that all processes of the storm share."""
    return NOON + (datetime.now(UTC) - STARTED)


@contextlib.contextmanager
def storm(app: Flask, url: str, scale: Scale, providers: Providers, logs: Path, seed: int) -> Iterator[Storm]:
    """The leads with their sequences, the first contact due, and as many workers ready as those who work."""
    clock.use(now)
    made = Storm(app, url, scale, providers, random.Random(seed), logs)
    try:
        for _ in range(scale.workers * 2):
            made.hire()
        made.ask(WITNESSES)
        _invite(made)
        for _ in range(scale.workers):
            made.put_to_work()
        yield made
    finally:
        for worker in (*made.workers, *made.waiting):
            worker.kill()
            worker.wait()
            if worker.stdin is not None:
                worker.stdin.close()
        clock.use(None)


def _invite(made: Storm) -> None:
    company = make_company()
    stores = [make_location(company, live=True, shopmonkey_id=f"store-{one}") for one in range(10)]
    made.staff_id = make_staff(stores[0]).id
    for number in range(made.scale.leads):
        store, by_text = stores[number % 10], number % 2 == 0
        phone, email = f"+1954{2000000 + number}" if by_text else None, f"guest{number}@example.com"
        person = {"phone": phone, "email": email, "sms_opt_in": by_text}
        lead = make_lead(
            store, customer=make_customer(company, **person), order_read_at=NOON + timedelta(days=9), link_sent_at=None
        )
        conversation = chat.open_conversation(lead)
        start_sequence(lead, NOON - timedelta(seconds=1))
        busy = trouble_of("sms" if phone else "email", phone or email, TROUBLES) == "busy"
        kind, wave, at_the_fence = _fate(made.dice, number, by_text, busy)
        made.guests.append(Guest(lead.id, conversation.id, phone, email, kind, wave, at_the_fence, busy))
        if number % 100 == 99:
            db.session.commit()
    db.session.commit()


def _fate(dice: random.Random, number: int, by_text: bool, busy: bool) -> tuple[str | None, int, bool]:
    if busy:
        return dice.choice(BY_TEXT if by_text else BY_EMAIL), 0, True
    if number % 10 < 3:
        return None, 0, False
    kind = dice.choice(BY_TEXT if by_text else BY_EMAIL)
    return kind, int(dice.random() < 0.35), dice.random() < 0.5


def run_wave(made: Storm, wave: int) -> None:
    """Let one contact of every lead come due and all that was planned for it happen, until nothing is open."""
    with ThreadPoolExecutor(4) as hands:
        _Wave(made, wave, hands).run()


class _Wave:
    """One contact of every lead, and what happens to them meanwhile."""

    def __init__(self, made: Storm, wave: int, hands: ThreadPoolExecutor) -> None:
        self.made, self.wave, self.hands = made, wave, hands
        mine = [guest for guest in made.guests if guest.kind and guest.wave == wave]
        made.dice.shuffle(mine)
        self.at_the_fence = {guest.lead_id: guest for guest in mine if guest.at_the_fence}
        self.any_time = [guest for guest in mine if not guest.at_the_fence]
        self.expected = len(made.guests) * 0.7
        self.done: list[Future[None]] = []
        self.at_first = len(self.any_time)
        self.taken = self.taken_at_kill = self.hanging = self.met = 0

    def run(self) -> None:
        made = self.made
        with contextlib.closing(psycopg2.connect(made.url)) as connection, connection, connection.cursor() as cursor:
            rows = [(guest.lead_id, guest.kind, guest.again) for guest in self.at_the_fence.values()]
            execute_values(cursor, "INSERT INTO storm.meetings VALUES %s", rows)
            due = "UPDATE touch_points SET due_at = %s, planned_for = %s WHERE step = %s AND status = 'planned'"
            cursor.execute(due, (now(), now(), self.wave))
        deadline, restart_at = time.monotonic() + made.scale.patience, self.expected / 2
        while waiting := self._waiting():
            assert time.monotonic() < deadline, f"wave {self.wave} did not end: {waiting}"
            self._see()
            self._arrived()
            self._stop_some(everybody="planned" not in waiting and "unsettled" not in waiting)
            self._kill()
            if self.taken > restart_at:
                made.restart_postgres()
                restart_at = float("inf")
            time.sleep(0.05)
        for done in self.done:
            done.result()

    def _waiting(self) -> dict[str, int]:
        """What is still to come; empty when all is settled."""
        planned, unsettled = self.made.ask(
            "SELECT (SELECT count(*) FROM touch_points WHERE status = 'planned' AND due_at < %s),"
            " (SELECT count(*) FROM deliveries WHERE status IN ('queued', 'sending')"
            "  OR status = 'unknown' AND finished_at IS NULL)",
            now() + timedelta(hours=12),
        )[0]
        acting = sum(not done.done() for done in self.done) + len(self.any_time) + len(self.at_the_fence)
        counts = {"planned": planned, "unsettled": unsettled, "acting": acting}
        return {what: count for what, count in counts.items() if count}

    def _see(self) -> None:
        news = self.made.providers.news()
        self.taken += len(news)
        self.hanging += sum(row["trouble"] == "hang" for row in news)

    def _arrived(self) -> None:
        """Stop those whose touch point waits before its fence; some of their workers die there first."""
        for (lead_id,) in self.made.ask("DELETE FROM storm.arrivals RETURNING lead_id"):
            guest = self.at_the_fence.pop(lead_id, None)
            if guest is None:
                continue
            self.met += 1
            if self.met % self.made.scale.kill_every_meeting == 0:
                self.made.kill()
            self.done.append(self.hands.submit(stop, self.made, guest))

    def _stop_some(self, everybody: bool) -> None:
        """Those who stop at any time do so as the wave goes on; when it is over, all whom nothing was on its way to."""
        left = 0 if everybody else max(0.0, 1 - self.taken / self.expected)
        while len(self.any_time) > self.at_first * left:
            self.done.append(self.hands.submit(stop, self.made, self.any_time.pop()))
        while everybody and self.at_the_fence:
            self.done.append(self.hands.submit(stop, self.made, self.at_the_fence.popitem()[1]))

    def _kill(self) -> None:
        """All workers die while a provider holds one's call, once; then one of them every so often."""
        if self.hanging and not self.made.all_died:
            self.made.kill(all_of_them=True)
            self.made.all_died, self.taken_at_kill = True, self.taken
        if self.taken - self.taken_at_kill >= self.made.scale.kill_every:
            self.made.kill()
            self.taken_at_kill = self.taken


def stop(made: Storm, guest: Guest) -> None:
    """Do what that guest does, by the product's own doors; again where the database was gone, as every caller does."""
    key = uuid.uuid4().hex
    for attempt in range(20):
        with made.app.app_context():
            try:
                _do(made, guest, key)
                break
            except DBAPIError:
                db.session.rollback()
                if attempt == 19:
                    raise
                time.sleep(0.2)
    made.ask("INSERT INTO storm.done VALUES (%s) ON CONFLICT DO NOTHING", guest.lead_id)
    made.stopped += 1


def _do(made: Storm, guest: Guest, key: str) -> None:
    match guest.kind:
        case "web":
            chat.post_customer_message(guest.conversation_id, guest.lead_id, "How much is it?", key, "web", now())
        case "text" | "STOP":
            body = "Is Tuesday fine?" if guest.kind == "text" else "STOP"
            text = {"MessageSid": f"SM{key}", "From": guest.phone, "To": STORE_NUMBER, "Body": body}
            inbound_sms.on_text(ACCOUNT, text, now(), now())
        case "takeover":
            take_over(guest.conversation_id, made.staff_id, "Sam", now())
        case "unsubscribe":
            company_id = db.session.get_one(Lead, guest.lead_id).company_id
            about = {"company_id": company_id, "channel": "email", "address": guest.email}
            record_consent(**about, kind="opt_out", source="unsubscribe link", at=now())
            db.session.commit()
        case "booked":
            move(lock_lead(guest.lead_id), "booked", "The work is booked", now())
            db.session.commit()
        case "pause":
            with contextlib.suppress(runs.NotPossible):
                runs.pause(db.session.get_one(Lead, guest.lead_id), "Sam", now())
            db.session.commit()
