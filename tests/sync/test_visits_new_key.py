"""Visits that a key was refused for go on by themselves once there is another key."""

from collections.abc import Callable

import pytest

from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.shopmonkey import ShopMonkey
from app.sync.models import VisitPush
from app.sync.onboarding import keep_key, start_setup, use_key
from tests.factories.locations import make_location
from tests.sync.visit_desk import Desk, desk_of
from tests.wire.calendar_server import KEY, Oddity


@pytest.fixture
def desk(app, calendar):
    clients: list[ShopMonkey] = []

    def by_key(secret: str) -> ShopMonkey:
        clients.append(ShopMonkey(calendar.url, KEY, timeout=5, sleep=lambda seconds: None))
        return clients[-1]

    before, app.extensions["shopmonkey_by_key"] = app.extensions["shopmonkey_by_key"], by_key
    with desk_of(app, calendar) as running:
        yield running
    app.extensions["shopmonkey_by_key"] = before
    for client in clients:
        client.session.close()


def stuck(desk: Desk, calendar) -> VisitPush:
    calendar.oddities.append(Oddity("POST", status=401))
    desk.tell("booked")
    row = desk.push()
    assert (row.status, row.next_attempt_at) == ("stuck", None)
    return row


def store_of(row: VisitPush) -> Location:
    return db.session.get_one(Location, row.location_id)


@pytest.mark.parametrize(
    "change",
    [
        lambda store: keep_key(store.company, "new", for_company=True),
        lambda store: use_key(store, "new", for_company=True),
        lambda store: use_key(store, "its-own", for_company=False),
        lambda store: start_setup(store, "Ana", clock.now()),
    ],
)
def test_a_key_that_is_replaced_lets_them_go_on(desk, calendar, change: Callable[[Location], object]) -> None:
    row = stuck(desk, calendar)
    change(store_of(row))
    db.session.commit()
    assert desk.row.attempts == 0
    assert desk.push().status == "done"
    assert len(calendar.standing) == 1


def test_the_key_of_another_store_changes_nothing(desk, calendar) -> None:
    row = stuck(desk, calendar)
    company = store_of(row).company
    use_key(make_location(company), "its-own", for_company=False)
    db.session.commit()
    assert desk.push().status == "stuck"


def test_nor_does_the_companys_where_the_store_has_its_own(desk, calendar) -> None:
    use_key(db.session.get_one(Location, desk.visit.location_id), "its-own", for_company=False)
    db.session.commit()
    row = stuck(desk, calendar)
    keep_key(store_of(row).company, "new", for_company=True)
    db.session.commit()
    assert desk.push().status == "stuck"
