"""Visits against the stand-in with ShopMonkey's bad manners: the calendar ends as ours, each visit in it once."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db import db
from app.sync.models import VisitPush
from tests.conftest import fresh_database_url
from tests.sync.visit_desk import TEN, Desk, desk_of
from tests.wire.stand_in import KEY, StandIn, stand_in

pytestmark = pytest.mark.processes

VISITS = 8


@pytest.fixture(scope="module")
def running() -> Iterator[StandIn]:
    with fresh_database_url() as url, stand_in(url) as server:
        yield server


@pytest.fixture
def desk(live_app, running) -> Iterator[Desk]:
    running.behave(fresh=True, seed=7)
    for row in running.all("appointment"):
        running.remove("appointment", row["id"])
    with desk_of(live_app, running, key=KEY, timeout=5) as made:
        yield made


def standing(running: StandIn) -> list[tuple[str, datetime]]:
    rows = [row for row in running.all("appointment") if not row["deleted"] and row["confirmationStatus"] != "Declined"]
    return sorted((row["metadata"]["visit"], datetime.fromisoformat(row["startDate"])) for row in rows)


@pytest.mark.parametrize(
    "manners",
    [
        {"lost": 0.3, "lost_as": "502"},
        {"lost": 0.3, "lost_as": "cut", "missing": 0.3},
        {"failing": 0.3, "missing": 0.3, "overcount": 3},
    ],
    ids=["answers are lost", "connections are cut and lists are incomplete", "errors and lists that never add up"],
)
def test_a_calendar_with_bad_manners_ends_as_ours(desk, running, manners):
    chance = random.Random(1)
    running.behave(**manners)
    wanted: dict[str, datetime] = {}
    for number in range(VISITS):
        key, start = f"visit-{number}", TEN + timedelta(hours=number)
        _tell(desk, "booked", key, start)
        wanted[key] = start
    for key in [*wanted, *wanted]:
        desk.push()
        desk.wait()
        if key in wanted and chance.random() < 0.6:
            wanted[key] = TEN + timedelta(days=chance.randrange(1, 9), hours=chance.randrange(9))
            _tell(desk, "moved", key, wanted[key])
        elif key in wanted:
            _tell(desk, "cancelled", key, wanted.pop(key))
    desk.push_all_through(40)
    assert set(db.session.scalars(select(VisitPush.status))) == {"done"}
    assert standing(running) == sorted(wanted.items())


def test_a_key_that_may_not_delete_cancels_instead(desk, running):
    running.allow("no-deleting", mayDelete=False)
    client: Any = desk.app.extensions["shopmonkey"](None)
    client.session.headers["Authorization"] = "Bearer no-deleting"
    _tell(desk, "booked", "visit-1", TEN)
    desk.push()
    assert standing(running) == [("visit-1", TEN)]
    _tell(desk, "cancelled", "visit-1", TEN)
    assert desk.push().status == "done"
    assert standing(running) == []


def _tell(desk: Desk, operation: str, key: str, start: datetime) -> None:
    desk.tell(operation, start, key=key)
