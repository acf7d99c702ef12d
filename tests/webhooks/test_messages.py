"""A text from the door to the conversation, and what a killed worker leaves."""

import pytest
from sqlalchemy import func, select, update

from app.chat import inbound_sms
from app.chat.models import Message
from app.db import db
from app.messaging.models import Consent, Delivery
from app.staff.webhook_events import stranded_events
from app.webhooks import process_events, retry_unknown
from app.webhooks.models import WebhookEvent
from tests.chat.world import NOW, NUMBER, make_world
from tests.factories.accounts import make_staff
from tests.factories.locations import make_location
from tests.wire.twilio_calls import call, text_form, use_account


class Killed(BaseException):
    """The worker died here."""


@pytest.fixture
def world(app, monkeypatch):
    monkeypatch.setattr("app.chat.runner.start", lambda reply_id: None)
    before = app.extensions["twilio_account"]
    use_account(app)
    yield make_world(app)
    app.extensions["twilio_account"] = before


def arrives(world, body, **given):
    form = text_form(body, **{"From": world.phone, "To": NUMBER, **given})
    assert call(world.app.test_client(), "inbound", form).status_code == 200


def lease_runs_out():
    ago = func.now() - db.func.make_interval(0, 0, 0, 0, 0, 5)
    db.session.execute(update(WebhookEvent).values(lease_until=ago, next_attempt_at=ago))
    db.session.commit()


@pytest.mark.parametrize("dies_at", ["_heed", "open_conversation", "lead_of_phone"])
def test_a_text_whose_worker_was_killed_is_handled_once_by_the_next(world, monkeypatch, dies_at):
    arrives(world, "STOP")
    with monkeypatch.context() as patched:

        def dies(*given, **named):
            raise Killed

        patched.setattr(inbound_sms, dies_at, dies)
        with pytest.raises(Killed):
            process_events(NOW)
    db.session.rollback()
    lease_runs_out()
    assert process_events(NOW) == 1
    assert [one.text for one in world.messages()] == ["STOP"]
    heard = select(func.count()).select_from(Consent).where(Consent.source.like("text message %"))
    assert db.session.scalar(heard) == 1
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 1
    assert db.session.scalars(select(WebhookEvent)).one().status == "done"


def test_a_text_that_no_lead_knows_is_parked_and_shown_where_it_belongs(world):
    arrives(world, "Do you tint boats?", From="+13055550199")
    process_events(NOW)
    event = db.session.scalars(select(WebhookEvent)).one()
    assert (event.status, event.company_id) == ("parked", world.company_id)
    store = world.lead().location
    for staff in (make_staff(store, "store_manager"), make_staff(store, "franchise_admin")):
        shown = stranded_events(staff)
        assert [one.what for one in shown] == ["Text message"]
        assert "Do you tint boats?" in shown[0].reason
    elsewhere = make_staff(make_location(store.company), "store_manager")
    assert stranded_events(elsewhere) == []
    assert stranded_events(make_staff(make_location(), "franchise_admin")) == []


def test_tried_again_once_the_lead_is_there_it_joins(world):
    arrives(world, "Hello", From="+13055550199")
    process_events(NOW)
    event = db.session.scalars(select(WebhookEvent)).one()
    db.session.execute(update(type(world.lead().customer)).values(phone="+13055550199"))
    retry_unknown(event.id)
    db.session.commit()
    process_events(NOW)
    assert db.session.scalars(select(Message.text)).all() == ["Hello"]
