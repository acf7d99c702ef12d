"""The laws as data: each with its source, applied together, and never wider than any of them."""

from datetime import date, time

import pytest

from app.lib.regions import REGIONS
from app.messaging import law

EVERYWHERE = [(zone, code) for code, (_, zones) in REGIONS.items() for zone in zones]


def test_every_law_says_where_and_when_it_was_read():
    rows = [law.HOUSE, law.UNITED_STATES, law.CANADA, *law.STATES.values()]
    for row in rows:
        assert len(row.week) == 7
        assert len(row.source) > 8
        assert date(2026, 11, 1) <= row.checked <= date.today()  # noqa: DTZ011
    assert set(law.STATES) <= set(REGIONS)
    assert set(REGIONS) >= law.PROVINCES


@pytest.mark.parametrize(("zone", "region"), EVERYWHERE)
def test_nowhere_is_anything_allowed_that_a_law_forbids(zone, region):
    for weekday in range(7):
        opens, closes = law.window_at(zone, region, weekday)
        for row in law.laws_at(zone, region):
            begin, end = row.week[weekday]
            assert opens >= closes or (begin <= opens and closes <= end)
    assert law.most_in_24_hours(zone, region) <= 3


@pytest.mark.parametrize(
    ("zone", "region", "weekday", "window"),
    [
        ("America/New_York", None, 0, (time(9), time(20))),
        ("America/New_York", "RI", 2, (time(9), time(18))),
        ("America/New_York", "RI", 5, (time(10), time(17))),
        ("America/New_York", "RI", 6, (time(12), time(17))),
        ("America/Chicago", "TX", 6, (time(12), time(18))),
        ("America/New_York", "KY", 1, (time(10), time(20))),
        ("America/Chicago", "AL", 6, law.NEVER),
        ("America/Toronto", "ON", 4, (time(9), time(20))),
        ("America/Toronto", "ON", 5, (time(10), time(18))),
        # Whoever is in a Canadian zone is in Canada, although nobody knows the province.
        ("America/Vancouver", None, 5, (time(10), time(18))),
    ],
)
def test_the_narrowest_of_all_that_apply_holds(zone, region, weekday, window):
    assert law.window_at(zone, region, weekday) == window


def test_every_zone_of_a_province_is_known_as_canadian_or_shared_with_a_state():
    shared = {zone for code, (_, zones) in REGIONS.items() if code not in law.PROVINCES for zone in zones}
    for code in law.PROVINCES:
        assert set(REGIONS[code][1]) <= law.CANADIAN_ZONES | shared
    assert not law.CANADIAN_ZONES & shared
