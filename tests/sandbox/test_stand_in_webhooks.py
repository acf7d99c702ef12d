"""The stand-in's webhooks end to end: a change over the API is told to whoever registered, as badly as is switched."""

from collections.abc import Iterator

import orjson
import pytest
import requests

from app.shopmonkey import verify
from tests.conftest import fresh_database_url
from tests.sandbox.test_webhook_sender import receiving
from tests.wire.stand_in import KEY, SECRET, StandIn, stand_in


@pytest.fixture(scope="module")
def running() -> Iterator[StandIn]:
    with fresh_database_url() as url, stand_in(url) as server:
        yield server


@pytest.fixture
def server(running: StandIn) -> Iterator[StandIn]:
    running.behave(fresh=True, pause_scale=0.01, delay=0.05)
    yield running
    running.settle()
    for hook in running.all("webhook"):
        running.remove("webhook", hook["id"])


def new_order(server: StandIn, **given: object) -> dict[str, object]:
    return ask(server, "POST", "/order", json={"name": "New Quote", "locationId": "store-1", **given}).json()["data"]


def ask(server: StandIn, method: str, path: str, **given: object) -> requests.Response:
    headers = {"Authorization": f"Bearer {KEY}"}
    return requests.request(method, f"{server.url}/v3{path}", headers=headers, timeout=5, **given)


def told(came: list[tuple[dict[str, str], bytes]]) -> list[dict[str, object]]:
    return [orjson.loads(body) for _, body in came]


def test_our_registration_is_told_of_new_and_changed_orders(server: StandIn) -> None:
    with receiving(*[200] * 4) as (receiver, url):
        client = server.client()
        hook = client.create_webhook(name="ours", url=url, triggers=["OrderInsert", "OrderUpdate"], secret="s3")
        assert hook.works
        order = new_order(server)
        server.settle()
        ask(server, "PUT", f"/order/{order['id']}", json={"authorized": True, "nonsense": 1})
        server.settle()
        ask(server, "DELETE", f"/order/{order['id']}", json={})
        server.settle()
        client.session.close()
    bodies = told(receiver.came)
    assert [body["operation"] for body in bodies] == ["INSERT", "UPDATE", "UPDATE"]
    assert bodies[1]["diff"] == ["authorized", "updatedDate"]
    assert bodies[1]["data"]["authorized"] is True
    assert "deleted" in bodies[2]["diff"]
    versions = [body["data"]["meta"]["version"] for body in bodies]
    assert versions == sorted(set(versions))
    headers, body = receiver.came[0]
    verify("s3", headers, body, int(headers["webhook-timestamp"]))


@pytest.mark.parametrize(
    ("style", "secret"),
    [("v1-hex", SECRET), ("hex", SECRET), ("base64", SECRET), ("whsec-v1-base64", "whsec_c2VjcmV0")],
)
def test_every_form_of_signature_can_be_sent(server: StandIn, style: str, secret: str) -> None:
    server.behave(signature=style)
    with receiving(200) as (receiver, url):
        server.register(url, secret=secret)
        new_order(server)
        server.settle()
    headers, body = receiver.came[0]
    verify(secret, headers, body, int(headers["webhook-timestamp"]))


def test_a_store_and_other_triggers_are_kept_apart(server: StandIn) -> None:
    with receiving(200) as (receiver, url):
        server.register(url, "here", locationId="store-1")
        server.register(url, "elsewhere", locationId="store-2")
        server.register(url, "appointments", triggers=["AppointmentInsert"])
        new_order(server)
        server.settle()
    assert len(receiver.came) == 1


def test_deliveries_are_dropped_doubled_and_come_out_of_order(server: StandIn) -> None:
    with receiving(*[200] * 80) as (receiver, url):
        server.register(url)
        server.behave(told_dropped=1.0)
        before = server.deliveries()
        new_order(server)
        assert server.settle()["dropped"] == before["dropped"] + 1
        assert receiver.came == []
        server.behave(told_dropped=0.0, told_twice=1.0)
        new_order(server)
        server.settle()
        assert len(receiver.came) == 2
        assert receiver.came[0][1] == receiver.came[1][1]
        server.behave(told_twice=0.0, told_reordered=1.0, seed=3, delay=0.5)
        server.put(
            "order",
            [{"id": f"o-{number:02}", "createdDate": "2026-11-02T15:00:00Z"} for number in range(20)],
            tell=True,
        )
        server.settle()
    came = [body["data"]["id"] for body in told(receiver.came[2:])]
    assert sorted(came) != came
    assert len(came) == 20


def test_a_door_that_stays_shut_puts_the_webhook_in_error_then_off_and_we_turn_it_on_again(server: StandIn) -> None:
    server.behave(disabled_after=2)
    server.register("http://127.0.0.1:9/webhooks/shopmonkey")
    client = server.client()
    new_order(server)
    server.settle()
    [hook] = client.webhooks()
    assert (hook.enabled, hook.error, hook.error_message, hook.works) == (True, True, "delivery failed", False)
    new_order(server)
    server.settle()
    [hook] = client.webhooks()
    assert not hook.enabled
    before = server.deliveries()
    new_order(server)
    assert server.deliveries() == before
    assert client.enable_webhook(hook.id).works
    client.session.close()


def test_four_attempts_share_one_webhook_id(server: StandIn) -> None:
    with receiving(503, 503, 503, 503, 200) as (receiver, url):
        server.register(url)
        new_order(server)
        server.settle()
    assert [headers["x-attempt"] for headers, _ in receiver.came] == ["1", "2", "3", "4"]
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1


def test_two_webhooks_of_one_name_are_refused(server: StandIn) -> None:
    body = {"name": "ours", "url": "http://127.0.0.1:9/", "triggers": ["OrderInsert"]}
    assert ask(server, "POST", "/webhook", json=body).status_code == 200
    assert ask(server, "POST", "/webhook", json=body).status_code == 400
