from datetime import UTC, datetime

import pytest

from app.staff.times import when

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "shown"),
    [
        (NOW, "America/New_York", "3:15 PM EST"),
        (NOW, "America/Denver", "1:15 PM MST"),
        (datetime(2026, 11, 23, 4, 30, tzinfo=UTC), "America/New_York", "Nov 22, 11:30 PM EST"),
        (datetime(2026, 7, 4, 16, 5, tzinfo=UTC), "America/New_York", "Jul 4, 12:05 PM EDT"),
        (datetime(2025, 12, 31, 17, 0, tzinfo=UTC), "America/New_York", "Dec 31 2025, 12:00 PM EST"),
    ],
)
def test_times_are_the_stores(at, zone, shown):
    assert when(at, zone, NOW) == shown
