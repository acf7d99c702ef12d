"""What a ledger's entries allow, by themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messaging.consent_rules import Entry, months_later, reason_against

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
NO, YES = Entry("opt_out", NOW - timedelta(days=5)), Entry("opt_in", NOW - timedelta(days=4))
BEFORE = Entry("opt_in", NOW - timedelta(days=9))
ENDED = Entry("opt_in", NOW - timedelta(days=3), NOW - timedelta(days=2))
RUNNING = Entry("opt_in", NOW - timedelta(days=1), NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("newest_first", "unasked", "asked"),
    [
        ([], "No consent to texts", None),
        ([YES], None, None),
        ([NO], "Opted out of texts on November 19, 2026", "Opted out of texts on November 19, 2026"),
        ([NO, YES], "Opted out of texts on November 19, 2026", "Opted out of texts on November 19, 2026"),
        ([YES, NO], None, None),
        ([RUNNING, NO], None, None),
        # Written down last, and said before the stop: a START that was held up on its way.
        ([BEFORE, NO], "Opted out of texts on November 19, 2026", "Opted out of texts on November 19, 2026"),
        ([ENDED], "The consent to texts ran out on November 22, 2026", None),
        # What was implied ends; what was said before it still stands.
        ([ENDED, YES], None, None),
        ([ENDED, NO, YES], "The consent to texts ran out on November 22, 2026", None),
    ],
)
def test_the_newest_opt_out_and_what_came_after_it_decide(newest_first, unasked, asked):
    assert reason_against(newest_first, "sms", NOW, asked=False) == unasked
    assert reason_against(newest_first, "sms", NOW, asked=True) == asked


@given(st.lists(st.sampled_from([YES, NO, ENDED, RUNNING])))
def test_after_a_stop_nothing_goes_out_without_a_yes_that_came_later(newest_first):
    after = newest_first[: newest_first.index(NO)] if NO in newest_first else newest_first
    allowed = reason_against(newest_first, "email", NOW, asked=False) is None
    assert allowed == (YES in after or RUNNING in after)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-01-31", "2026-07-31"),
        ("2026-08-31", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2026-06-30", "2026-12-30"),
    ],
)
def test_six_months_end_on_the_same_day_or_the_months_last(start, end):
    moment = datetime.fromisoformat(start).replace(hour=9, tzinfo=UTC)
    assert months_later(moment, 6) == datetime.fromisoformat(end).replace(hour=9, tzinfo=UTC)
