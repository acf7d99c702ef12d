"""When a step is due, in every zone and across clock changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.touchpoints.due_times import days_to_catch_up, due_at, first_day, moved, spread_of

ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/St_Johns", "America/Halifax", "America/Toronto",
    "America/Regina", "America/Vancouver", "America/Puerto_Rico",
)  # fmt: skip
NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)

arrivals = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
zones = st.sampled_from(ZONES)
days = st.integers(0, 120)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(arrivals, zones, days, times)
@example(datetime(2027, 3, 13, 15, tzinfo=UTC), "America/New_York", 1, time(2, 30))
@example(datetime(2026, 10, 31, 15, tzinfo=UTC), "America/New_York", 1, time(1, 30))
def test_it_is_that_local_day_and_time_unless_the_clock_skips_it(arrived, zone, day, at):
    place = ZoneInfo(zone)
    local = due_at(arrived, zone, day, at, None).astimezone(place)
    wanted = datetime.combine(first_day(arrived, place) + timedelta(days=day), at)
    assert abs(local.replace(tzinfo=None) - wanted) in (timedelta(), timedelta(hours=1))
    exists = wanted.replace(tzinfo=place).astimezone(UTC).astimezone(place).replace(tzinfo=None) == wanted
    assert (local.replace(tzinfo=None) == wanted) is exists


@given(arrivals, zones, st.lists(days, min_size=2, max_size=5, unique=True), st.integers(1, 10**9))
def test_contacts_come_in_the_order_of_their_days(arrived, zone, several, lead_id):
    dues = [due_at(arrived, zone, day, time(10), None, spread_of(lead_id, day)) for day in sorted(several)]
    assert dues == sorted(dues)


@given(arrivals, zones)
def test_the_second_day_never_follows_within_hours(arrived, zone):
    assert due_at(arrived, zone, 1, time(8), None) - arrived >= timedelta(hours=11)


def test_the_first_contact_is_due_at_once_and_one_after_minutes_is():
    assert due_at(NOON, "America/New_York", 0, None, 0) == NOON
    assert due_at(NOON, "America/New_York", 0, None, 45) == NOON + timedelta(minutes=45)


def test_who_asks_late_in_the_evening_counts_as_of_the_next_day():
    late = datetime(2026, 11, 25, 4, tzinfo=UTC)
    assert due_at(late, "America/New_York", 1, time(10), None) == datetime(2026, 11, 26, 15, tzinfo=UTC)


def test_an_unknown_zone_counts_as_utc():
    assert due_at(NOON, "Mars/Olympus", 1, time(10), None) == datetime(2026, 11, 25, 10, tzinfo=UTC)


@given(arrivals, zones, st.integers(0, 60))
def test_moving_by_days_keeps_the_local_time(due, zone, by):
    place = ZoneInfo(zone)
    before, after = due.astimezone(place), moved(due, zone, by).astimezone(place)
    assert (after.date() - before.date()).days == by
    off = datetime.combine(after.date(), after.time()) - datetime.combine(after.date(), before.time())
    assert abs(off) in (timedelta(), timedelta(hours=1))


@pytest.mark.parametrize(("late", "by"), [(-1, 0), (0, 0), (1, 1), (24, 1), (25, 2), (24 * 7, 7)])
def test_what_is_late_moves_by_the_fewest_days_that_help(late, by):
    assert days_to_catch_up(NOON - timedelta(hours=late), NOON) == by


def test_the_spread_is_the_same_each_time_and_within_twenty_minutes():
    found = {spread_of(lead, 3) for lead in range(500)}
    assert found == set(range(20))
    assert spread_of(7, 3) == spread_of(7, 3)
