from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.db import db
from app.leads.events import LeadClosed, LeadMoved
from app.leads.models import LeadEvent
from app.leads.moves import move
from app.leads.timeline import note
from app.lib import events
from tests.factories.leads import make_lead

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


@pytest.fixture
def told():
    heard = []
    before = dict(events._reactions)
    events.react({LeadMoved: [heard.append], LeadClosed: [heard.append]})
    yield heard
    events.react(before)


def lines(lead) -> list[str]:
    return [line.text for line in db.session.scalars(select(LeadEvent).where(LeadEvent.lead_id == lead.id))]


def test_a_move_is_written_told_and_closed_with_its_reason(app, told) -> None:
    lead = make_lead()
    assert move(lead, "booked", "authorized in ShopMonkey", NOW)
    assert move(lead, "lost", "archived in ShopMonkey without payment", NOW)
    assert lead.closed_reason == "archived in ShopMonkey without payment"
    assert told == [LeadMoved(lead.id, "booked"), LeadClosed(lead.id, "lost", "archived in ShopMonkey without payment")]
    assert lines(lead) == ["Booked: authorized in ShopMonkey", "Lost: archived in ShopMonkey without payment"]


def test_a_move_back_is_no_move(app, told) -> None:
    lead = make_lead(stage="booked")
    assert not move(lead, "engaged", "wrote", NOW)
    assert (lead.stage, told, lines(lead)) == ("booked", [], [])


def test_a_lost_lead_that_comes_back_has_no_reason_any_more(app, told) -> None:
    lead = make_lead(stage="lost", closed_reason="no answer")
    assert move(lead, "engaged", "wrote again", NOW)
    assert lead.closed_reason is None


def test_a_note_says_who_and_when(app) -> None:
    lead = make_lead()
    note(lead.id, "call", "Spoke by phone", "Sam Advisor", NOW, {"minutes": 4})
    line = db.session.scalars(select(LeadEvent).filter_by(lead_id=lead.id)).one()
    assert (line.at, line.actor, line.detail) == (NOW, "Sam Advisor", {"minutes": 4})
