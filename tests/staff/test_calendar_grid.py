"""Where things stand in a day's grid: nothing in a bay covers anything else, whatever stands there."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.locations.opening import DAY, Opening, midnight
from app.staff.calendar_grid import Entry, closed_bands, hour_marks, places, shown_span, vertical

ZONE = ZoneInfo("America/New_York")
DAY_START = midnight(date(2026, 12, 1), ZONE)
SPAN = (DAY_START, DAY_START + DAY)
FIVE = timedelta(minutes=5)


def entry(number: int, start: int, length: int, bay: int | None = 1, kind: str = "booked") -> Entry:
    """`start` and `length` in steps of five minutes."""
    return Entry(kind, str(number), DAY_START + start * FIVE, DAY_START + (start + length) * FIVE, bay, "Somebody")


def box(place: str) -> dict[str, int]:
    return {name: int(number) for name, number in re.findall(r"(at-h|at-m|for-h|for-m|col-|lane-|of-)(\d+)", place)}


def rows(place: str) -> range:
    found = box(place)
    first = found["at-h"] * 12 + found["at-m"]
    return range(first, first + found["for-h"] * 12 + found["for-m"])


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 280), st.integers(1, 60), st.integers(1, 3)), min_size=1, max_size=6))
def test_no_two_cards_cover_each_other(times):
    entries = [entry(number, start, length, bay) for number, (start, length, bay) in enumerate(times)]
    found = places(entries, [1, 2, 3], SPAN)
    assert len(found) == len(entries)
    seen: dict[tuple[int, int, int], str] = {}
    for key, place in found.items():
        where = box(place)
        assert where["lane-"] < where["of-"]
        for row in rows(place):
            # Two in one bay at one time share its width, and agree on how it is shared.
            for (col, lane, at), other in seen.items():
                if (col, at) == (where["col-"], row):
                    assert lane != where["lane-"], (key, other)
                    assert box(found[other])["of-"] == where["of-"]
            seen[where["col-"], where["lane-"], row] = key


def test_times_stand_at_their_five_minutes_and_are_cut_where_the_grid_ends():
    begins = DAY_START + timedelta(hours=9)
    span = (begins, begins + timedelta(hours=9))
    at = vertical(begins + timedelta(hours=1, minutes=10), begins + timedelta(hours=3), span)
    assert at == "at-h1 at-m2 for-h1 for-m10"
    assert vertical(begins - DAY, begins + DAY, span) == "at-h0 at-m0 for-h9 for-m0"
    assert vertical(begins, begins + timedelta(minutes=1), span).endswith("for-h0 for-m1")


def test_the_grid_shows_what_is_open_and_what_stands_outside():
    opening = Opening(date(2026, 12, 1), DAY_START + timedelta(hours=9), DAY_START + timedelta(hours=17, minutes=30))
    assert shown_span(SPAN, ZONE, [opening], []) == (opening.opens, DAY_START + timedelta(hours=18))
    early = entry(1, 12 * 7 + 3, 6)
    assert shown_span(SPAN, ZONE, [opening], [early])[0] == DAY_START + timedelta(hours=7)
    closed = shown_span(SPAN, ZONE, [], [])
    assert closed[1] - closed[0] == timedelta(hours=9)
    over_night = entry(2, -100, 600)
    assert shown_span(SPAN, ZONE, [opening], [over_night]) == SPAN


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 11, 1), 25), (date(2027, 3, 14), 23), (date(2026, 12, 1), 24)])
def test_a_day_has_as_many_hours_as_the_clock_gives_it(day, hours):
    span = (midnight(day, ZONE), midnight(day + DAY, ZONE))
    marks = hour_marks(span, ZONE)
    assert len(marks) == hours
    assert [mark.words for mark in marks].count("1 AM") == (2 if hours == 25 else 1)
    assert [mark.words for mark in marks].count("2 AM") == (0 if hours == 23 else 1)


def test_what_is_closed_is_shaded_breaks_included():
    begins = DAY_START + timedelta(hours=8)
    openings = [
        Opening(date(2026, 12, 1), begins + timedelta(hours=1), begins + timedelta(hours=4)),
        Opening(date(2026, 12, 1), begins + timedelta(hours=5), begins + timedelta(hours=9)),
    ]
    bands = closed_bands(openings, (begins, begins + timedelta(hours=10)))
    assert bands == ["at-h0 at-m0 for-h1 for-m0", "at-h4 at-m0 for-h1 for-m0", "at-h9 at-m0 for-h1 for-m0"]
    assert closed_bands([], SPAN) == ["at-h0 at-m0 for-h24 for-m0"]


def test_every_place_has_its_class_in_the_stylesheet():
    from app.web.assets import STATIC

    known = set(re.findall(r"\.([a-z]+-[a-z]*\d+) \{", (STATIC / "css/staff/calendar_places.css").read_text()))
    longest = [entry(number, 0, 299, bay=number % 40) for number in range(80)]
    span = (datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 2, 5, tzinfo=UTC))
    used = {name for place in places(longest, list(range(40)), SPAN).values() for name in place.split()}
    used |= {name for mark in hour_marks(span, ZONE) for name in mark.place.split()}
    used |= {f"cols-{n}" for n in range(1, 42)} | {f"hours-{n}" for n in range(1, 26)}
    used |= {f"{part}{n}" for part in ("at-m", "for-m") for n in range(12)} | {f"for-h{n}" for n in range(26)}
    assert used <= known
