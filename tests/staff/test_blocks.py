"""Managers keep time free; advisors read it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app import booking
from app.accounts.models import AuditEntry
from app.booking.models import Block
from app.db import db
from tests.factories.accounts import make_staff, sign_in
from tests.factories.booking import HOUR, NOW, TEN, make_bay, make_wish, tint

PATH = "/staff/calendar/blocks"


pytestmark = pytest.mark.usefixtures("on_monday_morning")


@pytest.fixture
def sam(app, cast, bay):
    return sign_in(app.test_client(), make_staff(cast.store, "store_manager"))


def form_of(**given):
    times = {"from_day": "2026-12-01", "from_time": "09:00", "to_day": "2026-12-01", "to_time": "12:00"}
    return {**times, "why": "Pump is serviced", **given}


def blocks():
    return db.session.scalars(select(Block)).all()


def starts(store):
    found = booking.free_slots(store.id, booking.work_of([tint()]), NOW, TEN.date(), TEN.date())
    return [f"{slot.local_start:%H:%M}" for slot in found]


def test_a_blocked_bay_is_offered_to_nobody_until_the_block_goes(sam, cast, bay):
    assert "09:00" in starts(cast.store)
    assert sam.post(PATH, data=form_of(bay=bay.id)).status_code == 303
    (block,) = blocks()
    assert (block.bay_id, block.starts_at, block.ends_at) == (bay.id, TEN - HOUR, TEN + 2 * HOUR)
    assert (block.why, block.by) == ("Pump is serviced", "Sam")
    assert starts(cast.store)[0] == "12:00"
    shown = sam.get(f"{PATH}/{block.id}").text
    assert "Pump is serviced" in shown
    assert "Tint 1" in shown
    assert sam.post(f"{PATH}/{block.id}/removal").status_code == 303
    assert blocks() == []
    assert "09:00" in starts(cast.store)
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-2:] == [
        "blocked time",
        "removed a block",
    ]


def test_the_whole_store_over_several_days(sam, cast):
    sam.post(PATH, data=form_of(to_day="2026-12-03"))
    assert blocks()[0].bay_id is None
    assert blocks()[0].ends_at - blocks()[0].starts_at == timedelta(days=2, hours=3)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"to_time": "08:00"}, "It ends before it begins."),
        ({"from_day": "2026-11-01", "to_day": "2026-11-02"}, "That time is past."),
        ({"to_day": "2029-12-01"}, "longer than a year"),
        ({"why": " "}, "characters why"),
        ({"bay": "999999"}, "no such bay"),
        ({"from_time": ""}, "Give a day and a time."),
        ({"from_day": "soon"}, "Give a day and a time."),
    ],
)
def test_what_cannot_be_is_said_and_not_kept(sam, wrong, why):
    answer = sam.post(PATH, data=form_of(**wrong))
    assert answer.status_code == 422
    assert why in answer.text
    assert blocks() == []


def test_another_stores_bay_cannot_be_blocked(sam, cast):
    theirs = make_bay(cast.other_store, "tint", name="Boulder")
    db.session.commit()
    assert sam.post(PATH, data=form_of(bay=theirs.id)).status_code == 422
    assert sam.post(PATH, data=form_of(store=cast.other_store.id)).status_code == 404
    assert blocks() == []


def test_advisors_read_blocks_and_change_none(sam, desk):
    sam.post(PATH, data=form_of())
    block_id = blocks()[0].id
    assert "Pump is serviced" in desk.get(f"{PATH}/{block_id}").text
    assert "Let it be booked again" not in desk.get(f"{PATH}/{block_id}").text
    assert desk.post(PATH, data=form_of()).status_code == 403
    assert desk.get(f"{PATH}/new").status_code == 403
    assert desk.post(f"{PATH}/{block_id}/removal").status_code == 403
    assert len(blocks()) == 1


def test_another_stores_block_is_404(app, sam, cast):
    sam.post(PATH, data=form_of())
    block_id = blocks()[0].id
    stranger = sign_in(app.test_client(), make_staff(cast.other_store, "store_manager"))
    assert stranger.get(f"{PATH}/{block_id}").status_code == 404
    assert stranger.post(f"{PATH}/{block_id}/removal").status_code == 404
    assert sam.get(f"{PATH}/{10**30}").status_code == 404
    assert len(blocks()) == 1


def test_a_visit_that_stands_there_stays(sam, cast, bay):
    visit = booking.book(make_wish(cast.lead), NOW)
    db.session.commit()
    assert sam.post(PATH, data=form_of()).status_code == 303
    db.session.refresh(visit)
    assert visit.status == "booked"
