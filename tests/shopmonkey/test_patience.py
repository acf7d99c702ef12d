"""Who holds a lane or a lease does not sleep through a long rest, and may renew the lease before every call."""

import pytest

from app.shopmonkey import ShopMonkey, ShopMonkeyError, short_of_patience
from tests.wire.shopmonkey_server import KEY, Fault, shopmonkey_server


@pytest.fixture
def server():
    with shopmonkey_server() as running:
        running.put_order("o1")
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def client(server, waits):
    client = ShopMonkey(server.url, KEY, sleep=waits.append)
    yield client
    client.session.close()


def test_a_long_rest_is_told_at_once_and_then_nothing_is_asked(client, server, waits) -> None:
    server.faults.append(Fault(429, headers={"Retry-After": "45"}))
    with short_of_patience():
        for _ in range(3):
            with pytest.raises(ShopMonkeyError) as refused:
                client.order("o1")
            assert (refused.value.status, refused.value.permanent, refused.value.unknown) == (429, False, False)
            assert refused.value.retry_after == pytest.approx(45, abs=1)
    assert (waits, len(server.calls)) == ([], 1)


def test_a_short_one_is_waited_for(client, server, waits) -> None:
    server.faults.append(Fault(429, headers={"Retry-After": "2"}))
    with short_of_patience():
        assert client.order("o1").id == "o1"
    assert waits == [pytest.approx(2, abs=0.5)]


def test_an_outage_that_names_a_long_wait_is_not_slept_through(client, server, waits) -> None:
    server.faults.append(Fault(503, headers={"Retry-After": "60"}))
    with short_of_patience(), pytest.raises(ShopMonkeyError):
        client.order("o1")
    assert (waits, len(server.calls)) == ([], 1)


def test_who_has_all_the_time_waits_as_asked(client, server, waits) -> None:
    with short_of_patience():
        pass
    server.faults.append(Fault(429, headers={"Retry-After": "45"}))
    assert client.order("o1").id == "o1"
    assert waits == [pytest.approx(45, abs=0.5)]


def test_calls_that_hang_in_every_slot_of_the_key_are_not_waited_for(client) -> None:
    for _ in range(5):
        client.wire.slots.acquire()
    with short_of_patience(0.1), pytest.raises(ShopMonkeyError) as refused:
        client.order("o1")
    assert (refused.value.unwell, refused.value.unknown) == (True, False)


def test_what_is_to_be_kept_is_kept_before_every_call_and_ends_it_when_it_is_lost(client, server) -> None:
    kept: list[int] = []
    with short_of_patience(keep=lambda: kept.append(len(server.calls))):
        client.order("o1")
        client.order("o1")
    assert sorted(set(kept)) == [0, 1]

    def lost() -> None:
        raise KeyError("lease")

    with short_of_patience(keep=lost), pytest.raises(KeyError):
        client.order("o1")
    assert len(server.calls) == 2
