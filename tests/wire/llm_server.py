"""A local server that speaks both providers' streaming protocols.

In a test: `with LlmServer() as server: server.play(Say("Hi"), Stop())`, then point an SDK at `server.url("openai")`.
For benches: `python -m tests.wire.llm_server --port 9000 --first-token 0.2 --interval 0.02 --tokens 60`.
"""

import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.wire.llm_script import (
    WIRES,
    Ask,
    Broken,
    Cut,
    End,
    Fault,
    Garbage,
    Open,
    Refuse,
    Say,
    Step,
    Stop,
    Think,
    Wait,
    events_of,
    refusal,
)  # fmt: skip

__all__ = [
    "Ask", "Broken", "Cut", "End", "Fault", "Garbage", "LlmServer", "Open", "Recorded", "Refuse", "Say", "Step", "Stop",
    "Think", "Wait", "refusal", "words",
]  # fmt: skip


@dataclass
class Recorded:
    """A request as it arrived, and what became of its answer."""

    wire: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    raw: bytes
    connection: int
    hung_up: threading.Event = field(default_factory=threading.Event)
    finished: threading.Event = field(default_factory=threading.Event)


def broken_off(wire: Any, steps: list[Step]) -> list[Any]:
    """The script's events as bytes, with the fault in its place; a wait is survived by who is patient enough."""
    broken, *rest = steps
    assert isinstance(broken, Broken)
    events = [*wire.start(), *(event for step in rest for event in events_of(wire, step))]
    return [*events[: broken.after], broken.by, *([] if isinstance(broken.by, Cut | End) else events[broken.after :])]


def words(text: str) -> list[Step]:
    """The sentence as tokens, a word each."""
    pieces = text.split(" ")
    return [Say(piece + (" " if at < len(pieces) - 1 else "")) for at, piece in enumerate(pieces)]


class LlmServer:
    """Plays one script per request, in order; `default` once they have run out. Scripts may be for one wire only."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Recorded] = []
        self.default: list[Step] | Callable[[Recorded], list[Step]] = [*words("Hello from the test model."), Stop()]
        self._scripts: dict[str, deque[list[Step]]] = {"any": deque(), "anthropic": deque(), "openai": deque()}
        self._stopping = threading.Event()
        self._server = _Server(self)
        self._scheme = "http"
        if tls is not None:
            self._scheme = "https"
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> "LlmServer":
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def url(self, wire: str, host: str = "127.0.0.1") -> str:
        """The SDK's base_url."""
        return f"{self._scheme}://{host}:{self.port}" + ("/v1" if wire == "openai" else "")

    def play(self, *steps: Step, on: str = "any") -> None:
        """Queue a script for the next request on that wire (anthropic, openai, any)."""
        self._scripts[on].append(list(steps))

    def script_for(self, request: Recorded) -> list[Step]:
        for name in (request.wire, "any"):
            if self._scripts[name]:
                return self._scripts[name].popleft()
        return self.default(request) if callable(self.default) else self.default

    def wait(self, seconds: float) -> bool:
        """Sleep, but no longer than the server lives; whether it is stopping."""
        return self._stopping.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, llm: LlmServer) -> None:
        self.llm = llm
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        wire = "anthropic" if self.path.startswith("/v1/messages") else "openai"
        headers = dict(self.headers.items())
        request = Recorded(wire, self.path, headers, json.loads(raw), raw, self.client_address[1])
        self.server.llm.requests.append(request)
        steps = list(self.server.llm.script_for(request))
        try:
            while isinstance(steps[0], Wait):
                self._idle(steps.pop(0))
            if isinstance(steps[0], Refuse):
                self._refuse(steps[0])
            elif isinstance(steps[0], Cut):
                self.close_connection = True
            else:
                self._stream(steps, request)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True
            request.hung_up.set()

    def _stream(self, steps: list[Step], request: Recorded) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("request-id" if request.wire == "anthropic" else "x-request-id", "req_streamed")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        model = next((step.model for step in steps if isinstance(step, Stop) and step.model), None)
        wire = WIRES[request.wire](model or request.body["model"])
        if isinstance(steps[0], Broken):
            steps = broken_off(wire, steps)
        else:
            self._chunk(b"".join(wire.start()))
        for step in steps:
            if isinstance(step, Wait):
                self._idle(step)
            elif isinstance(step, Cut):
                self.close_connection = True
                return
            elif isinstance(step, End):
                break
            for event in [step] if isinstance(step, bytes) else events_of(wire, step):
                self._chunk(event)
        self.wfile.write(b"0\r\n\r\n")
        request.finished.set()

    def _idle(self, step: Wait) -> None:
        """Wait, and notice when the client hangs up meanwhile."""
        end = time.monotonic() + step.seconds
        while time.monotonic() < end and not self.server.llm.wait(min(0.02, step.seconds)):
            if step.until and step.until.is_set():
                return
            self.connection.setblocking(False)
            try:
                if self.connection.recv(1) == b"":
                    raise BrokenPipeError
            except (BlockingIOError, ssl.SSLWantReadError):
                continue
            finally:
                self.connection.settimeout(self.timeout)

    def _chunk(self, data: bytes) -> None:
        if data:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _refuse(self, step: Refuse) -> None:
        data = json.dumps(step.error).encode()
        self.send_response(step.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("request-id", "req_refused")
        self.send_header("x-request-id", "req_refused")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Tests read `requests` instead."""


if __name__ == "__main__":
    from tests.wire.llm_bench import main

    main()
