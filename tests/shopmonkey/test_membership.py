"""A key that may be another account's says so before anything is believed of it."""

import pytest

from app.shopmonkey import ShopMonkey, ShopMonkeyError, WrongKey
from app.shopmonkey.membership import ASKED_AGAIN, Membership
from tests.wire.shopmonkey_server import KEY, Fault, shopmonkey_server


@pytest.fixture
def server():
    with shopmonkey_server() as running:
        running.locations["l1"] = {"id": "l1", "companyId": "ours"}
        yield running


@pytest.fixture
def client(server):
    made = ShopMonkey(server.url, KEY, timeout=0.5, sleep=lambda seconds: None)
    yield made
    made.session.close()


def test_another_accounts_key_tells_of_no_order_that_it_is_gone(client, server) -> None:
    with pytest.raises(WrongKey) as caught:
        client.of_account("theirs").order("o1")
    assert (caught.value.gone, caught.value.key_refused) == (False, True)
    assert server.paths() == ["/v3/location"]


def test_nothing_is_written_to_another_account(client, server) -> None:
    with pytest.raises(WrongKey):
        client.of_account("theirs").create_appointment({"name": "Tint"})
    assert server.written == []


def test_an_accounts_own_key_is_asked_once_whose_it_is(client, server) -> None:
    for _ in range(2):
        with pytest.raises(ShopMonkeyError) as caught:
            client.of_account("ours").order("o1")
        assert caught.value.gone
    assert server.paths() == ["/v3/location", "/v3/order/o1", "/v3/order/o1"]


def test_while_shopmonkey_cannot_say_whose_it_is_nothing_is_read(client, server) -> None:
    server.faults.append(Fault(500))
    with pytest.raises(ShopMonkeyError) as caught:
        client.of_account("ours").order("o1")
    assert (caught.value.permanent, caught.value.key_refused) == (False, False)
    server.put_order("o1")
    assert client.of_account("ours").order("o1").id == "o1"


def test_the_client_of_an_account_is_one_and_shares_the_limits_of_its_key(client) -> None:
    bound = client.of_account("ours")
    assert bound is client.of_account("ours")
    assert bound is not client.of_account("theirs")
    assert (bound.wire.slots, bound.wire.pace) == (client.wire.slots, client.wire.pace)


def test_a_refused_key_is_asked_again_after_a_while(client, server) -> None:
    times = iter([0.0, 0.0, 1.0, ASKED_AGAIN, ASKED_AGAIN])
    membership = Membership(client, "theirs", now=lambda: next(times))
    for _ in range(2):
        with pytest.raises(WrongKey):
            membership.prove()
    assert len(server.calls) == 1
    server.locations["l2"] = {"id": "l2", "companyId": "theirs"}
    membership.prove()
    assert len(server.calls) == 2
