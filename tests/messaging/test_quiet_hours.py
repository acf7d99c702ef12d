"""Quiet hours: never outside the window, in any zone, across both clock changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messaging import quiet_hours
from app.messaging.places import Place
from app.messaging.quiet_hours import MARGIN, Limits

ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Anchorage", "Pacific/Honolulu", "America/St_Johns", "America/Halifax", "America/Toronto", "America/Regina",
    "America/Vancouver", "America/Puerto_Rico",
)  # fmt: skip
CANADA = {
    "America/St_Johns", "America/Halifax", "America/Toronto", "America/Regina", "America/Vancouver"
}  # fmt: skip


def at(zones):
    return [Place(zone) for zone in zones]


def next_allowed(now, zones, *given):
    return quiet_hours.next_allowed(now, at(zones), *given)


def time_left(now, zones):
    return quiet_hours.time_left(now, at(zones))


year = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
near_changes = st.builds(
    lambda start, minutes: start + timedelta(minutes=minutes),
    st.sampled_from([datetime(2026, 3, 7, 12, tzinfo=UTC), datetime(2026, 10, 31, 12, tzinfo=UTC)]),
    st.integers(0, 3 * 24 * 60),
)
zones = st.lists(st.sampled_from(ZONES), min_size=1, max_size=3)


def inside(moment: datetime, zone: str) -> bool:
    """The window by the wall clock alone, told apart from the code under test."""
    wall = moment.astimezone(ZoneInfo(zone))
    opens, closes = (time(12), time(18)) if wall.weekday() == 6 else (time(9), time(20))
    if wall.weekday() == 5 and zone in CANADA:
        opens, closes = time(10), time(18)
    return opens <= wall.time() < closes


@given(year | near_changes, zones)
def test_what_goes_out_goes_out_in_the_window_of_every_zone(now, places):
    moment = next_allowed(now, places)
    assert moment >= now
    assert all(inside(moment, zone) for zone in places)
    assert all(inside(moment + time_left(moment, places) - timedelta(seconds=1), zone) for zone in places)
    assert time_left(moment, places) > MARGIN


@given(year | near_changes, zones)
def test_nothing_waits_that_need_not(now, places):
    moment = next_allowed(now, places)
    step = timedelta(minutes=10)
    while now < moment - step:
        allowed_a_while = all(inside(now, zone) and inside(now + MARGIN, zone) for zone in places)
        assert not allowed_a_while, now
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
        # The night in which the clock goes forward, and the one in which it goes back.
        ("2026-03-07T21:00", "America/New_York", "2026-03-08T12:00"),
        ("2026-10-31T21:00", "America/Denver", "2026-11-01T12:00"),
    ],
)
def test_the_wall_clock_decides(now, zone, expected):
    place = ZoneInfo(zone)
    moment = datetime.fromisoformat(now).replace(tzinfo=place).astimezone(UTC)
    assert next_allowed(moment, [zone]).astimezone(place).replace(tzinfo=None).isoformat(timespec="minutes") == expected


def test_where_zones_disagree_the_latest_decides():
    nine_in_new_york = datetime(2026, 11, 24, 14, tzinfo=UTC)
    assert next_allowed(nine_in_new_york, ["America/New_York"]) == nine_in_new_york
    both = next_allowed(nine_in_new_york, ["America/New_York", "America/Los_Angeles"])
    assert both == datetime(2026, 11, 24, 17, tzinfo=UTC)


@pytest.mark.parametrize("unknown", [[], [""], ["Mars/Olympus"], ["America/New_York", "Mars/Olympus"], ["../etc"]])
def test_an_unknown_zone_is_no_zone(unknown):
    assert next_allowed(datetime(2026, 11, 24, 15, tzinfo=UTC), unknown) is None


def test_hours_that_never_meet_allow_nothing():
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    apart = Limits(time(9), time(10))
    assert next_allowed(noon, ["America/New_York", "America/Los_Angeles"], apart) is None
    assert next_allowed(noon, ["America/New_York"], apart) == datetime(2026, 11, 24, 14, tzinfo=UTC)
