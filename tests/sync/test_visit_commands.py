import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import db
from app.sync import Visit, visit_changed
from app.sync.models import VisitPush
from tests.factories.leads import make_lead
from tests.sync.visit_desk import TEN


@pytest.fixture
def stuck(app) -> VisitPush:
    lead = make_lead()
    visit = Visit(
        "visit-1", lead.company_id, lead.location_id, lead.id, TEN, TEN + timedelta(hours=1), ("Ceramic Tint",)
    )
    push = visit_changed(visit, "moved")
    push.status, push.last_error, push.attempts, push.next_attempt_at = "stuck", "ShopMonkey refused it", 1, None
    db.session.commit()
    return push


def run(app, *words: str):
    return app.test_cli_runner().invoke(args=["visits", *words])


def test_what_is_stuck_is_told_in_words(app, stuck):
    result = run(app, "stuck")
    assert result.exit_code == 0
    for word in (str(stuck.id), "moved", "2026-12-01T15:00:00+00:00", "Maria Alvarez", "ShopMonkey refused it"):
        assert word in result.output


def test_what_is_stuck_is_told_to_tools(app, stuck):
    [told] = json.loads(run(app, "stuck", "--json").output)
    assert (told["id"], told["key"], told["operation"], told["attempts"]) == (stuck.id, "visit-1", "moved", 1)
    assert told["reason"] == "ShopMonkey refused it"
    assert told["next_attempt_at"] is None


def test_nothing_stuck_is_an_empty_array(app):
    assert json.loads(run(app, "stuck", "--json").output) == []


def test_a_stuck_one_can_be_tried_again_once(app, stuck):
    assert run(app, "retry", str(stuck.id)).exit_code == 0
    assert db.session.scalar(select(VisitPush.status)) == "queued"
    again = run(app, "retry", str(stuck.id))
    assert again.exit_code == 1
    assert "is not stuck" in again.output
