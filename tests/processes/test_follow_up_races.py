"""Customers who answer in the moment when a real worker is about to write to them."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from tests.conftest import settings_for_tests
from tests.processes.conftest import STORE
from tests.processes.system import SECRET_KEY, Guest, System, eventually

GUESTS = 6
FAR = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def guests(system: System) -> list[Guest]:
    """New leads whose first contact is due, and a last one whose contact comes later; no worker runs yet."""
    from app import create_app
    from app.chat import open_conversation
    from app.db import db
    from app.lib import clock
    from app.locations.models import Location
    from app.touchpoints.models import TouchPoint
    from app.touchpoints.planning import start_sequence
    from app.web.links import COOKIE_PURPOSE, sign
    from tests.factories.leads import make_customer, make_lead

    app = create_app(settings_for_tests(system.url, secret_key=SECRET_KEY))
    with app.app_context():
        store, made = db.session.query(Location).filter_by(shopmonkey_id=STORE).one(), []
        for _ in range(GUESTS + 1):
            # By email, which no quiet hours hold back: only the answer does.
            customer = make_customer(store.company, sms_opt_in=False)
            lead = make_lead(store, customer=customer, order_read_at=clock.now(), link_sent_at=None)
            conversation = open_conversation(lead)
            start_sequence(lead, clock.now())
            cookie = sign(COOKIE_PURPOSE, [[lead.public_id, lead.link_generation]])
            made.append(Guest(lead.id, lead.public_id, conversation.id, cookie))
        db.session.execute(update(TouchPoint).where(TouchPoint.lead_id == lead.id).values(due_at=FAR))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return made


def test_whoever_answers_first_hears_nothing_more(system, guests) -> None:
    *guests, later = guests
    ids = [guest.lead_id for guest in guests]
    answers: list[int] = []

    def say(guest: Guest) -> None:
        answers.append(guest.say(system.web[0], "Do you do wraps too?"))

    threads = [threading.Thread(target=say, args=(guest,)) for guest in guests]
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        " AND query LIKE %s"
    )
    with system.holding("SELECT id FROM leads WHERE id = ANY(%s) FOR UPDATE", ids):
        for thread in threads:
            thread.start()
        eventually(lambda: system.one(waiting, "EXECUTE post_message%") == GUESTS, "the answers")
        # The worker comes to the same rows behind them. (What a session shows of its statement is its beginning.)
        with_worker = system.worker()
        worker = with_worker.__enter__()
        eventually(lambda: system.one(waiting, "EXECUTE select_leads_%") >= GUESTS, "the worker at the leads")
    try:
        for thread in threads:
            thread.join(20)
        # It works off one claim after the other: once the later one went out, it is through with these.
        system.rows("UPDATE touch_points SET due_at = now() WHERE lead_id = %s AND step = 0", later.lead_id)
        went = "SELECT count(*) FROM deliveries WHERE lead_id = %s AND status = 'sent'"
        eventually(lambda: system.one(went, later.lead_id) == 1, "the later contact")
    finally:
        with_worker.__exit__(None, None, None)
    assert worker is not None
    assert answers == [200] * GUESTS
    sent = "SELECT count(*) FROM sandbox.outbox JOIN deliveries USING (public_id) WHERE deliveries.lead_id = ANY(%s)"
    assert system.one(sent, ids) == 0
    reasons = "SELECT DISTINCT reason FROM touch_points WHERE lead_id = ANY(%s)"
    assert system.rows(reasons, ids) == [("The customer has answered",)]
