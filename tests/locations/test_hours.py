from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.locations.days import add_special_days, open_now
from app.locations.hours import clock_wording, open_state
from tests.factories.locations import make_location

NEW_YORK = "America/New_York"
WEEKDAYS = [(day, time(9), time(18)) for day in range(5)]
SPLIT = [(0, time(8), time(12)), (0, time(13), time(17))]


def at(*parts: int, zone: str = NEW_YORK) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "wording"),
    [
        (at(2026, 11, 23, 12), "Open until 6 PM"),
        (at(2026, 11, 23, 9), "Open until 6 PM"),
        (at(2026, 11, 23, 8, 59), "Opens at 9 AM"),
        (at(2026, 11, 23, 18), "Opens tomorrow at 9 AM"),
        (at(2026, 11, 27, 18), "Opens Monday at 9 AM"),
        (at(2026, 11, 28, 12), "Opens Monday at 9 AM"),
        (at(2026, 11, 29, 12), "Opens tomorrow at 9 AM"),
    ],
)
def test_what_the_customer_reads(now, wording):
    assert open_state(WEEKDAYS, NEW_YORK, now).wording == wording


def test_a_lunch_break_is_closed_and_ends_today():
    assert open_state(SPLIT, NEW_YORK, at(2026, 11, 23, 12, 30)).wording == "Opens at 1 PM"
    assert open_state(SPLIT, NEW_YORK, at(2026, 11, 23, 11)).wording == "Open until 12 PM"


def test_a_special_day_has_its_own_hours_or_none():
    special = {date(2026, 11, 26): [], date(2026, 11, 27): [(time(10), time(14))]}
    for now, wording in (
        (at(2026, 11, 25, 19), "Opens Friday at 10 AM"),
        (at(2026, 11, 26, 12), "Opens tomorrow at 10 AM"),
        (at(2026, 11, 27, 12), "Open until 2 PM"),
        (at(2026, 11, 27, 15), "Opens Monday at 9 AM"),
    ):
        assert open_state(WEEKDAYS, NEW_YORK, now, special).wording == wording


def test_a_store_counts_its_special_days(app):
    store = make_location()
    add_special_days(store.id, "Thanksgiving", date(2026, 11, 26), date(2026, 11, 26))
    assert open_now(store, at(2026, 11, 26, 12)).wording == "Opens tomorrow at 9 AM"
    assert open_now(store, at(2026, 11, 27, 12)).wording == "Open until 6 PM"
    assert not open_now(make_location(hours=False), at(2026, 11, 27, 12)).known


def test_stretches_that_touch_are_one():
    hours = [(0, time(8), time(12)), (0, time(12), time(17))]

    assert open_state(hours, NEW_YORK, at(2026, 11, 23, 9)).wording == "Open until 5 PM"


def test_a_store_open_once_a_week_says_which_day():
    state = open_state([(0, time(9), time(10))], NEW_YORK, at(2026, 11, 23, 11))

    assert state.wording == "Opens Monday at 9 AM"
    assert state.days_ahead == 7


def test_without_hours_nothing_is_claimed():
    state = open_state([], NEW_YORK, at(2026, 11, 23, 12))

    assert not state.known
    assert state.wording == ""


def test_the_same_moment_differs_by_zone():
    now = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)

    assert open_state(WEEKDAYS, NEW_YORK, now).open
    assert not open_state(WEEKDAYS, "America/Denver", now).open


@pytest.mark.parametrize(("day", "offset"), [(7, -5), (9, -4)])
def test_opening_follows_the_store_s_clock_over_the_change_to_summer_time(day, offset):
    every_day = [(weekday, time(9), time(18)) for weekday in range(7)]

    opens = open_state(every_day, NEW_YORK, at(2026, 3, day, 7)).changes_at

    assert opens.hour == 9
    assert opens.utcoffset() == timedelta(hours=offset)


def test_half_hours_are_written_out():
    assert clock_wording(datetime(2026, 1, 1, 0, 30, tzinfo=UTC)) == "12:30 AM"


stretches = st.builds(
    lambda day, opens, length: (
        day,
        time(opens // 60, opens % 60),
        time((opens + length) // 60, (opens + length) % 60),
    ),
    st.integers(0, 6),
    st.integers(0, 1200),
    st.integers(1, 239),
)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from([NEW_YORK, "America/Denver", "America/Phoenix", "Pacific/Honolulu", "Australia/Lord_Howe"])


@given(st.lists(stretches, min_size=1, max_size=10), zones, moments)
def test_open_is_what_the_store_s_wall_clock_says(hours, zone, now):
    state = open_state(hours, zone, now)
    here = now.astimezone(ZoneInfo(zone))

    assert state.known
    assert state.changes_at > now
    assert state.changes_at - now <= timedelta(days=8)
    # the hour that a clock change skips or repeats is written differently by different people: leave it out
    if here.utcoffset() == (here + timedelta(hours=3)).utcoffset() == (here - timedelta(hours=3)).utcoffset():
        wall = here.time()
        assert state.open == any(day == here.weekday() and opens <= wall < closes for day, opens, closes in hours)


@given(st.lists(stretches, min_size=1, max_size=10), zones, moments)
def test_nothing_changes_before_it_is_said_to(hours, zone, now):
    state = open_state(hours, zone, now)

    just_before = open_state(hours, zone, state.changes_at.astimezone(UTC) - timedelta(microseconds=1))

    assert just_before.open == state.open
    assert just_before.changes_at == state.changes_at
