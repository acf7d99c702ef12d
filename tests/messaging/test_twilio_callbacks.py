"""Twilio's callbacks over the wire: the SDK sends, the stand-in reports to our own door, in any order, by a proxy."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.serving import make_server

from app import messaging
from app.db import db
from app.messaging.costs import ask_costs
from app.messaging.models import Delivery
from app.messaging.transports import Transports
from app.messaging.twilio_sms import TwilioSms
from app.webhooks import process_events
from tests.factories.messaging import make_delivery
from tests.wire.twilio_calls import PUBLIC, use_account
from tests.wire.twilio_server import ACCOUNT, TOKEN, TwilioServer, twilio_server

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


@pytest.fixture
def twilio(live_app) -> Iterator[TwilioServer]:
    use_account(live_app)
    with twilio_server() as server:
        sms = TwilioSms(ACCOUNT, TOKEN, "+19545550100", server.url, f"{PUBLIC}/webhooks/twilio/status")
        live_app.extensions["messaging"] = Transports(sms, None, lambda location_id: True)
        yield server


@pytest.fixture
def door(live_app) -> Iterator[str]:
    """Our web process, reached under another name than the one that Twilio was told."""
    server = make_server("127.0.0.1", 0, live_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def sent(**given):
    delivery_id = make_delivery(**given).id
    db.session.commit()
    assert messaging.deliver(delivery_id, lambda: None, NOW) == "sent"
    return db.session.get_one(Delivery, delivery_id)


def test_reports_in_any_order_end_at_the_highest(twilio, door):
    delivery = sent()
    for status in ("delivered", "sent", "queued", "sent"):
        assert twilio.call_back(delivery.provider_id, status, via=door) == 200
    db.session.rollback()
    assert process_events(NOW) == 3, "the repeated one is stored once"
    db.session.refresh(delivery)
    assert delivery.status == "delivered"
    assert twilio.requests[0]["StatusCallback"].endswith(f"?delivery={delivery.public_id}")


def test_an_error_reaches_the_ledger_and_stays(twilio, door):
    delivery = sent()
    twilio.call_back(delivery.provider_id, "undelivered", 30006, via=door)
    twilio.call_back(delivery.provider_id, "sent", via=door)
    db.session.rollback()
    process_events(NOW)
    db.session.refresh(delivery)
    assert (delivery.status, delivery.error_code) == ("undelivered", "30006")
    assert messaging.bad_number(delivery.company_id, delivery.recipient) is not None


def test_what_twilio_charged_is_asked_for_afterwards(twilio):
    delivery = sent()
    twilio.messages[0].update(status="delivered", price="-0.0158", num_segments="2")
    report = messaging.transports().sms.look_up(delivery.provider_id)
    assert (report.status, report.segments, str(report.cost)) == ("delivered", 2, "0.0158")


def test_the_ledger_gets_the_price_and_a_status_whose_callback_was_missed(twilio):
    delivery = sent()
    twilio.messages[0].update(status="delivered", price="-0.0158", num_segments="2")
    assert ask_costs(NOW + timedelta(minutes=5)) == 0, "Twilio does not know it yet"
    assert ask_costs(NOW + timedelta(hours=1)) == 1
    db.session.refresh(delivery)
    assert (delivery.status, delivery.segments, str(delivery.cost)) == ("delivered", 2, "0.015800")
    assert ask_costs(NOW + timedelta(hours=1)) == 0
