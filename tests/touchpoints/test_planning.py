"""One first touch per lead, one running sequence per person and store."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from app.db import db
from app.leads.events import LeadCreated, LeadCustomerKnown
from app.leads.models import Lead, LeadEvent
from app.leads.moves import move
from app.lib import events
from app.touchpoints.models import TouchPoint
from app.touchpoints.planning import start_sequence
from app.touchpoints.settling import settle
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)


def planned(lead) -> list[TouchPoint]:
    return db.session.query(TouchPoint).filter_by(lead_id=lead.id).order_by(TouchPoint.due_at).all()


def test_a_new_lead_gets_its_first_touch_now(app):
    lead = make_lead()
    start_sequence(lead, NOW)
    touch_point = planned(lead)[0]
    assert (touch_point.step, touch_point.channel, touch_point.status, touch_point.due_at) == (0, "any", "planned", NOW)
    assert (touch_point.company_id, touch_point.location_id) == (lead.company_id, lead.location_id)


def test_planned_again_it_is_the_same_one(app):
    lead = make_lead()
    first = start_sequence(lead, NOW)
    assert start_sequence(lead, NOW + timedelta(hours=1)) is first
    assert len(planned(lead)) == 13
    assert planned(lead)[0].due_at == NOW


@pytest.mark.parametrize("given", [{"stage": "won"}, {"stage": "lost"}, {"first_engaged_at": NOW}])
def test_who_is_closed_or_has_answered_gets_none(app, given):
    assert start_sequence(make_lead(**given), NOW) is None


def test_a_lead_without_a_customer_waits_for_one(app):
    lead = make_lead()
    customer, lead.customer = lead.customer, None
    db.session.flush()
    events.publish(LeadCreated(lead.id))
    assert planned(lead) == []
    lead.customer = customer
    db.session.flush()
    events.publish(LeadCustomerKnown(lead.id))
    assert len(planned(lead)) == 13


@pytest.mark.parametrize("same", ["phone", "email"])
def test_the_same_number_or_address_is_the_same_person(app, same):
    store = make_location()
    first = make_lead(store)
    start_sequence(first, NOW)
    again = make_customer(store.company, **{same: getattr(first.customer, same)})
    assert start_sequence(make_lead(store, customer=again), NOW + timedelta(days=2)) is None
    assert start_sequence(make_lead(store, customer=make_customer(store.company)), NOW) is not None


def test_a_second_order_joins_the_running_sequence_and_says_so(app):
    store = make_location()
    first = make_lead(store, order_number="1041")
    second = make_lead(store, customer=first.customer)
    start_sequence(first, NOW)
    assert start_sequence(second, NOW + timedelta(days=2)) is None
    assert planned(second) == []
    line = db.session.query(LeadEvent).filter_by(lead_id=second.id).one()
    assert "order 1041" in line.text


def test_another_store_is_another_sequence(app):
    store = make_location()
    first = make_lead(store)
    elsewhere = make_lead(make_location(store.company), customer=first.customer)
    start_sequence(first, NOW)
    assert start_sequence(elsewhere, NOW)


@pytest.mark.parametrize("ended", ["closed", "engaged", "nothing to come"])
def test_a_sequence_that_has_ended_holds_nobody(app, ended):
    store = make_location()
    first = make_lead(store)
    start_sequence(first, NOW)
    if ended == "closed":
        first.stage = "lost"
    elif ended == "engaged":
        first.first_engaged_at = NOW
    else:
        for touch_point in planned(first):
            touch_point.skip("No mobile number on file; No email address on file")
    db.session.flush()
    assert start_sequence(make_lead(store, customer=first.customer), NOW)


def test_two_orders_of_one_person_at_once_make_one_first_touch(live_app):
    store = make_location()
    customer = make_customer(store.company)
    lead_ids = [make_lead(store, customer=customer).id for _ in range(4)]
    db.session.commit()
    start = threading.Barrier(4)

    def plan(lead_id):
        with live_app.app_context():
            lead = db.session.get_one(Lead, lead_id)
            start.wait()
            made = start_sequence(lead, NOW)
            db.session.commit()
            return made is not None

    with ThreadPoolExecutor(4) as lanes:
        assert sum(lanes.map(plan, lead_ids)) == 1
    assert db.session.query(TouchPoint).filter_by(step=0).count() == 1
    assert db.session.query(TouchPoint).count() == 13


def test_a_new_order_after_the_last_contact_leaves_the_first_one_lost_not_open_for_good(app):
    store = make_location()
    first = make_lead(store, stage="contacted")
    start_sequence(first, NOW)
    for touch_point in planned(first):
        touch_point.done()
    db.session.flush()
    assert start_sequence(make_lead(store, customer=first.customer), NOW + timedelta(days=31))
    assert (first.stage, first.closed_reason) == (
        "lost",
        "no answer to 13 messages; the customer has asked again with another order",
    )


@pytest.mark.parametrize(("stage", "contacts"), [("lost", 13), ("won", 0)])
def test_an_order_that_joined_is_followed_up_once_the_shop_drops_the_first(app, stage, contacts):
    store = make_location()
    first = make_lead(store)
    start_sequence(first, NOW)
    second = make_lead(store, customer=first.customer, created_at=NOW + timedelta(hours=1))
    assert start_sequence(second, NOW + timedelta(hours=1)) is None
    move(first, stage, "ShopMonkey says so", NOW + timedelta(hours=2))
    assert len(planned(second)) == contacts


def test_an_order_that_joined_is_lost_with_the_first_when_nobody_answers(app):
    store = make_location()
    first = make_lead(store, stage="contacted")
    start_sequence(first, NOW)
    second = make_lead(store, customer=first.customer, created_at=NOW + timedelta(hours=1))
    start_sequence(second, NOW + timedelta(hours=1))
    for touch_point in planned(first):
        touch_point.done()
    db.session.commit()
    assert settle(NOW + timedelta(days=40)) == 2
    assert (first.stage, second.stage) == ("lost", "lost")
    assert planned(second) == [], "no second round of messages"


def silent_with_another(now=NOW):
    """An order whose follow-up is over without an answer, and one that had joined it."""
    store = make_location()
    first = make_lead(store, stage="contacted")
    start_sequence(first, now)
    second = make_lead(store, customer=first.customer, created_at=now + timedelta(hours=1))
    start_sequence(second, now + timedelta(hours=1))
    for touch_point in planned(first):
        touch_point.done()
    db.session.commit()
    return first, second


@pytest.mark.parametrize("commits", range(6))
def test_a_worker_that_dies_between_an_orders_loss_and_anothers_leaves_none_open(app, monkeypatch, commits):
    """What it left half done is done by whoever settles next, wherever it was killed."""
    first, second = silent_with_another()
    left, commit = commits, db.session.commit

    def commit_or_die():
        nonlocal left
        left -= 1
        if left < 0:
            db.session.rollback()
            raise SystemExit
        commit()

    with monkeypatch.context() as dying, suppress(SystemExit):
        dying.setattr(db.session, "commit", commit_or_die)
        settle(NOW + timedelta(days=40))
    settle(NOW + timedelta(days=40))
    db.session.expire_all()
    assert (first.stage, second.stage) == ("lost", "lost")


def test_an_order_that_had_joined_is_lost_with_the_follow_up_that_came_after(app):
    first, second = silent_with_another()
    third = make_lead(first.location, customer=first.customer, created_at=NOW + timedelta(days=31))
    assert start_sequence(third, NOW + timedelta(days=31))
    for touch_point in planned(third):
        touch_point.done()
    db.session.commit()
    assert settle(NOW + timedelta(days=80)) == 2
    assert {one.stage for one in (first, second, third)} == {"lost"}
