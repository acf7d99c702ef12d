"""Free times as a store would count them by hand, and the usual choices among them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.booking import around, free_slots, in_part, on_day, spread, work_of
from app.booking.models import Block, BusyTime
from app.booking.occupancy import BusyTime as Busy
from app.booking.occupancy import OpenBay, occupy
from app.booking.rules import Rules, Work, ability_for
from app.booking.slots import Slot, Times
from app.db import db
from app.locations.days import SpecialDaysRefused, add_special_days, remove_special_days, special_days_of
from app.locations.models import OpeningHours
from app.locations.opening import StoreHours
from tests.factories.booking import HOUR, NOW, TEN, make_bay, make_rules, tint
from tests.factories.locations import make_location

NINE_TO_SIX = [(day, time(9), time(18)) for day in range(6)]
WITH_LUNCH = [(day, *stretch) for day in range(5) for stretch in ((time(9), time(12)), (time(13), time(18)))]
MONDAY = date(2026, 11, 30)
TUESDAY = date(2026, 12, 1)
EVE = datetime(2026, 11, 29, 12, tzinfo=UTC)


def times(weekly=NINE_TO_SIX, bays=((1, "tint"),), special=None, zone="America/New_York", **rules) -> Times:
    hours = StoreHours(zone, weekly, special or {})
    there = [OpenBay(number, frozenset(can)) for number, *can in bays]
    return Times(hours, Rules(**{"buffer": timedelta(), "lead_time": timedelta(), **rules}), occupy(there)[0])


def starts(found: list[Slot]) -> list[str]:
    return [f"{slot.local_start:%a %H:%M}" for slot in found]


def hours(count: float) -> Work:
    return Work(timedelta(hours=count))


def test_the_last_start_leaves_time_for_the_work():
    found = times(step=HOUR).free(hours(7), MONDAY, MONDAY, EVE)
    assert starts(found) == ["Mon 09:00", "Mon 10:00", "Mon 11:00"]
    assert starts(times(step=HOUR, last_start=time(10)).free(hours(7), MONDAY, MONDAY, EVE)) == starts(found)[:2]


def test_work_rests_over_a_break_and_nobody_comes_then():
    found = times(WITH_LUNCH, step=HOUR).free(hours(2), MONDAY, MONDAY, EVE)
    assert starts(found) == [f"Mon {hour:02d}:00" for hour in (9, 10, 11, 13, 14, 15, 16)]
    assert f"{found[2].local_end:%H:%M}" == "14:00"


def test_work_longer_than_a_day_keeps_the_car_over_night_and_other_work_does_not():
    long = times(step=HOUR).free(hours(12), date(2026, 12, 4), date(2026, 12, 5), EVE)
    assert starts(long)[0] == "Fri 09:00"
    assert [f"{slot.local_end:%a %H:%M}" for slot in long if slot.local_start.hour == 17] == ["Mon 11:00", "Tue 11:00"]
    assert max(starts(times(step=HOUR).free(hours(4), TUESDAY, TUESDAY, EVE))) == "Tue 14:00"
    assert times(step=HOUR, nights=0).free(hours(12), MONDAY, TUESDAY, EVE) == []


def test_a_special_day_wins_over_the_week():
    special = {MONDAY: [], TUESDAY: [(time(12), time(14))], date(2026, 12, 6): [(time(10), time(11))]}
    found = times(special=special, step=HOUR).free(hours(1), MONDAY, TUESDAY, EVE)
    assert starts(found) == ["Tue 12:00", "Tue 13:00"]
    sunday = date(2026, 12, 6)
    assert starts(times(special=special, step=HOUR).free(hours(1), sunday, sunday, EVE)) == ["Sun 10:00"]


def test_an_hour_that_does_not_exist_is_not_offered_and_one_that_comes_twice_is_twice():
    nights = [(6, time(0), time(4))]
    spring, autumn = date(2026, 3, 8), date(2026, 11, 1)
    early = datetime(2026, 3, 1, tzinfo=UTC)
    short = times(nights, step=HOUR).free(hours(1), spring, spring, early)
    assert starts(short) == ["Sun 00:00", "Sun 01:00", "Sun 03:00"]
    long = times(nights, step=HOUR).free(hours(1), autumn, autumn, datetime(2026, 10, 20, tzinfo=UTC))
    assert starts(long) == ["Sun 00:00", "Sun 01:00", "Sun 01:00", "Sun 02:00", "Sun 03:00"]
    assert len({slot.starts_at for slot in long}) == 5


def test_choices_among_free_times():
    found = times(step=HOUR).free(hours(2), MONDAY, date(2026, 12, 4), EVE)
    assert starts(spread(found, 4)) == ["Mon 09:00", "Tue 12:00", "Wed 09:00", "Thu 12:00"]
    assert len(spread(found[:3], 5)) == 3
    assert starts(in_part(on_day(found, MONDAY), "morning")) == ["Mon 09:00", "Mon 10:00", "Mon 11:00"]
    assert starts(in_part(on_day(found, MONDAY), "afternoon"))[0] == "Mon 12:00"
    wanted = datetime(2026, 12, 1, 16, 20, tzinfo=UTC)
    assert starts(around(found, wanted, 5)) == ["Mon 11:00", "Tue 11:00", "Tue 12:00", "Wed 11:00", "Thu 11:00"]
    assert around([], wanted) == []


def test_a_visit_of_shopmonkey_takes_one_suitable_bay_and_a_surplus_is_a_conflict():
    bays = [OpenBay(1, frozenset({"tint"})), OpenBay(2, frozenset({"tint", "lift"})), OpenBay(3, frozenset({"wash"}))]
    busy = [Busy(key, TEN, TEN + HOUR, frozenset({"tint"})) for key in "abc"]
    found, conflicts = occupy(bays, busy)
    assert [bay.bay_id for bay in found if bay.is_free(TEN, TEN + HOUR)] == [3]
    assert conflicts == {"c": 1}
    assert occupy([], busy[:1]) == ([], {"a": None})


def test_a_visit_of_shopmonkey_stands_where_no_appointment_does():
    bays = [OpenBay(1, frozenset(), [(TEN, TEN + HOUR)]), OpenBay(2, frozenset())]
    found, conflicts = occupy(bays, [Busy("a", TEN, TEN + 2 * HOUR)])
    assert conflicts == {}
    assert [bay.is_free(TEN + HOUR, TEN + 2 * HOUR) for bay in found] == [True, False]


@pytest.mark.parametrize(
    ("name", "category", "needs"),
    [
        ("Full Car", "Window Tint", {"tint"}),
        ("Hood Only Clear Film", "Paint Protection Film", {"film"}),
        ("Chrome Delete", "Vehicle Wraps", {"film"}),
        ("Ceramic Coating, Three Years", "Detailing", {"coating"}),
        ("Express Detail", "Detailing", {"detail"}),
        ("Ceramic Tint, Full Car", "Other", {"tint"}),
        ("Backup Camera", "Audio", {"audio"}),
        ("Mount and Balance", "Wheels and Tires", {"lift"}),
        ("Key Fob Battery", "Other", set()),
    ],
)
def test_what_a_service_needs_is_read_from_its_category_or_name(name, category, needs):
    assert ability_for(name, category) == needs


@pytest.fixture
def store(app):
    location = make_location()
    make_bay(location)
    return location


def offered(store, first=MONDAY, last=TUESDAY) -> list[str]:
    return starts(free_slots(store.id, work_of([tint()]), NOW, first, last))


def test_blocks_and_shopmonkeys_visits_are_not_offered(store):
    make_rules(store, step_minutes=60, lead_minutes=0)
    every = offered(store, TUESDAY)
    assert every == [f"Tue {hour:02d}:00" for hour in range(9, 17)]
    db.session.add(Block(location_id=store.id, starts_at=TEN, ends_at=TEN + HOUR, why="meeting", by="Anna"))
    visit = {"company_id": store.company_id, "location_id": store.id, "shopmonkey_id": "visit"}
    db.session.add(BusyTime(**visit, starts_at=TEN + 4 * HOUR, ends_at=TEN + 5 * HOUR))
    # A buffer of a quarter of an hour keeps 11:00 from ending on the dot at one o'clock's visit.
    assert offered(store, TUESDAY) == ["Tue 11:00", "Tue 15:00", "Tue 16:00"]


def test_without_hours_or_bays_nothing_is_offered(app):
    no_bays, no_hours = make_location(), make_location(hours=False)
    make_bay(no_hours)
    assert offered(no_bays) == offered(no_hours) == []


def test_special_days_are_kept_in_words_and_hours(store):
    make_rules(store, step_minutes=60, lead_minutes=0)
    closed = add_special_days(store.id, "Stocktaking", MONDAY, TUESDAY)
    assert offered(store) == []
    add_special_days(store.id, "Late evening", TUESDAY, TUESDAY, [(time(18), time(21))])
    assert offered(store) == ["Tue 18:00", "Tue 19:00"]
    assert [days.name for days in special_days_of(store.id, MONDAY)] == ["Stocktaking", "Late evening"]
    remove_special_days(closed)
    assert offered(store)[0] == "Mon 09:00"
    for first, last, stretches in (
        (TUESDAY, MONDAY, []),
        (MONDAY, MONDAY, [(time(12), time(9))]),
        (MONDAY, MONDAY, [(time(9), time(12)), (time(11), time(13))]),
    ):
        with pytest.raises(SpecialDaysRefused):
            add_special_days(store.id, "Odd", first, last, stretches)


def test_a_bay_with_a_visit_ahead_does_not_go(store):
    from app.booking import book
    from app.booking.bays import BaysRefused, save_bays
    from tests.factories.booking import make_wish
    from tests.factories.leads import make_lead

    start = datetime.now(UTC).replace(hour=15, minute=0, second=0, microsecond=0) + timedelta(days=7)
    store.hours = [OpeningHours(weekday=day, opens=time(9), closes=time(18)) for day in range(7)]
    start = start.replace(minute=0)
    wish = make_wish(make_lead(store), start)
    book(wish, start - timedelta(days=2))
    with pytest.raises(BaysRefused, match="Move them first"):
        save_bays(store.id, [])
