"""Killed anywhere, a visit stands in ShopMonkey's calendar once, counted there."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.db import db
from app.lib.clock import now
from app.sync import Visit, push_visits, visit_changed
from app.sync.at_work import AtWork
from app.sync.models import VisitPush
from tests.conftest import TEST_ENCRYPTION_KEY
from tests.sync.visit_desk import TEN, Desk, desk_of
from tests.wire.calendar_server import Calendar, Oddity

pytestmark = pytest.mark.soak

ROOT = Path(__file__).resolve().parents[2]
FULL = os.environ.get("TEST_SCALE") == "full"

ONE_RUN = """
from app import create_app
from app.lib.clock import now
from app.sync import push_visits

with create_app().app_context():
    print("pushing", flush=True)
    push_visits(now())
    print("done", flush=True)
"""


class Killed(BaseException):
    """The process died here."""


@pytest.fixture
def desk(live_app, calendar) -> Iterator[Desk]:
    with desk_of(live_app, calendar) as running:
        yield running


def worker(calendar: Calendar) -> subprocess.Popen[str]:
    """A process of its own that pushes what is due."""
    given = {
        "DATABASE_URL": db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
        "SECRET_KEY": "test-secret-key-of-32-characters",
        "ENCRYPTION_KEYS": TEST_ENCRYPTION_KEY,
        "SHOPMONKEY_BASE_URL": calendar.url,
        "SANDBOX": "0",
        "PUBLIC_URL": "http://localhost",
    }
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | given
    command = [sys.executable, "-c", ONE_RUN]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def run_and_die(calendar: Calendar, method: str, after: bool) -> str:
    """Start a worker and kill it in the middle of that call; what it said before."""
    processes: list[subprocess.Popen[str]] = []
    calendar.oddities.append(Oddity(method, after=after, act=lambda: processes[0].send_signal(signal.SIGKILL)))
    processes.append(worker(calendar))
    said, _ = processes[0].communicate(timeout=60)
    assert processes[0].returncode == -signal.SIGKILL
    return said


@pytest.mark.processes
@pytest.mark.parametrize("after", [False, True], ids=["before it was taken", "between call and commit"])
def test_a_worker_killed_at_booking_leaves_one_appointment(desk, calendar, after):
    desk.tell("booked")
    assert run_and_die(calendar, "POST", after) == "pushing\n"
    assert (desk.row.status, len(calendar.standing)) == ("sending", int(after))
    assert desk.push().status == "sending"
    assert desk.push_all_through().status == "done"
    assert len(calendar.standing) == 1


@pytest.mark.processes
def test_a_worker_killed_at_a_move_and_another_at_the_cancelling_leave_nothing_behind(desk, calendar):
    desk.tell("booked")
    desk.push()
    desk.tell("moved", TEN + timedelta(days=1))
    run_and_die(calendar, "PUT", after=True)
    desk.tell("moved", TEN + timedelta(days=2))
    assert desk.push_all_through().status == "done"
    assert desk.starts() == ["2026-12-03T15:00:00.000Z"]
    desk.tell("cancelled")
    run_and_die(calendar, "DELETE", after=True)
    assert desk.push_all_through().status == "done"
    assert calendar.standing == []
    assert len(calendar.rows) == 1


def test_several_workers_push_each_visit_once(desk, calendar):
    for number in range(12):
        desk.tell("booked", key=f"visit-{number}")
    start = Barrier(4)

    def work(_: int) -> int:
        with desk.app.app_context():
            start.wait()
            return push_visits(now(), lanes=AtWork(most=1))

    with ThreadPoolExecutor(4) as lanes:
        assert sum(lanes.map(work, range(4))) == 12
    assert len(calendar.standing) == len(calendar.made("POST")) == 12


def meanwhile(desk: Desk, method: str, happen: Callable[[], None], before: bool) -> None:
    """Have something happen right before or after the client's next call of that method, once."""
    client: Any = desk.app.extensions["shopmonkey"](None)
    call = getattr(client, method)

    def wrapped(*given: Any) -> Any:
        setattr(client, method, call)
        if before:
            happen()
        answer = call(*given)
        if not before:
            happen()
        return answer

    setattr(client, method, wrapped)


def another_worker(desk: Desk) -> None:
    """The lease of whoever is at it runs out, and another worker does the work."""

    def work() -> None:
        with desk.app.app_context():
            past = func.now() - timedelta(seconds=1)
            db.session.execute(update(VisitPush).values(lease_until=past, next_attempt_at=past))
            db.session.commit()
            push_visits(now(), lanes=AtWork(most=1))

    with ThreadPoolExecutor(1) as lane:
        lane.submit(work).result()


def test_a_worker_whose_lease_ran_out_before_its_call_makes_none(desk, calendar):
    desk.tell("booked")
    client = desk.app.extensions["shopmonkey"]
    waiting = [lambda: another_worker(desk)]

    def slow(company: Any) -> Any:
        if waiting:
            waiting.pop()()
        return client(company)

    desk.app.extensions["shopmonkey"] = slow
    assert desk.push().status == "done"
    assert len(calendar.made("POST")) == 1


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_worker_that_slept_through_its_lease_at_booking_makes_no_second_appointment_stay(desk, calendar, before):
    desk.tell("booked")
    meanwhile(desk, "create_appointment", lambda: another_worker(desk), before)
    desk.push()
    push = desk.push_all_through()
    assert [row["id"] for row in calendar.standing] == [push.shopmonkey_appointment_id]
    assert push.status == "done"


def test_a_worker_that_slept_through_its_lease_at_a_move_does_not_leave_its_old_time_there(desk, calendar):
    desk.tell("booked")
    desk.push()
    desk.tell("moved", TEN + timedelta(days=1))

    def move_on() -> None:
        later = replace(desk.visit, starts_at=TEN + timedelta(days=5), ends_at=TEN + timedelta(days=5, hours=2))
        visit_changed(later, "moved")
        db.session.commit()
        another_worker(desk)

    meanwhile(desk, "update_appointment", move_on, before=True)
    desk.push()
    assert desk.push_all_through().status == "done"
    assert desk.starts() == ["2026-12-06T15:00:00.000Z"]


def test_two_workers_at_one_visit_at_once_do_not_take_the_calendar_for_what_it_is_not(desk, calendar):
    desk.tell("booked")
    desk.push()
    desk.tell("moved", TEN + timedelta(days=1))
    sent, may_go_on = Event(), Event()

    def answer_late() -> None:
        sent.set()
        assert may_go_on.wait(30)

    with ThreadPoolExecutor(1) as lane:

        def let_another_one_go_first() -> None:
            later = replace(desk.visit, starts_at=TEN + timedelta(days=5), ends_at=TEN + timedelta(days=5, hours=2))
            visit_changed(later, "moved")
            db.session.commit()
            meanwhile(desk, "update_appointment", answer_late, before=False)
            lane.submit(another_worker, desk)
            assert sent.wait(30)

        meanwhile(desk, "update_appointment", let_another_one_go_first, before=True)
        desk.push()
        may_go_on.set()
    assert len(calendar.made("PUT")) >= 2
    assert desk.push_all_through().status == "done"
    assert desk.starts() == ["2026-12-06T15:00:00.000Z"]


@dataclass
class Trouble:
    """Around each call that writes: now and then the process dies, or the answer is lost."""

    chance: random.Random
    desk: Desk

    def surround(self) -> None:
        client: Any = self.desk.app.extensions["shopmonkey"](None)
        for method in ("create_appointment", "update_appointment", "cancel_appointment", "appointments_starting"):
            setattr(client, method, self._troubled(getattr(client, method)))

    def _troubled(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def troubled(*given: Any) -> Any:
            if self.chance.random() < 0.1:
                raise Killed
            for method in ("POST", "PUT", "DELETE", "SEARCH"):
                if self.chance.random() < 0.15:
                    status, after = self.chance.choice([0, 500, 503, 429]), self.chance.random() < 0.6
                    self.desk.calendar.oddities.append(Oddity(method, after=after and status != 429, status=status))
            answer = call(*given)
            self.desk.calendar.oddities.clear()
            if self.chance.random() < 0.15:
                raise Killed
            return answer

        return troubled


@pytest.mark.parametrize("seed", range(40 if FULL else 3))
def test_whatever_happens_the_calendar_ends_as_ours(desk, calendar, seed):
    chance = random.Random(seed)
    keys = [f"visit-{number}" for number in range(4)]
    wanted: dict[str, Visit | None] = {}
    trouble = Trouble(chance, desk)
    trouble.surround()
    for _ in range(300 if FULL else 60):
        if chance.random() < 0.4:
            _change(desk, chance, chance.choice(keys), wanted)
        if chance.random() < 0.1:
            _delete_by_hand(calendar, chance)
        _run(desk, chance)
    desk.app.extensions["shopmonkey"](None).__dict__.update(_untroubled(desk))
    calendar.oddities.clear()
    for key in keys:
        _change(desk, chance, key, wanted)
    desk.push_all_through(30)
    assert set(db.session.scalars(select(VisitPush.status))) == {"done"}
    standing = sorted((row["metadata"]["visit"], row["startDate"][:16]) for row in calendar.standing)
    assert standing == sorted((key, f"{visit.starts_at:%Y-%m-%dT%H:%M}") for key, visit in wanted.items() if visit)


def _change(desk: Desk, chance: random.Random, key: str, wanted: dict[str, Visit | None]) -> None:
    start = TEN + timedelta(minutes=30 * chance.randrange(2000))
    visit = replace(desk.visit, key=key, starts_at=start, ends_at=start + timedelta(hours=1))
    stands = wanted.get(key) is not None
    operation: Any = chance.choice(["moved", "moved", "cancelled"]) if stands else "booked"
    visit_changed(visit, operation)
    db.session.commit()
    wanted[key] = None if operation == "cancelled" else visit


def _delete_by_hand(calendar: Calendar, chance: random.Random) -> None:
    if calendar.standing:
        chance.choice(calendar.standing)["deleted"] = True


def _run(desk: Desk, chance: random.Random) -> None:
    if chance.random() < 0.7:
        desk.wait()
    try:
        push_visits(now())
    except Killed:
        db.session.rollback()


def _untroubled(desk: Desk) -> dict[str, Any]:
    client: Any = desk.app.extensions["shopmonkey"](None)
    names = ("create_appointment", "update_appointment", "cancel_appointment", "appointments_starting")
    return {name: getattr(type(client), name).__get__(client) for name in names}
