"""A touch point whose text did not arrive is tried once more; one that staff paused stays paused."""

from datetime import UTC, datetime, timedelta

from app.touchpoints.models import TouchPoint

LATER = datetime(2026, 11, 2, 15, tzinfo=UTC) + timedelta(hours=4)


def test_what_was_done_and_did_not_arrive_is_planned_again():
    touch_point = TouchPoint(status="done")
    touch_point.postpone(LATER, "The phone is out of reach: one more try follows")
    assert (touch_point.status, touch_point.due_at) == ("planned", LATER)


def test_a_paused_one_stays_paused():
    touch_point = TouchPoint(status="paused")
    touch_point.postpone(LATER, "Quiet hours")
    assert touch_point.status == "paused"
