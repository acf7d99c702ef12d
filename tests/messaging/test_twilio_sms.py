"""The official SDK over the wire, against a local server that behaves as Twilio's documents and error pages say."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from app.messaging import twilio_sms
from app.messaging.port import Outgoing, TransportError
from app.messaging.twilio_sms import TwilioSms
from tests.wire.twilio_server import TwilioServer, twilio_server

ACCOUNT = "AC" + "a" * 32
SERVICE = "MG" + "b" * 32


@pytest.fixture
def server() -> Iterator[TwilioServer]:
    with twilio_server() as running:
        yield running


@pytest.fixture
def sms(server: TwilioServer) -> TwilioSms:
    return TwilioSms(ACCOUNT, "token", SERVICE, server.url)


def message(**given: object) -> Outgoing:
    return Outgoing(**{"public_id": "p1", "sender": None, "recipient": "+19545550101", "text": "Hi Maria", **given})


def test_a_message_goes_out_by_the_service_and_comes_back_with_its_id(server, sms):
    sent = sms.send(message())
    request = server.requests[0]
    assert request["path"] == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert request["user"] == f"{ACCOUNT}:token"
    assert (request["To"], request["Body"]) == ("+19545550101", "Hi Maria")
    assert request["MessagingServiceSid"] == SERVICE
    assert "From" not in request
    assert (request["ValidityPeriod"], request["SmartEncoded"]) == ("1800", "true")
    assert (sent.provider_id, sent.segments, sent.cost) == ("SM" + "0" * 31 + "1", 2, None)


def test_a_stores_own_number_sends_as_from(server, sms):
    sms.send(message(sender="+19545550100"))
    assert server.requests[0]["From"] == "+19545550100"
    assert "MessagingServiceSid" not in server.requests[0]


def test_a_message_near_the_end_of_the_day_may_not_wait_into_the_night(server, sms):
    sms.send(message(valid_for=timedelta(minutes=7)))
    sms.send(message(valid_for=timedelta(hours=5)))
    assert [request["ValidityPeriod"] for request in server.requests] == ["420", "1800"]


def test_without_any_sender_nothing_is_asked_of_twilio(server):
    with pytest.raises(TransportError) as caught:
        TwilioSms(ACCOUNT, "token", None, server.url).send(message())
    assert caught.value.permanent
    assert server.requests == []


@pytest.mark.parametrize(
    ("step", "permanent", "unknown", "code", "opted_out"),
    [
        ("opted_out", True, False, "21610", True),
        ("bad_number", True, False, "21211", False),
        ("busy", False, False, "20429", False),
        ("denied", False, False, "20003", False),
        ("down", False, True, "20500", False),
        ("html", False, True, "502", False),
        ("reset", False, True, "broken", False),
        ("garbage", False, True, None, False),
    ],
)
def test_each_answer_maps_to_what_may_be_done_next(server, sms, step, permanent, unknown, code, opted_out):
    server.script = [step]
    with pytest.raises(TransportError) as caught:
        sms.send(message())
    error = caught.value
    assert (error.permanent, error.unknown, error.code, error.opted_out) == (permanent, unknown, code, opted_out)
    assert len(server.requests) == 1, "nothing is sent twice by itself"


def test_an_answer_that_never_comes_is_unknown(server, monkeypatch):
    monkeypatch.setattr(twilio_sms, "TIMEOUT_SECONDS", 0.2)
    server.script = ["hang"]
    with pytest.raises(TransportError) as caught:
        TwilioSms(ACCOUNT, "token", SERVICE, server.url).send(message())
    assert caught.value.unknown
    assert len(server.requests) == 1


def test_a_server_that_cannot_be_reached_took_nothing():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(TransportError) as caught:
        TwilioSms(ACCOUNT, "token", SERVICE, f"http://127.0.0.1:{port}").send(message())
    assert (caught.value.unknown, caught.value.permanent) == (False, False)


def test_a_message_that_twilio_took_is_found_afterwards(server, sms):
    since = datetime.now(UTC)
    server.script = ["reset"]
    with pytest.raises(TransportError):
        sms.send(message())
    assert sms.find(message(), since).provider_id == server.messages[0]["sid"]


def test_an_older_one_another_text_and_another_recipient_are_not_it(server, sms):
    sms.send(message())
    assert sms.find(message(), datetime.now(UTC) + timedelta(hours=1)) is None
    assert sms.find(message(text="Hi Dan"), datetime.now(UTC)) is None
    assert sms.find(message(recipient="+19545550102"), datetime.now(UTC)) is None


def test_it_is_found_with_the_line_that_a_service_appends(server, sms):
    sms.send(message(text="It’s Maria"))
    server.messages[0]["body"] = "It's Maria\n\nReply STOP to unsubscribe."
    assert sms.find(message(text="It’s Maria"), datetime.now(UTC)) is not None


def test_a_question_that_fails_is_an_error_not_a_no(server, sms):
    server.script = ["down"]
    with pytest.raises(TransportError):
        sms.find(message(), datetime.now(UTC))


def test_threads_get_each_their_own_answer(server, sms):
    numbers = [f"+1954555{number:04d}" for number in range(60)]
    with ThreadPoolExecutor(12) as lanes:
        sent = list(lanes.map(lambda number: sms.send(message(recipient=number)).provider_id, numbers))
    by_sid = {kept["sid"]: kept["to"] for kept in server.messages}
    assert [by_sid[provider_id] for provider_id in sent] == numbers
