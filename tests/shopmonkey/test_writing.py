"""Writes over the wire: what is tried again, what never is, and how each is sent."""

from collections.abc import Iterator

import pytest

from app.shopmonkey import ShopMonkey, ShopMonkeyError
from tests.wire.shopmonkey_server import FIREWALL, KEY, Fault, ShopMonkeyServer, shopmonkey_server

VISIT = {"name": "Tint", "color": "blue", "startDate": "2026-11-10T18:00:00Z", "endDate": "2026-11-10T19:00:00Z"}


@pytest.fixture
def server() -> Iterator[ShopMonkeyServer]:
    with shopmonkey_server() as running:
        yield running


@pytest.fixture
def client(server) -> Iterator[ShopMonkey]:
    made = ShopMonkey(server.url, KEY, timeout=0.5, sleep=lambda seconds: None)
    yield made
    made.session.close()


def test_a_visit_is_posted_as_it_is(client, server) -> None:
    assert client.create_appointment(VISIT).name == "Tint"
    assert server.written == [("POST", "/v3/appointment", VISIT)]


@pytest.mark.parametrize(
    "fault",
    [Fault(408), Fault(500), Fault(502), Fault(503), Fault(504), Fault(cut=True), Fault(hang=0.8), Fault(200, "x")],
)
def test_a_creation_that_may_have_been_carried_out_is_never_sent_twice(client, server, fault: Fault) -> None:
    server.faults.append(fault)
    with pytest.raises(ShopMonkeyError) as caught:
        client.create_appointment(VISIT)
    assert caught.value.unknown
    assert not caught.value.permanent
    assert len(server.calls) == 1


@pytest.mark.parametrize("fault", [Fault(400), Fault(401), Fault(422), FIREWALL])
def test_a_creation_that_was_refused_was_not_carried_out(client, server, fault: Fault) -> None:
    server.faults.append(fault)
    with pytest.raises(ShopMonkeyError) as caught:
        client.create_appointment(VISIT)
    assert not caught.value.unknown
    assert len(server.calls) == 1


def test_a_creation_that_was_turned_away_is_sent_again(client, server) -> None:
    server.faults.append(Fault(429, headers={"Retry-After": "1"}))
    assert client.create_appointment(VISIT).id == "new"
    assert len(server.calls) == 2


def test_a_creation_that_never_left_is_tried_again_and_known_not_to_be_carried_out() -> None:
    waits: list[float] = []
    client = ShopMonkey("http://127.0.0.1:9", KEY, sleep=waits.append)
    with pytest.raises(ShopMonkeyError) as caught:
        client.create_appointment(VISIT)
    assert len(waits) == 4
    assert not caught.value.unknown
    client.session.close()


def test_a_move_is_the_same_done_twice(client, server) -> None:
    server.faults.extend([Fault(503), Fault(cut=True)])
    client.update_appointment("a/1", {"color": "red"})
    assert server.written == [("PUT", "/v3/appointment/a%2F1", {"color": "red"})] * 3


def test_a_deletion_carries_an_empty_object(client, server) -> None:
    client.cancel_appointment("a1")
    assert server.written == [("DELETE", "/v3/appointment/a1", {})]


def test_without_the_right_to_delete_it_is_marked_as_cancelled(client, server) -> None:
    server.faults.append(Fault(403, '{"success": false, "message": "Forbidden"}'))
    client.cancel_appointment("a1")
    assert [call[:2] for call in server.written] == [
        ("DELETE", "/v3/appointment/a1"),
        ("PATCH", "/v3/appointment/a1/cancel"),
    ]


def test_the_firewall_does_not_turn_a_deletion_into_a_cancellation(client, server) -> None:
    server.faults.append(FIREWALL)
    with pytest.raises(ShopMonkeyError, match="firewall") as caught:
        client.cancel_appointment("a1")
    assert not caught.value.key_refused
    assert len(server.written) == 1


def test_a_visit_that_is_gone_is_taken_off_already(client, server) -> None:
    server.faults.append(Fault(404, '{"success": false}'))
    client.cancel_appointment("a1")


def test_a_webhook_is_registered_with_its_secret_and_switched_on_again(client, server) -> None:
    hook = client.create_webhook(name="ours", url="https://x.test/w", triggers=["OrderInsert"], secret="s3cret")
    assert hook.works
    client.enable_webhook("w1")
    body = {"name": "ours", "url": "https://x.test/w", "triggers": ["OrderInsert"], "secret": "s3cret", "enabled": True}
    assert server.written == [("POST", "/v3/webhook", body), ("PUT", "/v3/webhook/w1", {"enabled": True})]
    client.enable_webhook("w1", "rotated")
    assert server.written[-1] == ("PUT", "/v3/webhook/w1", {"enabled": True, "secret": "rotated"})
