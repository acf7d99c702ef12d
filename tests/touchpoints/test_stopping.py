"""What ShopMonkey's progress stops, and what waits for ShopMonkey."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.db import db
from app.leads.events import LeadChangedStore
from app.leads.models import Lead, LeadEvent
from app.leads.moves import move
from app.lib.events import publish
from app.messaging.models import Delivery
from app.shopmonkey import ShopMonkeyError
from app.touchpoints.jobs import send_due
from app.touchpoints.models import TouchPoint
from app.touchpoints.planning import start_sequence
from app.touchpoints.sending import send
from tests.factories.leads import make_lead
from tests.factories.locations import make_location
from tests.factories.messaging import use_fakes

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)


@pytest.fixture
def lead(app) -> Lead:
    lead = make_lead(order_read_at=NOON)
    start_sequence(lead, NOON)
    return lead


@pytest.fixture
def freshened(app):
    """What ShopMonkey is asked before a touch; a list of errors to answer with."""
    asked, answers, before = [], [], app.extensions["freshen_lead"]

    def freshen(lead_id: int, now: datetime) -> None:
        asked.append(lead_id)
        if answers:
            raise answers.pop(0)

    app.extensions["freshen_lead"] = freshen
    yield asked, answers
    app.extensions["freshen_lead"] = before


def touch_points() -> list[tuple[str, str | None]]:
    db.session.expire_all()
    rows = db.session.execute(select(TouchPoint.status, TouchPoint.reason).order_by(TouchPoint.step))
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("stage", "why", "reason"),
    [
        ("booked", "authorized in ShopMonkey", "The work is booked"),
        ("won", "paid in ShopMonkey", "The lead is won: paid in ShopMonkey"),
        ("lost", "deleted in ShopMonkey", "The lead is lost: deleted in ShopMonkey"),
    ],
)
def test_progress_in_shopmonkey_stops_what_is_planned_and_says_why(lead, stage, why, reason) -> None:
    move(lead, stage, why, NOON)
    assert touch_points() == [("skipped", reason)] * 13
    assert f"Follow-up stopped: {reason}" in db.session.scalars(select(LeadEvent.text)).all()


def test_being_contacted_stops_nothing(lead) -> None:
    move(lead, "contacted", "first touch", NOON)
    assert touch_points() == [("planned", None)] * 13


def test_a_lead_that_changes_store_takes_all_with_it_and_is_followed_up_by_hand(lead) -> None:
    other = make_location(lead.location.company, name="Tint World Boulder")
    lead.location = other
    db.session.flush()
    publish(LeadChangedStore(lead.id, other.id))
    assert touch_points() == [("skipped", "The order moved to Tint World Boulder")] * 13
    assert set(db.session.scalars(select(TouchPoint.location_id))) == {other.id}


def test_a_message_written_for_the_old_store_does_not_leave(app, lead, monkeypatch) -> None:
    from app.touchpoints import sending

    post, other = use_fakes(app), make_location(lead.location.company, name="Tint World Boulder")
    deliver = sending.messaging.deliver

    def moved_meanwhile(*args):
        found = db.session.get_one(Lead, lead.id)
        found.location = other
        db.session.flush()
        publish(LeadChangedStore(found.id, other.id))
        db.session.commit()
        return deliver(*args)

    monkeypatch.setattr(sending.messaging, "deliver", moved_meanwhile)
    db.session.commit()
    send(db.session.scalar(select(TouchPoint.id).where(TouchPoint.step == 0)), NOON)
    assert post.sms.sent == []
    assert touch_points()[0] == ("skipped", "The order moved to another store")
    assert db.session.scalars(select(Delivery.status)).one() != "sent"


def test_the_order_is_looked_up_before_a_touch_only_when_that_was_long_ago(app, lead, freshened) -> None:
    use_fakes(app)
    db.session.commit()
    send_due(NOON + timedelta(minutes=14))
    assert freshened[0] == []
    lead.stage = "new"
    db.session.commit()
    send_due(NOON + timedelta(days=1))
    assert freshened[0] == [lead.id]


def test_while_shopmonkey_cannot_be_asked_the_message_waits(app, lead, freshened) -> None:
    post, (_, answers) = use_fakes(app), freshened
    lead.order_read_at = NOON - timedelta(hours=1)
    db.session.commit()
    answers += [ShopMonkeyError("down", permanent=False, status=503)] * 2
    for minutes in (0, 6):
        send_due(NOON + timedelta(minutes=minutes))
    assert post.sms.sent == []
    assert touch_points()[0][0] == "planned"
    said = [text for text in db.session.scalars(select(LeadEvent.text)) if "cannot be asked" in text]
    assert len(said) == 1, "once is enough"
    send_due(NOON + timedelta(minutes=12))
    assert len(post.sms.sent) == 1


@pytest.fixture
def looked_at(app):
    """Leads whose customers were looked at before a touch; a list of errors to answer with."""
    asked, answers, before = [], [], app.extensions["freshen_customer"]

    def freshen(lead_id: int, now: datetime) -> None:
        asked.append(lead_id)
        if answers:
            raise answers.pop(0)

    app.extensions["freshen_customer"] = freshen
    yield asked, answers
    app.extensions["freshen_customer"] = before


@pytest.mark.parametrize(
    ("channel", "read_ago", "looks"),
    [("sms", 20, 1), ("any", 20, 1), ("sms", 14, 0), ("email", 20, 0)],
)
def test_the_customer_is_looked_up_before_a_text_when_that_was_long_ago(
    app, lead, freshened, looked_at, channel, read_ago, looks
) -> None:
    use_fakes(app)
    lead.customer.read_at = NOON - timedelta(minutes=read_ago)
    db.session.execute(update(TouchPoint).where(TouchPoint.step == 0).values(channel=channel))
    db.session.commit()
    send_due(NOON)
    assert looked_at[0] == [lead.id] * looks


def test_while_the_customer_cannot_be_looked_up_the_text_waits(app, lead, freshened, looked_at) -> None:
    post = use_fakes(app)
    db.session.commit()
    looked_at[1].append(ShopMonkeyError("down", permanent=False, status=503))
    send_due(NOON)
    assert (post.sms.sent, touch_points()[0][0]) == ([], "planned")
    send_due(NOON + timedelta(minutes=6))
    assert len(post.sms.sent) == 1
