"""Whatever runs at once, a bay has one car. Real processes; TEST_SCALE=full (`make soak`) is 1,000 at one time."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.booking import capacity, free_slots, hold, work_of
from app.booking.models import Appointment, AppointmentChange, BusyTime
from app.db import db
from app.leads.models import Lead
from tests.factories.booking import HOUR, NOW, TEN, make_bay, make_rules, make_wish, tint
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_location

ROOT = Path(__file__).resolve().parents[2]
FULL = os.environ.get("TEST_SCALE") == "full"
PROCESSES, ATTEMPTS = (20, 1000) if FULL else (4, 24)
OVERLAPS = text("""
    SELECT one.id, two.id FROM appointments AS one JOIN appointments AS two
    ON one.bay_id = two.bay_id AND one.id < two.id AND one.during && two.during
    WHERE one.status IN ('held', 'booked') AND two.status IN ('held', 'booked')
""")

pytestmark = [pytest.mark.processes, pytest.mark.soak]


@pytest.fixture
def store(live_app):
    location = make_location()
    make_bay(location, name="Tint 1")
    db.session.commit()
    return location


def make_leads(store, count: int) -> list[int]:
    customer = make_customer(store.company)
    ids = [make_lead(store, customer=customer).id for _ in range(count)]
    db.session.commit()
    return ids


def rush(store, kind: str, **given: object) -> list[dict]:
    """What each attempt came to."""
    told = {
        "url": db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
        "location_id": store.id, "kind": kind, "processes": PROCESSES, "now": NOW.isoformat(),
        "start": TEN.isoformat(), **given,
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.booking.rush", json.dumps(told)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=590, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"lead"')]


def came(lines: list[dict]) -> Counter:
    return Counter(line["came"] for line in lines)


def overlaps() -> list:
    db.session.rollback()
    return list(db.session.execute(OVERLAPS))


def test_of_all_who_want_one_time_one_gets_it_and_the_others_real_free_ones(store):
    leads = make_leads(store, ATTEMPTS)
    lines = rush(store, "one_slot", leads=leads)
    assert came(lines) == {"done": 1, "taken": ATTEMPTS - 1}
    assert overlaps() == []
    free = {slot.starts_at.isoformat() for slot in free_slots(store.id, work_of([tint()]), NOW)}
    for line in lines:
        assert line["came"] == "done" or (line["offered"] and set(line["offered"]) <= free)
    booked = db.session.scalars(select(Lead.id).where(Lead.stage == "booked")).all()
    assert booked == [line["lead"] for line in lines if line["came"] == "done"]


def test_who_books_crosswise_does_not_deadlock(store):
    """Without the lock the constraint alone ends this in a deadlock: each waits for what the other has written."""
    leads = make_leads(store, PROCESSES)
    lines = rush(store, "crosswise", leads=leads, starts=[TEN.isoformat(), (TEN + 3 * HOUR).isoformat()])
    assert came(lines) == {"done": 1, "taken": PROCESSES - 1}
    assert overlaps() == []


def test_a_hold_that_runs_out_while_it_is_booked_leaves_one_visit(store):
    leads = make_leads(store, PROCESSES * 2)
    held = hold(make_wish(db.session.get_one(Lead, leads[0])), NOW).id
    db.session.commit()
    over = (NOW + timedelta(minutes=5)).isoformat()
    lines = rush(store, "one_slot", leads=leads, held={leads[0]: held}, now=over)
    assert came(lines) == {"done": 1, "taken": len(leads) - 1}
    assert overlaps() == []
    kept = db.session.execute(select(Appointment.lead_id, Appointment.status)).all()
    assert Counter(status for _, status in kept) in (Counter(booked=1), Counter(booked=1, expired=1))


def test_many_at_many_bays_never_meet(store):
    """Holds, bookings, moves and cancellations at random; two visits from ShopMonkey stand in whatever bay is free."""
    for name in ("Tint 2", "Tint 3"):
        make_bay(store, name=name)
    make_rules(store, horizon_days=60)
    for number in range(2):
        starts_at = TEN + number * HOUR
        db.session.add(
            BusyTime(
                company_id=store.company_id, location_id=store.id, shopmonkey_id=f"busy-{number}",
                starts_at=starts_at, ends_at=starts_at + 3 * HOUR,
            )
        )  # fmt: skip
    leads = make_leads(store, 12)
    starts = [(TEN + step * HOUR / 2).isoformat() for step in range(-1, 13)]
    lines = rush(store, "at_random", leads=leads, starts=starts, turns=400 if FULL else 30, seed=5)
    told = came(lines)
    # Of the ways to be refused all are the domain's.
    assert set(told) <= {"done", "taken", "closed", "not_open", "hold_over"}
    assert told["done"] > PROCESSES
    assert told["taken"] > PROCESSES
    assert overlaps() == []
    day = capacity(store.id, TEN - 12 * HOUR, TEN + 12 * HOUR, NOW + timedelta(minutes=600))
    assert day.conflicts == {}
    # Every step of every appointment is kept, and joins on to the one before.
    rows = db.session.scalars(select(AppointmentChange).order_by(AppointmentChange.appointment_id, "id")).all()
    state: dict[int, tuple] = {}
    for row in rows:
        assert state.get(row.appointment_id, (None, None)) == (row.from_status, row.from_starts_at)
        state[row.appointment_id] = (row.to_status, row.to_starts_at)
    now_there = {one.id: (one.status, one.starts_at) for one in db.session.scalars(select(Appointment))}
    assert state == now_there
