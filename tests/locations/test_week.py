from datetime import time

import pytest

from app.locations.week import HoursRefused, check_week, parse_week

MONDAY, SATURDAY = 0, 5


def test_a_line_of_hours_becomes_a_week_with_its_breaks():
    assert parse_week("Mon-Tue 9-12:30,13:30-18; sat 9:00-15:00") == [
        (0, time(9), time(12, 30)),
        (0, time(13, 30), time(18)),
        (1, time(9), time(12, 30)),
        (1, time(13, 30), time(18)),
        (5, time(9), time(15)),
    ]


def test_days_may_run_over_the_weekend():
    assert [day for day, _, _ in parse_week("Sat-Mon 9-12")] == [0, 5, 6]


@pytest.mark.parametrize("text", ["Mon", "Mon 9", "Mon 25-26", "Mon 9-12:75", "Someday 9-12", "9-12", "Mon nine-five"])
def test_what_is_no_hours_is_said_so(text):
    with pytest.raises(ValueError, match=r"write times|name days"):
        parse_week(text)


def test_no_text_is_no_hours():
    assert parse_week(" ; ") == []


def test_overlaps_are_refused_with_their_day():
    with pytest.raises(HoursRefused, match="Saturday: the hours overlap: one stretch ends at 1:00 PM") as refused:
        check_week([(SATURDAY, time(12), time(18)), (MONDAY, time(9), time(18)), (SATURDAY, time(9), time(13))])
    assert set(refused.value.days) == {SATURDAY}


def test_stretches_that_touch_do_not_overlap():
    hours = [(MONDAY, time(9), time(12)), (MONDAY, time(12), time(18))]
    assert check_week(hours[::-1]) == hours


@pytest.mark.parametrize("closes", [time(9), time(8), time(0)])
def test_a_day_closes_after_it_opens(closes):
    with pytest.raises(HoursRefused, match="is not after 9:00 AM"):
        check_week([(MONDAY, time(9), closes)])
