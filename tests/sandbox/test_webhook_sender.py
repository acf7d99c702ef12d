"""The stand-in's webhooks, over the wire: headers, signature, and which failures are tried again."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.sandbox.shopmonkey import deliveries
from app.sandbox.shopmonkey.deliveries import delivery, send
from app.shopmonkey import verify

SECRET = "webhook-secret"
ROW = {"id": "order-1", "name": "New Quote"}


class Receiver:
    """A door that answers with the given statuses in turn, and keeps what came."""

    def __init__(self, statuses: list[int]) -> None:
        self.statuses = statuses
        self.came: list[tuple[dict[str, str], bytes]] = []


@contextmanager
def receiving(*statuses: int) -> Iterator[tuple[Receiver, str]]:
    receiver = Receiver(list(statuses))

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(receiver.statuses.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *given: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receiver, f"http://127.0.0.1:{server.server_port}/webhooks/shopmonkey"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sent_to(url: str, style: str = "v1-base64") -> bool:
    return send(delivery(url, SECRET, "order", "INSERT", ROW, style))


@pytest.mark.parametrize("style", ["v1-base64", "v1-hex", "hex"])
def test_a_delivery_is_signed_as_ours_verify_it(style: str) -> None:
    with receiving(200) as (receiver, url):
        assert sent_to(url, style)
    headers, body = receiver.came[0]
    verify(SECRET, headers, body, int(headers["webhook-timestamp"]))
    assert body == b'{"apiVersion":"3","operation":"INSERT","table":"order","data":{"id":"order-1","name":"New Quote"}}'
    assert headers["webhook-version"] == "3"
    assert headers["user-agent"].startswith("Shopmonkey")
    assert headers["x-attempt"] == "1"


def test_a_door_that_cannot_store_it_is_tried_again_with_the_same_delivery() -> None:
    with receiving(503, 429, 200) as (receiver, url):
        assert sent_to(url)
    assert [headers["x-attempt"] for headers, _ in receiver.came] == ["1", "2", "3"]
    assert len({headers["webhook-id"] for headers, _ in receiver.came}) == 1
    assert len({headers["webhook-signature"] for headers, _ in receiver.came}) == 1
    assert len({headers["x-request-id"] for headers, _ in receiver.came}) == 3


@pytest.mark.parametrize("status", [500, 401, 400])
def test_500_and_refusals_are_final(status: int) -> None:
    with receiving(status, 200) as (receiver, url):
        assert not sent_to(url)
    assert len(receiver.came) == 1


def test_four_attempts_are_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries.time, "sleep", lambda seconds: None)
    with receiving(*[503] * 6) as (receiver, url):
        assert not sent_to(url)
    assert len(receiver.came) == 4


def test_a_closed_door_is_tried_and_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(deliveries.time, "sleep", waits.append)
    assert not sent_to("http://127.0.0.1:9/webhooks/shopmonkey")
    assert len(waits) >= 3
