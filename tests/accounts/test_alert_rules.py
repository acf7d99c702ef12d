"""Who is told, in which order, and when they are left alone."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

import pytest

from app.accounts.alert_rules import ladder, quiet_until

ZONE = "America/New_York"


@dataclass(frozen=True)
class One:
    name: str
    role: str
    alert_by: str = "email"


ANA, BEN = One("Ana", "advisor"), One("Ben", "advisor", "none")
SAM, FRANCES = One("Sam", "store_manager", "sms"), One("Frances", "franchise_admin")


def test_advisors_come_first_then_managers_then_the_franchise():
    assert ladder([FRANCES, SAM, BEN, ANA]) == [[ANA], [SAM], [FRANCES]]


def test_a_store_without_a_told_advisor_begins_with_its_manager():
    assert ladder([BEN, SAM]) == [[SAM]]
    assert ladder([BEN]) == []


@pytest.mark.parametrize(
    ("now", "begins", "ends", "over"),
    [
        (datetime(2026, 11, 27, 3, 0, tzinfo=UTC), time(21), time(7), datetime(2026, 11, 27, 12, 0, tzinfo=UTC)),
        (datetime(2026, 11, 27, 11, 59, tzinfo=UTC), time(21), time(7), datetime(2026, 11, 27, 12, 0, tzinfo=UTC)),
        (datetime(2026, 11, 27, 12, 0, tzinfo=UTC), time(21), time(7), None),
        (datetime(2026, 11, 27, 17, 30, tzinfo=UTC), time(12), time(13), datetime(2026, 11, 27, 18, 0, tzinfo=UTC)),
        (datetime(2026, 11, 27, 17, 30, tzinfo=UTC), time(12), time(12), None),
        (datetime(2026, 11, 27, 3, 0, tzinfo=UTC), None, time(7), None),
        # The night in which clocks go forward: seven by the wall is an hour sooner.
        (datetime(2026, 3, 8, 5, 0, tzinfo=UTC), time(21), time(7), datetime(2026, 3, 8, 11, 0, tzinfo=UTC)),
    ],
)
def test_quiet_time_is_by_the_stores_clock(now, begins, ends, over):
    assert quiet_until(now, ZONE, begins, ends) == over
