"""Quiet hours: never outside the window, at any place, across both clock changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messaging.places import Place
from app.messaging.quiet_hours import MARGIN, NO_LIMITS, Limits, local_words, next_allowed, time_left, zone_known
from tests.messaging.wall_clock import PLACES, inside

year = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
near_changes = st.builds(
    lambda start, minutes: start + timedelta(minutes=minutes),
    st.sampled_from([datetime(2026, 3, 7, 12, tzinfo=UTC), datetime(2026, 10, 31, 12, tzinfo=UTC)]),
    st.integers(0, 3 * 24 * 60),
)
places = st.lists(st.sampled_from(PLACES), min_size=1, max_size=3)
hours = st.none() | st.times(time(9), time(20))
limits = st.just(NO_LIMITS) | st.builds(Limits, hours, hours)


def at(zone):
    return [Place(zone)]


def allowed(moment, places, limits):
    return all(inside(moment, place, limits.opens, limits.closes) for place in places)


@given(year | near_changes, places, limits)
def test_what_goes_out_goes_out_in_the_window_of_every_place(now, places, limits):
    moment = next_allowed(now, places, limits)
    if moment is None:
        return
    assert moment >= now
    assert allowed(moment, places, limits)
    assert allowed(moment + time_left(moment, places, limits) - timedelta(seconds=1), places, limits)
    assert time_left(moment, places, limits) > MARGIN


@given(year | near_changes, places, limits)
def test_nothing_waits_that_need_not(now, places, limits):
    moment = next_allowed(now, places, limits) or now + timedelta(days=7)
    step = timedelta(minutes=10)
    while now < moment - step:
        assert not (allowed(now, places, limits) and allowed(now + MARGIN, places, limits)), now
        now += step


@pytest.mark.parametrize(
    ("now", "zone", "expected"),
    [
        ("2026-11-24T15:00", "America/New_York", "2026-11-24T15:00"),
        ("2026-11-24T08:59", "America/New_York", "2026-11-24T09:00"),
        ("2026-11-24T19:58", "America/New_York", "2026-11-24T19:58"),
        ("2026-11-24T19:59:30", "America/New_York", "2026-11-25T09:00"),
        ("2026-11-28T20:00", "America/New_York", "2026-11-29T12:00"),
        ("2026-11-29T18:00", "America/New_York", "2026-11-30T09:00"),
        ("2026-11-28T09:00", "America/Toronto", "2026-11-28T10:00"),
        # The night in which the clock goes forward, and the one in which it goes back.
        ("2026-03-07T21:00", "America/New_York", "2026-03-08T12:00"),
        ("2026-10-31T21:00", "America/Denver", "2026-11-01T12:00"),
    ],
)
def test_the_wall_clock_decides(now, zone, expected):
    place = ZoneInfo(zone)
    moment = datetime.fromisoformat(now).replace(tzinfo=place).astimezone(UTC)
    allowed = next_allowed(moment, at(zone))
    assert allowed.astimezone(place).replace(tzinfo=None).isoformat(timespec="minutes") == expected


def test_a_sunday_without_hours_is_left_out():
    sunday_noon = datetime(2026, 11, 29, 18, tzinfo=UTC)
    monday = datetime(2026, 11, 30, 15, tzinfo=UTC)
    assert next_allowed(sunday_noon, [Place("America/Chicago", "AL")]) == monday


def test_where_places_disagree_the_latest_decides():
    nine_in_new_york = datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert next_allowed(nine_in_new_york, at("America/New_York")) == nine_in_new_york
    both = next_allowed(nine_in_new_york, at("America/New_York") + at("America/Los_Angeles"))
    assert both == datetime(2026, 11, 24, 17, tzinfo=UTC)


@pytest.mark.parametrize("unknown", [[], [""], ["Mars/Olympus"], ["America/New_York", "Mars/Olympus"], ["../etc"]])
def test_an_unknown_zone_is_no_zone(unknown):
    places = [Place(zone) for zone in unknown]
    assert next_allowed(datetime(2026, 11, 24, 15, tzinfo=UTC), places) is None
    assert not zone_known(places)


def test_hours_that_never_meet_allow_nothing():
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    apart = Limits(time(9), time(10))
    assert next_allowed(noon, at("America/New_York") + at("America/Los_Angeles"), apart) is None
    assert next_allowed(noon, at("America/New_York"), apart) == datetime(2026, 11, 24, 14, tzinfo=UTC)


def test_limits_only_take_away():
    eight = datetime(2026, 11, 24, 13, tzinfo=UTC)
    wider = Limits(time(6), time(23))
    assert next_allowed(eight, at("America/New_York"), wider) == next_allowed(eight, at("America/New_York"))


def test_the_recipients_clock_is_told_in_words():
    moment = datetime(2026, 11, 25, 17, tzinfo=UTC)
    assert local_words(moment, at("America/New_York")) == "12:00 PM on Wednesday, November 25 (EST)"
    assert local_words(moment, at("America/New_York") + at("America/Los_Angeles")).startswith("9:00 AM on Wednesday")
