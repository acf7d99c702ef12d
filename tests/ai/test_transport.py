"""The lean transport: kept connections, checked certificates, the errors the SDKs know."""

import datetime
import os
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.ai.port import ProviderError, Text
from app.ai.transport import LeanTransport
from tests.ai.helpers import WIRES, a_prompt, a_provider, joined
from tests.wire.llm_server import LlmServer, Say, Stop, Wait, refusal, words


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for localhost, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost")]
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(key.private_bytes(pem, *plain) + made.public_bytes(pem))
    return path


@pytest.fixture
def tls_server(certificate: Path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with LlmServer(tls=context) as server:
        yield server


@pytest.mark.parametrize("wire", WIRES)
def test_a_connection_is_used_again_after_a_whole_answer(wire):
    with LlmServer() as server, a_provider(server, wire) as provider:
        for _ in range(3):
            list(provider.stream(a_prompt()))
        assert len({request.connection for request in server.requests}) == 1


@pytest.mark.parametrize("wire", WIRES)
def test_a_connection_is_used_again_when_reading_stopped_at_the_stop_event(wire):
    with LlmServer() as server, a_provider(server, wire) as provider:
        for _ in range(2):
            events = provider.stream(a_prompt())
            while not hasattr(next(events), "reason"):
                pass
            events.close()
        assert len({request.connection for request in server.requests}) == 1


def test_a_half_read_connection_is_never_used_again():
    with LlmServer() as server, a_provider(server, "openai") as provider:
        server.play(Say("one"), Wait(0.2), Say("two"), Stop())
        events = provider.stream(a_prompt())
        next(events)
        events.close()
        assert joined(list(provider.stream(a_prompt())))[0] == Text("Hello from the test model.")
        assert len({request.connection for request in server.requests}) == 2


def test_an_error_body_is_read_and_its_connection_kept():
    with LlmServer() as server, a_provider(server, "openai") as provider:
        server.play(refusal("openai", 429, "rate_limit_error", "slow down"))
        with pytest.raises(ProviderError, match="slow down"):
            list(provider.stream(a_prompt()))
        list(provider.stream(a_prompt()))
        assert len({request.connection for request in server.requests}) == 1


def test_parallel_calls_have_a_connection_each():
    with LlmServer() as server, a_provider(server, "openai") as provider:
        server.default = [Say("a "), Wait(0.15), Say("b"), Stop()]
        answers: list[str] = []

        def ask() -> None:
            answers.append(joined(list(provider.stream(a_prompt())))[0].text)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == ["a b"] * 8


@pytest.mark.parametrize("wire", WIRES)
def test_a_trusted_certificate_is_accepted_and_its_connection_kept(wire, tls_server, certificate):
    trusting = ssl.create_default_context(cafile=certificate)
    with a_provider(tls_server.url(wire, host="localhost"), wire, tls=trusting) as provider:
        for _ in range(2):
            assert joined(list(provider.stream(a_prompt())))[0] == Text("Hello from the test model.")
    assert len({request.connection for request in tls_server.requests}) == 1


def test_an_unknown_certificate_is_refused(tls_server):
    with a_provider(tls_server, "openai") as provider, pytest.raises(ProviderError, match="certificate") as caught:
        list(provider.stream(a_prompt()))
    assert caught.value.kind == "connection"
    assert tls_server.requests == []


def test_a_certificate_for_another_host_is_refused(tls_server, certificate):
    trusting = ssl.create_default_context(cafile=certificate)
    url = tls_server.url("openai", host="127.0.0.1")
    with a_provider(url, "openai", tls=trusting) as provider, pytest.raises(ProviderError, match="IP address mismatch"):
        list(provider.stream(a_prompt()))


UNDER_GEVENT = """
from gevent import monkey
monkey.patch_all()
import sys, time, gevent
from app.ai.port import ProviderError
from app.ai.streaming import Timeouts
from tests.ai.helpers import a_prompt, a_provider
url, = sys.argv[1:]
with a_provider(url, "openai") as provider:
    def ask(n):
        return "".join(getattr(event, "text", "") for event in provider.stream(a_prompt()))
    began = time.monotonic()
    tasks = [gevent.spawn(ask, n) for n in range(20)]
    gevent.joinall(tasks)
    assert {task.get() for task in tasks} == {"a b"}, [task.value for task in tasks]
    assert time.monotonic() - began < 8, "they waited for each other"
with a_provider(url, "openai", timeouts=Timeouts(stall=0.3)) as provider:
    try:
        list(provider.stream(a_prompt(safety_id="stall")))
    except ProviderError as error:
        print(error.kind)
"""


def test_greenlets_stream_at_the_same_time_over_tls_and_notice_a_stall(tls_server, certificate):
    def script(request):
        if request.body["safety_identifier"] == "stall":
            return [Say("a"), Wait(20), Stop()]
        return [Say("a "), Wait(0.5), Say("b"), Stop()]

    tls_server.default = script
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", UNDER_GEVENT, tls_server.url("openai", "localhost")],
        cwd=root, env={**os.environ, "SSL_CERT_FILE": str(certificate)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ran.stdout.strip() == "stall", ran.stderr


class Canned:
    """A server that answers one connection after another with the bytes given, then closes it."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = answers
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> "Canned":
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._thread.join(5)
        self._socket.close()

    def _serve(self) -> None:
        for answer in self._answers:
            connection, _ = self._socket.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)


def get(*answers: bytes, times: int = 1, **given) -> httpx2.Response:
    with Canned(*answers) as server, httpx2.Client(transport=LeanTransport()) as client:
        for _ in range(times):
            response = client.get(server.url, timeout=10, **given)
        return response


def test_a_body_that_ends_with_the_connection_is_whole():
    assert get(b"HTTP/1.1 200 OK\r\n\r\nall of it").text == "all of it"


def test_an_interim_answer_is_skipped():
    response = get(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 201 Made\r\nContent-Length: 2\r\n\r\nok")
    assert (response.status_code, response.text, response.reason_phrase) == (201, "ok", "Made")
    assert "link" not in response.headers


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200",
        b"",
    ],
)
def test_a_malformed_or_unfinished_answer_is_a_protocol_error(answer):
    with pytest.raises(httpx2.RemoteProtocolError):
        get(answer)


def test_a_kept_connection_the_server_has_closed_is_replaced():
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    assert get(whole, whole, times=2).text == "ok"


def test_a_line_break_in_a_header_is_not_sent():
    request = httpx2.Request("GET", "http://127.0.0.1:9/", headers={"x": "a"})
    request.headers = httpx2.Headers([(b"x", b"a\r\nEvil: yes")])
    with pytest.raises(httpx2.LocalProtocolError):
        LeanTransport().handle_request(request)


def test_a_server_that_does_not_answer_is_a_read_timeout():
    with socket.create_server(("127.0.0.1", 0)) as silent, httpx2.Client(transport=LeanTransport()) as client:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(httpx2.ReadTimeout):
            client.get(url, timeout=0.1)


def test_words_split_inside_a_character_arrive_whole():
    with LlmServer() as server, a_provider(server, "openai") as provider:
        server.play(*words("☀☀☀ ¿qué tal? 🚗"), Stop())
        assert joined(list(provider.stream(a_prompt())))[0] == Text("☀☀☀ ¿qué tal? 🚗")
