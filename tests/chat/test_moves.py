from sqlalchemy import select

from app.chat.models import Conversation, Message
from app.chat.moves import move_to_store
from app.db import db
from tests.factories.chat import make_conversation
from tests.factories.leads import make_lead
from tests.factories.locations import make_location


def test_all_that_was_said_goes_with_the_lead_to_its_new_store(app) -> None:
    lead, stays = make_lead(), make_lead()
    make_conversation(lead, ("customer", "Hello"), ("assistant", "Good morning"))
    make_conversation(stays, ("customer", "And me?"))
    other = make_location(lead.location.company, name="Tint World Boulder")
    move_to_store(lead.id, other.id)
    assert db.session.scalars(select(Conversation.location_id).where(Conversation.lead_id == lead.id)).all() == [
        other.id
    ]
    assert sorted(db.session.scalars(select(Message.location_id))) == sorted([other.id, other.id, stays.location_id])


def test_a_lead_nobody_has_talked_to_moves_without_a_conversation(app) -> None:
    lead = make_lead()
    move_to_store(lead.id, make_location(lead.location.company).id)
    assert db.session.scalar(select(Conversation)) is None
