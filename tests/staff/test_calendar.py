"""The calendar: what stands in it, where, and for whom."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import event

from app import booking
from app.booking import Contact
from app.booking.models import Block, BusyTime
from app.db import db
from app.lib import clock
from app.locations.days import add_special_days
from tests.factories.accounts import make_staff, sign_in
from tests.factories.booking import HOUR, NOW, TEN, make_bay, make_wish, tint
from tests.factories.leads import make_customer, make_lead

TUESDAY = TEN.date()


pytestmark = pytest.mark.usefixtures("on_monday_morning")


@pytest.fixture
def bays(cast):
    return [make_bay(cast.store, "tint", name="Tint 1"), make_bay(cast.store, "tint", name="Tint 2")]


def book(lead, start=TEN, actor=None, **given):
    visit = booking.book(make_wish(lead, start, actor=actor or booking.CUSTOMER, **given), NOW)
    db.session.commit()
    return visit


def page(desk, day=TUESDAY, **given):
    return desk.get("/staff/calendar", query_string={"day": day.isoformat(), **given})


def card(text, words):
    """The list item of the calendar that holds these words."""
    return next(item for item in text.split("<li ")[1:] if words in item).split("</li>")[0]


def test_a_visit_stands_at_its_time_in_its_bay_with_customer_and_work(desk, cast, bays):
    visit = book(cast.lead)
    shown = card(page(desk).text, "Lea Ortiz")
    for words in ("10:00 AM", "12:00 PM", "Tint 1", "Ceramic Tint", "2021 Toyota Camry", visit.public_id):
        assert words in shown
    # The day's grid begins with the opening at nine: an hour down, two hours long, in the first bay.
    assert "at-h1 at-m0 for-h2 for-m0 col-0" in shown


def test_a_hold_says_how_long_it_has_left_and_is_gone_after(desk, cast, bays):
    booking.hold(make_wish(cast.lead), NOW)
    db.session.commit()
    assert "Held, 5 min left" in card(page(desk).text, "Lea Ortiz")
    clock.use(lambda: NOW + timedelta(minutes=3, seconds=10))
    assert "Held, 2 min left" in card(page(desk).text, "Lea Ortiz")
    clock.use(lambda: NOW + timedelta(minutes=6))
    assert "Lea Ortiz" not in page(desk).text


def test_what_its_customer_has_confirmed_says_so(desk, cast, bays):
    visit = book(cast.lead)
    assert "Confirmed" not in card(page(desk).text, "Lea Ortiz")
    booking.confirm(visit.id, booking.CUSTOMER, NOW)
    db.session.commit()
    assert "Confirmed" in card(page(desk).text, "Lea Ortiz")
    assert "Confirmed" in desk.get(f"/staff/calendar/appointments/{visit.public_id}").text


def test_done_and_missed_visits_stay_and_cancelled_ones_go(desk, cast, bays):
    visits = {}
    for name, hours in (("Dora", 0), ("Nina", 3), ("Cal", 6)):
        lead = make_lead(cast.store, customer=make_customer(cast.store.company, first_name=name, last_name="Came"))
        visits[name] = book(lead, TEN + hours * HOUR)
    later = TEN + 8 * HOUR
    booking.done(visits["Dora"].id, booking.staff("Ana"), later)
    booking.no_show(visits["Nina"].id, booking.staff("Ana"), later)
    booking.cancel(visits["Cal"].id, booking.staff("Ana"), NOW)
    db.session.commit()
    text = page(desk).text
    assert "Done" in card(text, "Dora Came")
    assert "No-show" in card(text, "Nina Came")
    assert "Cal Came" not in text


def test_what_shopmonkey_holds_takes_one_bay_each_and_a_surplus_is_a_conflict(desk, cast, bays):
    for number in range(3):
        db.session.add(
            BusyTime(
                company_id=cast.store.company_id, location_id=cast.store.id, shopmonkey_id=f"sm-{number}",
                name=f"Walk-in {number}", starts_at=TEN, ends_at=TEN + HOUR,
            )
        )  # fmt: skip
        db.session.flush()
    db.session.commit()
    text = page(desk).text
    first, second, third = (card(text, f"Walk-in {number}") for number in range(3))
    assert "col-0" in first
    assert "col-1" in second
    assert "No bay is free" in third
    assert "lane-1 of-2" in third
    assert "No bay is free" not in first + second
    assert "ShopMonkey" in first


def test_blocks_are_shown_and_a_visit_under_one_is_marked(desk, cast, bays):
    visit = book(cast.lead)
    db.session.add(
        Block(location_id=cast.store.id, starts_at=TEN, ends_at=TEN + HOUR, why="Fire drill", by="Sam", bay_id=None)
    )
    db.session.commit()
    text = page(desk).text
    assert "col-all" in card(text, "Fire drill")
    assert "Whole store" in card(text, "Fire drill")
    assert "The bay is blocked then" in card(text, visit.public_id)


def test_a_visit_on_a_day_that_was_closed_after_it_is_marked(desk, cast, bays):
    visit = book(cast.lead)
    add_special_days(cast.store.id, "Inventory", TUESDAY, TUESDAY)
    db.session.commit()
    text = page(desk).text
    assert "Inventory" in text
    assert "Closed" in text
    assert "The store is closed then" in card(text, visit.public_id)


def test_the_present_moment_stands_between_what_was_and_what_comes(desk, cast, bays):
    book(cast.lead, NOW + 5 * HOUR)
    clock.use(lambda: NOW + 4 * HOUR)
    text = page(desk, NOW.date()).text
    assert "now at-h3 at-m0" in text
    assert text.index("Now </span>12:00 PM") < text.index("Lea Ortiz")
    assert "Now </span>" not in page(desk, TUESDAY).text


def test_the_week_has_every_day_with_hours_and_bays(desk, cast, bays):
    book(cast.lead)
    text = page(desk, view="week").text
    for words in ("Mon 30", "Sun 6", "9 AM – 6 PM", "Closed", "Tint 1", "Tint 2", "Lea Ortiz", "Nov 30 – Dec 6"):
        assert words in text
    assert "day=2026-12-08" in text


def test_a_visit_over_night_stands_on_both_days(desk, cast, bays):
    wish = make_wish(cast.lead, services=[tint(minutes=720)])
    visit = booking.book(wish, NOW)
    db.session.commit()
    assert visit.ends_at.date() > TUESDAY
    assert "Lea Ortiz" in page(desk, TUESDAY + timedelta(days=1)).text
    assert page(desk, view="week").text.count("Lea Ortiz") == 2


@pytest.mark.parametrize("day", ["2026-11-01", "2027-03-14"])
def test_a_day_of_the_clock_change_is_drawn_whole(desk, cast, bays, day):
    on = date.fromisoformat(day)
    add_special_days(cast.store.id, "Night of tint", on, on, [(time(0), time(6))])
    db.session.commit()
    text = desk.get("/staff/calendar", query_string={"day": day}).text
    assert text.count(">1 AM<") == (2 if day == "2026-11-01" else 1)
    assert text.count(">2 AM<") == (0 if day == "2027-03-14" else 1)


def test_days_and_stores_that_are_odd_show_today_or_nothing(desk, cast, bays):
    for day in ("", "soon", "9999-99-99", "0001-01-01"):
        assert "Monday, November 30" in desk.get("/staff/calendar", query_string={"day": day}).text
    for store in (cast.other_store.id, 999_999, "x", 10**30):
        assert desk.get("/staff/calendar", query_string={"store": store}).status_code == 404


def test_nothing_of_another_store_is_shown(desk, cast, bays):
    make_bay(cast.other_store, "tint", name="Boulder bay")
    book(cast.strangers_lead, TEN + 2 * HOUR)
    for view in ("", "week"):
        text = page(desk, view=view).text
        assert "Dan Boulder" not in text
        assert "Boulder" not in text
    assert "Dan Boulder" not in desk.get("/staff/calendar/today", query_string={"day": "2026-12-01"}).text


def test_who_has_several_stores_comes_back_to_the_one_looked_at_last(app, cast, bays):
    frances = sign_in(app.test_client(), make_staff(cast.store, "franchise_admin"))
    assert cast.other_store.name in frances.get("/staff/calendar").text
    frances.get("/staff/calendar", query_string={"store": cast.store.id})
    assert f'value="{cast.store.id}" selected' in frances.get("/staff/calendar").text


def test_who_has_no_store_is_told_so(app, cast):
    nobody = sign_in(app.test_client(), make_staff(cast.store, locations=[]))
    assert "No store is yours yet" in nobody.get("/staff/calendar").text


def test_an_open_calendar_is_sent_again_only_when_something_changed(desk, cast, bays):
    headers = {"HX-Request": "true"}
    where = {"store": cast.store.id, "day": "2026-12-01"}
    shown = desk.get("/staff/calendar", query_string=where, headers=headers).text
    version = shown.split('{"shown": "')[1].split('"')[0]
    again = {**where, "shown": version}
    assert desk.get("/staff/calendar", query_string=again, headers=headers).status_code == 204
    book(cast.lead)
    changed = desk.get("/staff/calendar", query_string=again, headers=headers)
    assert "Lea Ortiz" in changed.text
    assert "<html" not in changed.text


def test_todays_list_has_what_the_counter_needs(desk, cast, bays):
    visit = book(cast.lead, note="Blue tape on mirrors")
    contact = Contact("Walker Smith", "+19545550177")
    book(cast.lead, TEN + 3 * HOUR, actor=booking.staff("Ana"), lead_id=None, contact=contact)
    text = desk.get("/staff/calendar/today", query_string={"day": "2026-12-01"}).text
    for words in ("Lea Ortiz", "2021 Toyota Camry", "Ceramic Tint", "Tint 1", "$299", "Blue tape on mirrors",
                  "Walker Smith", "(954) 555-0177", "2 visits", visit.public_id):  # fmt: skip
        assert words in text
    assert "No visits on this day" in desk.get("/staff/calendar/today").text


def test_hostile_names_stay_text(desk, cast, bays):
    cast.lead.customer.first_name = "<script>alert(1)</script>"
    visit = book(cast.lead, note="<img src=x>")
    for path in (
        "?day=2026-12-01",
        "?day=2026-12-01&view=week",
        "/today?day=2026-12-01",
        f"/appointments/{visit.public_id}",
    ):
        text = desk.get(f"/staff/calendar{path}").text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def queries(desk, path):
    count = []
    watch = lambda *_: count.append(1)  # noqa: E731
    db.session.expire_all()
    event.listen(db.engines[None], "before_cursor_execute", watch)
    try:
        assert desk.get(path).status_code == 200
    finally:
        event.remove(db.engines[None], "before_cursor_execute", watch)
    return len(count)


@pytest.mark.parametrize("path", ["?day=2026-12-01", "?day=2026-12-01&view=week", "/today?day=2026-12-01"])
def test_the_number_of_queries_does_not_grow_with_what_is_shown(desk, cast, bays, path):
    book(cast.lead)
    few = queries(desk, f"/staff/calendar{path}")
    for number in range(6):
        lead = make_lead(cast.store, customer=make_customer(cast.store.company, first_name=f"More{number}"))
        book(lead, TEN + timedelta(hours=2.5 * (number // 2 + 1) if number < 4 else 24 + 3 * (number - 4)))
        db.session.add(
            BusyTime(
                company_id=cast.store.company_id, location_id=cast.store.id, shopmonkey_id=f"sm-{number}",
                starts_at=TEN, ends_at=TEN + HOUR,
            )
        )  # fmt: skip
        make_bay(cast.store, "lift", name=f"Lift {number}")
    db.session.commit()
    assert queries(desk, f"/staff/calendar{path}") == few
    assert few <= 20
