from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.db import db
from app.lib import clock
from app.sync import Visit, visit_changed
from app.sync.models import VisitPush
from tests.factories.accounts import make_staff, sign_in

PATH = "/staff/visits"
START = datetime(2026, 12, 1, 15, tzinfo=UTC)


def make_push(lead, key="visit-1", operation="booked", **given):
    visit = Visit(
        key, lead.company_id, lead.location_id, lead.id, START, START + timedelta(hours=2), ("Ceramic Tint", "PPF")
    )
    push = visit_changed(visit, operation)
    stuck = {"status": "stuck", "last_error": "ShopMonkey refused it (400)", "attempts": 1, "next_attempt_at": None}
    for name, value in (stuck | given).items():
        setattr(push, name, value)
    db.session.commit()
    return push


@pytest.fixture(autouse=True)
def in_november(app):
    clock.use(lambda: datetime(2026, 11, 23, 15, tzinfo=UTC))


def test_a_stuck_visit_is_shown_with_who_when_why_and_its_lead(desk, cast):
    make_push(cast.lead)
    page = desk.get(PATH).text
    for word in (
        "Lea Ortiz",
        "Dec 1, 10:00 AM EST",
        "Ceramic Tint, PPF",
        "ShopMonkey refused it (400)",
        "waits for you",
    ):
        assert word in page
    assert f"/staff/leads/{cast.lead.public_id}" in page


@pytest.mark.parametrize(
    ("operation", "words"),
    [("booked", "Not entered"), ("moved", "Old time stands there"), ("cancelled", "Still stands there")],
)
def test_what_shopmonkey_shows_instead_is_said(desk, cast, operation, words):
    make_push(cast.lead, operation=operation)
    assert words in desk.get(PATH).text


def test_one_that_is_tried_again_by_itself_says_so_even_while_it_is_tried(desk, cast):
    push = make_push(cast.lead, attempts=7, next_attempt_at=START)
    assert "tried again by itself" in desk.get(PATH).text
    push.status = "sending"
    db.session.commit()
    assert "Lea Ortiz" in desk.get(PATH).text


@pytest.mark.parametrize("status", ["queued", "sending", "done"])
def test_what_is_on_its_way_or_there_is_not_shown(desk, cast, status):
    make_push(cast.lead, status=status)
    page = desk.get(PATH).text
    assert "Lea Ortiz" not in page
    assert "Every visit stands in ShopMonkey" in page


def test_trying_again_queues_it_anew_and_is_audited(desk, cast):
    push = make_push(cast.lead, attempts=9)
    assert desk.post(f"{PATH}/{push.id}/attempts").status_code == 303
    db.session.refresh(push)
    assert (push.status, push.attempts) == ("queued", 0)
    assert push.next_attempt_at is not None
    assert "visit:visit-1" in db.session.scalars(select(AuditEntry.subject)).all()


def test_trying_again_what_is_under_way_changes_nothing(desk, cast):
    push = make_push(cast.lead, status="sending", attempts=2)
    assert desk.post(f"{PATH}/{push.id}/attempts").status_code == 303
    db.session.refresh(push)
    assert (push.status, push.attempts) == ("sending", 2)
    assert db.session.scalars(select(AuditEntry.subject).where(AuditEntry.action == "tried again")).all() == []


def test_another_stores_visits_are_nobodys_business(desk, cast):
    push = make_push(cast.strangers_lead)
    assert "Dan Boulder" not in desk.get(PATH).text
    assert desk.post(f"{PATH}/{push.id}/attempts").status_code == 404
    assert db.session.scalar(select(VisitPush.status)) == "stuck"


def test_an_admin_sees_the_whole_company(app, cast):
    make_push(cast.strangers_lead)
    assert "Dan Boulder" in sign_in(app.test_client(), make_staff(cast.store, "franchise_admin")).get(PATH).text


def test_a_visit_that_was_moved_in_shopmonkey_waits_for_a_decision(desk, cast):
    push = make_push(cast.lead, status="done", attempts=0, last_error=None)
    push.strayed_at, push.strayed_starts_at = START, START + timedelta(hours=3)
    push.strayed_ends_at = START + timedelta(hours=5)
    db.session.commit()
    page = desk.get(PATH).text
    assert "Moved there" in page
    assert "ShopMonkey shows" in page
    assert "1:00 PM EST" in page
    assert desk.post(f"{PATH}/{push.id}/our-time").status_code == 303
    assert (push.status, push.strayed_at) == ("queued", None)
    assert "Moved there" not in desk.get(PATH).text
    assert db.session.scalars(select(AuditEntry.action)).all()[-1] == "put back in ShopMonkey"
