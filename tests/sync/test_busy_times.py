"""What stands in ShopMonkey's calendar takes bays here; our own visits there are known again, and looked after."""

from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app import booking
from app.booking import book, free_slots, move, staff
from app.booking.models import BusyTime
from app.booking.rules import Work
from app.db import db
from app.leads.models import LeadEvent
from app.shopmonkey import ShopMonkeyError
from app.shopmonkey.fake import FakeShopMonkey
from app.sync import busy_jobs, freshen_day, push_visits, put_back, take_over
from app.sync.busy_jobs import read_calendars
from app.sync.busy_reading import read_calendar
from app.sync.models import CalendarRead, VisitPush
from app.sync.turns import let_run
from tests.factories.booking import NOW, TEN, make_bay, make_wish
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_company, make_location

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TUESDAY = TEN.date()
TINT = Work(timedelta(hours=2), frozenset({"tint"}))


@pytest.fixture
def shop(app):
    """A store with one tint bay whose calendar is a fake ShopMonkey's."""
    fake = FakeShopMonkey()
    app.extensions["shopmonkey"] = lambda company: fake
    store = make_location(make_company(shopmonkey_api_key="key"))
    make_bay(store)
    fake.store, fake.lead = store, make_lead(store, customer=make_customer(store.company))
    db.session.commit()
    return fake


def put(shop, row_id, start, hours=2, **given):
    row = {"startDate": start.isoformat(), "endDate": (start + hours * HOUR).isoformat(), "name": "Rosa"}
    return shop.put("appointment", row_id, **{"locationId": shop.store.shopmonkey_id, **row, **given})


def read(shop, day=TUESDAY, now=NOW):
    return read_calendar(shop.store.id, day, day, now)


def busy():
    rows = select(BusyTime.shopmonkey_id, BusyTime.starts_at).order_by(BusyTime.starts_at)
    return [(row_id, start.astimezone(UTC)) for row_id, start in db.session.execute(rows)]


def starts(shop):
    return {slot.starts_at for slot in free_slots(shop.store.id, TINT, NOW, TUESDAY, TUESDAY)}


def told(shop):
    return list(db.session.scalars(select(LeadEvent.text).where(LeadEvent.kind == "visit").order_by(LeadEvent.id)))


def test_a_visit_made_in_shopmonkey_takes_the_bay(shop):
    assert TEN in starts(shop)
    put(shop, "theirs", TEN)
    read(shop)
    assert busy() == [("theirs", TEN)]
    assert TEN not in starts(shop)
    assert TEN + 2 * HOUR in starts(shop)


def test_what_no_bay_is_free_for_is_a_conflict(shop):
    put(shop, "one", TEN)
    put(shop, "two", TEN + HOUR)
    read(shop)
    found = booking.capacity(shop.store.id, TEN - DAY, TEN + DAY, NOW)
    assert len(found.conflicts) == 1


def test_other_stores_what_is_off_and_what_is_deleted_take_nothing(shop):
    put(shop, "elsewhere", TEN, locationId="another-store")
    put(shop, "off", TEN, confirmationStatus="Declined")
    put(shop, "deleted", TEN, deleted=True)
    read(shop)
    assert busy() == []


def test_one_that_is_not_shown_is_gone_only_after_a_look_by_its_id(shop):
    put(shop, "theirs", TEN)
    read(shop)
    shop.appointments_starting = lambda since, until: []
    read(shop)
    assert busy() == [("theirs", TEN)], "lists drop rows"
    shop.remove("appointment", "theirs")
    read(shop)
    assert busy() == []
    assert "appointment/theirs" in shop.asked


def test_one_that_was_moved_to_another_day_leaves_this_one(shop):
    put(shop, "theirs", TEN)
    read(shop)
    put(shop, "theirs", TEN + 2 * DAY)
    read(shop)
    assert busy() == [("theirs", TEN + 2 * DAY)]


def test_one_that_began_days_before_still_takes_its_bay(shop):
    put(shop, "wrap", TEN - 2 * DAY, hours=60)
    read(shop)
    assert TEN not in starts(shop)


def test_occurrences_of_a_series_each_take_their_time_and_vanish_with_it(shop):
    week = [put(shop, f"series-{number}", TEN + number * HOUR * 3, 1, rruleset="RRULE:FREQ=DAILY") for number in (0, 1)]
    read(shop)
    assert [row_id for row_id, _ in busy()] == ["series-0", "series-1"]
    shop.remove("appointment", week[0]["id"])
    read(shop)
    assert [row_id for row_id, _ in busy()] == ["series-1"]


def booked(shop):
    visit = book(make_wish(shop.lead, TEN), NOW)
    db.session.commit()
    push_visits(NOW)
    [row] = shop.tables["appointment"].values()
    row["locationId"] = shop.store.shopmonkey_id
    return visit, row


def test_our_own_visit_is_pushed_and_takes_no_second_bay(shop):
    visit, row = booked(shop)
    assert row["metadata"] == {"visit": visit.public_id}
    assert datetime.fromisoformat(row["startDate"]) == TEN
    read(shop)
    assert busy() == []
    del row["metadata"]
    db.session.execute(VisitPush.__table__.update().values(shopmonkey_appointment_id=None))
    db.session.commit()
    read(shop)
    assert busy() == [], "the note alone tells that it is ours"


def test_a_moved_and_a_cancelled_visit_follow(shop):
    visit, row = booked(shop)
    move(visit.id, TEN + DAY, staff("Anna"), NOW)
    db.session.commit()
    push_visits(NOW)
    assert datetime.fromisoformat(shop.tables["appointment"][row["id"]]["startDate"]) == TEN + DAY
    booking.cancel(visit.id, staff("Anna"), NOW)
    db.session.commit()
    push_visits(NOW)
    assert shop.tables["appointment"] == {}


def test_a_visit_of_ours_that_somebody_moved_there_is_shown_once_and_takes_both_times(shop):
    visit, row = booked(shop)
    put(shop, row["id"], TEN + 3 * HOUR)
    read(shop)
    read(shop)
    push = db.session.scalars(select(VisitPush)).one()
    assert push.strayed_starts_at == TEN + 3 * HOUR
    assert [line for line in told(shop) if "Somebody moved" in line] == [
        "Somebody moved the visit of Tuesday, December 1 at 10:00 AM to Tuesday, December 1 at 1:00 PM in ShopMonkey. "
        "The customer was told Tuesday, December 1 at 10:00 AM: please decide"
    ]
    assert visit.starts_at == TEN
    assert busy() == [(row["id"], TEN + 3 * HOUR)]
    put(shop, row["id"], TEN)
    read(shop)
    assert db.session.scalars(select(VisitPush.strayed_at)).one() is None
    assert busy() == []


def test_a_visit_of_ours_that_somebody_deleted_there_is_shown_and_holds(shop):
    visit, row = booked(shop)
    shop.remove("appointment", row["id"])
    read(shop)
    assert [line for line in told(shop) if "off ShopMonkey's calendar" in line]
    assert visit.status == "booked"


def test_what_is_pushed_while_we_look_is_not_taken_for_a_change_of_theirs(shop):
    visit, row = booked(shop)

    def meanwhile(what):
        if what == "appointment":
            shop.before_answering = lambda what: None
            move(visit.id, TEN + HOUR, staff("Anna"), NOW)
            db.session.commit()
            push_visits(NOW)

    before = {**row}
    look = shop.calendar

    def stale(location_id, since, until):
        answer = look(location_id, since, until)
        shop.before_answering = meanwhile
        shop.appointments_starting(since, until)
        return answer

    shop.calendar = stale
    assert before["startDate"]
    read(shop)
    assert not [line for line in told(shop) if "Somebody" in line]


def test_a_day_is_read_again_only_after_a_minute(shop, monkeypatch):
    monkeypatch.setattr(busy_jobs, "_readers", InPlace())
    put(shop, "theirs", TEN)
    assert booking.freshen(shop.store.id, TEN, NOW)
    assert busy() == [("theirs", TEN)]
    asked = len(shop.asked)
    assert booking.freshen(shop.store.id, TEN, NOW + timedelta(seconds=59))
    assert len(shop.asked) == asked
    assert booking.freshen(shop.store.id, TEN, NOW + timedelta(seconds=61))
    assert len(shop.asked) > asked


def test_a_shopmonkey_that_does_not_answer_keeps_nobody_from_booking(shop, monkeypatch):
    monkeypatch.setattr(busy_jobs, "_readers", InPlace())
    shop.failing = ShopMonkeyError("down", permanent=False)
    assert freshen_day(shop.store.id, TUESDAY, NOW) is False
    assert TEN in starts(shop)


class InPlace:
    """A pool that works at once, on the test's own connection."""

    def submit(self, work, app, *given):
        done = Future()
        try:
            read_calendar(given[0], given[1], given[1], given[2])
            done.set_result(True)
        except ShopMonkeyError:
            db.session.rollback()
            done.set_result(False)
        return done


def test_near_days_are_read_every_few_minutes_and_all_of_them_at_night(shop):
    company = shop.store.company
    put(shop, "far", TEN + 40 * DAY)

    def run(now):
        let_run(company.id, busy_jobs.JOB)
        db.session.commit()
        return read_calendars(company, now)

    assert run(NOW) == 1
    assert busy() == [("far", TEN + 40 * DAY)]
    assert run(NOW + timedelta(minutes=1)) == 0
    assert run(NOW + timedelta(minutes=4)) == 1
    days = set(db.session.scalars(select(CalendarRead.day).where(CalendarRead.read_at > NOW)))
    assert days == {TUESDAY - DAY, TUESDAY, TUESDAY + DAY}
    assert run(NOW + DAY) == 1
    assert len(set(db.session.scalars(select(CalendarRead.day).where(CalendarRead.read_at == NOW + DAY)))) > 50


def strayed(shop, start=TEN + 3 * HOUR):
    visit, row = booked(shop)
    put(shop, row["id"], start)
    read(shop)
    return visit, db.session.scalars(select(VisitPush)).one()


def test_staff_can_put_a_moved_visit_back_there(shop):
    visit, push = strayed(shop)
    assert put_back(push)
    db.session.commit()
    push_visits(NOW)
    [row] = shop.tables["appointment"].values()
    assert datetime.fromisoformat(row["startDate"]) == visit.starts_at == TEN
    assert busy() == []
    assert not put_back(push)


def test_staff_can_take_the_time_there_over(shop):
    visit, push = strayed(shop)
    assert take_over(push, staff("Anna"), NOW)
    db.session.commit()
    assert visit.starts_at == TEN + 3 * HOUR
    push_visits(NOW)
    read(shop)
    assert busy() == []
    assert db.session.scalars(select(VisitPush.strayed_at)).one() is None


def test_staff_can_cancel_what_was_taken_off_there(shop):
    visit, row = booked(shop)
    shop.remove("appointment", row["id"])
    read(shop)
    assert take_over(db.session.scalars(select(VisitPush)).one(), staff("Anna"), NOW)
    assert visit.status == "cancelled"
