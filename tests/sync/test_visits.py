"""A visit's way to ShopMonkey's calendar, over HTTP, with all that the wire and the API do to it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.leads.models import LeadEvent
from app.sync import visit_changed
from app.sync.models import VisitPush
from tests.sync.visit_desk import TEN, Desk, desk_of
from tests.wire.calendar_server import Oddity, hang


@pytest.fixture
def desk(app, calendar) -> Iterator[Desk]:
    with desk_of(app, calendar) as running:
        yield running


def told_on_the_timeline() -> str:
    return "\n".join(db.session.scalars(select(LeadEvent.text)))


def test_a_booked_visit_stands_in_the_calendar_with_all_that_the_api_wants(desk, calendar):
    desk.tell("booked", note="Wants it dark")
    push = desk.push()
    [row] = calendar.standing
    assert (push.status, push.shopmonkey_appointment_id, push.posted) == ("done", row["id"], None)
    assert row["name"] == "Maria Alvarez · Ceramic Tint · 2021 Toyota Camry"
    assert (row["color"], row["sendConfirmation"], row["sendReminder"]) == ("blue", False, False)
    assert (row["orderId"], row["customerId"], row["vehicleId"]) == ("o1", "c1", "v1")
    assert row["locationId"] == desk.lead.location.shopmonkey_id
    assert (row["startDate"], row["endDate"]) == ("2026-12-01T15:00:00.000Z", "2026-12-01T17:00:00.000Z")
    assert "Wants it dark" in row["note"]
    assert desk.visit.key in row["note"]


def test_a_second_run_sends_nothing(desk, calendar):
    desk.tell("booked")
    desk.push_all_through()
    assert len(calendar.calls) == 1


def test_a_visit_without_a_lead_carries_the_name_that_it_was_told_with(desk, calendar):
    desk.tell("booked", lead_id=None, customer="Walk-in Wendy")
    desk.push()
    [row] = calendar.standing
    assert row["name"].startswith("Walk-in Wendy")
    assert "orderId" not in row


def test_a_move_changes_the_one_appointment_and_leaves_what_the_store_wrote_there(desk, calendar):
    desk.tell("booked")
    desk.push()
    next(iter(calendar.rows.values()))["note"] = "Key under the mat"
    desk.tell("moved", TEN + timedelta(days=1))
    push = desk.push()
    [row] = calendar.standing
    assert (push.status, row["startDate"], row["note"]) == ("done", "2026-12-02T15:00:00.000Z", "Key under the mat")
    [sent] = calendar.made("PUT")
    assert (sent["sendConfirmation"], sent["sendReminder"]) == (False, False)
    assert "color" not in sent


def test_the_same_state_told_twice_is_sent_once(desk, calendar):
    desk.tell("booked")
    desk.push()
    desk.tell("booked")
    assert desk.push().status == "done"
    assert len(calendar.calls) == 1


def test_moves_before_the_worker_came_are_one_appointment_at_the_last_time(desk, calendar):
    desk.tell("booked")
    for days in (1, 2, 3):
        desk.tell("moved", TEN + timedelta(days=days))
    desk.push_all_through()
    assert desk.starts() == ["2026-12-04T15:00:00.000Z"]
    assert len(calendar.calls) == 1


def test_a_cancelled_visit_is_taken_off(desk, calendar):
    desk.tell("booked")
    desk.push()
    desk.tell("cancelled")
    push = desk.push()
    assert (push.status, push.shopmonkey_appointment_id) == ("done", None)
    assert calendar.standing == []


def test_a_visit_cancelled_before_it_was_pushed_sends_nothing(desk, calendar):
    desk.tell("booked")
    desk.tell("moved", TEN + timedelta(days=1))
    desk.tell("cancelled")
    assert desk.push_all_through().status == "done"
    assert calendar.calls == []


def test_a_key_that_may_not_delete_marks_the_visit_as_cancelled(desk, calendar):
    calendar.may_delete = False
    desk.tell("booked")
    desk.push()
    desk.tell("cancelled")
    assert desk.push().status == "done"
    assert calendar.standing == []
    assert len(calendar.rows) == 1


def test_a_cancelled_visit_that_is_booked_again_stands_there_once(desk, calendar):
    for operation in ("booked", "cancelled", "booked"):
        desk.tell(operation)
        desk.push()
    assert len(calendar.standing) == 1
    assert len(calendar.rows) == 2


@pytest.mark.parametrize("drops", [frozenset(), frozenset({"metadata"}), frozenset({"note"})])
def test_after_a_timeout_the_appointment_is_found_again_instead_of_posted_twice(desk, calendar, drops):
    calendar.drops = drops
    calendar.oddities.append(Oddity("POST", after=True, act=hang(1.0), status=200))
    desk.tell("booked")
    push = desk.push()
    assert (push.status, push.shopmonkey_appointment_id) == ("queued", None)
    assert "did not answer" in push.last_error
    push = desk.push_all_through()
    [row] = calendar.standing
    assert (push.status, push.shopmonkey_appointment_id, push.last_error) == ("done", row["id"], None)
    assert len(calendar.made("POST")) == 1


@pytest.mark.parametrize("status", [0, 500, 502, 503, 504])
def test_an_answer_that_was_lost_after_accepting_makes_no_second_one(desk, calendar, status):
    calendar.oddities.append(Oddity("POST", after=True, status=status))
    desk.tell("booked")
    assert desk.push().status == "queued"
    assert desk.push_all_through().status == "done"
    assert len(calendar.standing) == len(calendar.made("POST")) == 1


def test_a_call_that_was_lost_before_accepting_is_made_again(desk, calendar):
    calendar.oddities.append(Oddity("POST", status=503))
    desk.tell("booked")
    assert desk.push_all_through().status == "done"
    assert len(calendar.standing) == 1
    assert len(calendar.made("POST")) == 2


def test_after_a_lost_post_the_next_attempt_waits_until_it_must_have_settled(desk, calendar):
    calendar.oddities.append(Oddity("POST", after=True))
    desk.tell("booked")
    push = desk.push()
    assert (push.next_attempt_at - push.changed_at).total_seconds() >= 59
    desk.tell("moved", TEN + timedelta(days=1))
    calls = len(calendar.calls)
    desk.push()
    assert len(calendar.calls) == calls
    desk.push_all_through()
    assert desk.starts() == ["2026-12-02T15:00:00.000Z"]


def test_an_appointment_that_turns_up_late_is_taken_off_again(desk, calendar):
    calendar.posts_are_late = True
    calendar.oddities.append(Oddity("POST", after=True))
    desk.tell("booked")
    desk.push()
    calendar.posts_are_late = False
    desk.wait()
    push = desk.push()
    assert push.status == "done"
    assert len(calendar.standing) == 2
    calendar.turn_up()
    push = desk.push_all_through()
    assert [row["id"] for row in calendar.standing] == [push.shopmonkey_appointment_id]
    assert (push.status, push.posted) == ("done", None)


def test_the_late_one_of_two_lost_posts_is_taken_off_too(desk, calendar):
    calendar.oddities.extend(Oddity("POST", after=True) for _ in range(2))
    calendar.posts_are_late = True
    desk.tell("booked")
    desk.push()
    calendar.posts_are_late = False
    for _ in range(2):
        desk.wait()
        desk.push()
    calendar.turn_up()
    push = desk.push_all_through()
    assert [row["id"] for row in calendar.standing] == [push.shopmonkey_appointment_id]


def test_a_cancelled_visit_whose_appointment_turns_up_late_does_not_stay(desk, calendar):
    calendar.posts_are_late = True
    calendar.oddities.append(Oddity("POST", after=True))
    desk.tell("booked")
    desk.push()
    desk.tell("cancelled")
    desk.wait()
    assert desk.push().status == "done"
    calendar.turn_up()
    desk.push_all_through()
    assert calendar.standing == []


def test_a_lost_post_is_found_even_when_the_store_has_moved_it_already(desk, calendar):
    calendar.oddities.append(Oddity("POST", after=True))
    desk.tell("booked")
    desk.push()
    next(iter(calendar.rows.values()))["startDate"] = "2026-12-09T15:00:00.000Z"
    desk.push_all_through()
    assert desk.starts() == ["2026-12-01T15:00:00.000Z"]
    assert len(calendar.made("POST")) == 1


def test_another_visit_at_the_same_time_is_not_taken_for_ours(desk, calendar):
    desk.tell("booked", key="visit-12")
    desk.push()
    calendar.oddities.append(Oddity("POST"))
    desk.visit = replace(desk.visit, key="visit-1")
    visit_changed(desk.visit, "booked")
    db.session.commit()
    desk.push_all_through()
    assert sorted(row["metadata"]["visit"] for row in calendar.standing) == ["visit-1", "visit-12"]


def test_a_lost_move_is_made_again_and_moving_back_is_not_taken_for_nothing(desk, calendar):
    desk.tell("booked")
    desk.push()
    calendar.oddities.extend(Oddity("PUT", after=True, act=hang(1.0), status=200) for _ in range(1))
    desk.tell("moved", TEN + timedelta(days=1))
    assert desk.push().status == "queued"
    desk.tell("moved", TEN)
    desk.push_all_through()
    assert desk.starts() == ["2026-12-01T15:00:00.000Z"]
    assert len(calendar.standing) == 1


def test_a_visit_that_was_deleted_in_shopmonkey_and_is_moved_stands_there_again_and_staff_are_told(desk, calendar):
    desk.tell("booked")
    desk.push()
    next(iter(calendar.rows.values()))["deleted"] = True
    desk.tell("moved", TEN + timedelta(days=1))
    assert desk.push().status == "done"
    assert desk.starts() == ["2026-12-02T15:00:00.000Z"]
    assert "deleted the visit in ShopMonkey" in told_on_the_timeline()


def test_cancelling_what_was_deleted_in_shopmonkey_is_done(desk, calendar):
    desk.tell("booked")
    desk.push()
    next(iter(calendar.rows.values()))["deleted"] = True
    desk.tell("cancelled")
    assert desk.push().status == "done"


def test_a_change_while_the_call_is_under_way_is_pushed_after_it(desk, calendar):
    desk.tell("booked")
    moved = replace(desk.visit, starts_at=TEN + timedelta(days=1), ends_at=TEN + timedelta(days=1, hours=2))
    client = desk.app.extensions["shopmonkey"](None)
    create = client.create_appointment

    def create_and_move(payload):
        made = create(payload)
        # It stays this worker's: another one that took it now would post it again.
        assert visit_changed(moved, "moved").status == "sending"
        db.session.commit()
        return made

    client.create_appointment = create_and_move
    push = desk.push()
    assert (push.status, desk.starts()) == ("done", ["2026-12-02T15:00:00.000Z"])
    assert len(calendar.made("POST")) == 1


def test_what_shopmonkey_refuses_is_stuck_at_once_and_says_why(desk, calendar):
    calendar.oddities.append(Oddity("POST", status=400, body='{"success": false, "message": "body/color is odd"}'))
    desk.tell("booked")
    push = desk.push()
    assert (push.status, push.next_attempt_at, push.posted) == ("stuck", None, None)
    assert "refused it" in push.last_error
    assert "body/color is odd" in push.last_error
    assert "not in ShopMonkey's calendar" in told_on_the_timeline()


def test_a_refused_key_is_named_as_what_it_is(desk, calendar):
    calendar.oddities.append(Oddity("POST", status=401, body='{"success": false, "message": "bad key"}'))
    desk.tell("booked")
    assert "the key is wrong" in desk.push().last_error


def test_an_outage_is_shown_to_staff_after_some_attempts_and_ends_by_itself(desk, calendar):
    calendar.oddities.extend(Oddity("POST", status=500) for _ in range(6))
    desk.tell("booked")
    seen = []
    for _ in range(6):
        seen.append(desk.push().status)
        desk.wait()
    assert seen == ["queued"] * 5 + ["stuck"]
    assert told_on_the_timeline().count("not in ShopMonkey's calendar") == 1
    assert desk.push_all_through().status == "done"
    assert len(calendar.standing) == 1


def test_the_firewalls_page_is_no_verdict_on_the_key(desk, calendar):
    firewall = Oddity("POST", status=403, body="<html>Attention</html>", headers={"Content-Type": "text/html"})
    calendar.oddities.append(firewall)
    desk.tell("booked")
    assert desk.push().status == "queued"
    assert desk.push_all_through().status == "done"


def test_one_odd_visit_does_not_stop_the_others(desk, calendar):
    desk.tell("booked", key="odd")
    push = db.session.scalar(select(VisitPush))
    push.payload = {"starts_at": "never"}
    db.session.commit()
    desk.tell("booked", key="fine", note="")
    desk.push()
    assert [row["metadata"]["visit"] for row in calendar.standing] == ["fine"]


def test_a_company_without_an_answer_waits_so_that_others_need_not(desk, calendar):
    calendar.oddities.append(Oddity("POST", act=hang(1.0), status=503))
    for number in range(3):
        desk.tell("booked", key=f"visit-{number}")
    desk.push()
    assert len(calendar.made("POST")) == 1


@pytest.mark.parametrize(
    "odd", [{"key": "a\nb"}, {"key": " "}, {"ends_at": TEN}, {"starts_at": TEN.replace(tzinfo=None)}]
)
def test_what_is_no_visit_is_refused_where_it_is_told(desk, odd):
    with pytest.raises(ValueError, match="visit"):
        visit_changed(replace(desk.visit, **odd), "booked")
