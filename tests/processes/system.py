"""The running system as these tests see it: two web servers, workers, a stand-in provider, and the tables."""

import contextlib
import http.client
import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import flask.cli
import psutil
import psycopg2

from tests.wire.llm_server import LlmServer, Wait

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "processes-secret-key-32-characters"
PATIENCE = 60.0
FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["tests.preloaded"])


class Gate(Wait):
    """A step that waits until the test opens it."""

    def __init__(self) -> None:
        object.__setattr__(self, "opened", threading.Event())

    @property
    def seconds(self) -> float:  # type: ignore[override]
        assert self.opened.wait(PATIENCE), "the test never opened the gate"
        return 0.0

    def open(self) -> None:
        self.opened.set()


@dataclass
class Web:
    """A server of one process: gunicorn's master, and below it the worker that does the work."""

    master: subprocess.Popen[bytes]
    port: int

    @property
    def pid(self) -> int:
        return psutil.Process(self.master.pid).children()[0].pid

    def kill(self) -> None:
        """As if the machine had taken it."""
        os.kill(self.pid, signal.SIGKILL)

    def terminate_worker(self) -> None:
        """Ask the working process to stop, as a restart does."""
        os.kill(self.pid, signal.SIGTERM)

    def stop(self) -> None:
        below = psutil.Process(self.master.pid).children()
        self.master.kill()
        for child in below:
            child.kill()
        self.master.wait()


class Worker(FORKING.Process):
    """What `flask worker` does, in a process of its own."""

    def __init__(self, environ: dict[str, str]) -> None:
        super().__init__()
        self.environ = environ

    def run(self) -> None:
        os.chdir(ROOT)
        os.environ.update(self.environ)
        flask.cli.cli.main(["worker"])

    def kill(self) -> None:
        """As if the machine had taken it."""
        super().kill()
        self.join()


@dataclass
class System:
    """Everything that runs. `web` are two servers of one process each, so that a test knows who generates."""

    url: str
    llm: LlmServer
    environ: dict[str, str]
    web: list[Web] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._connection = psycopg2.connect(self.url)
        self._connection.autocommit = True

    def start_web(self) -> None:
        port = free_port()
        arguments = ("gunicorn", "-w", "1", "-b", f"127.0.0.1:{port}", "--no-control-socket", "wsgi:app")
        given = {**os.environ, **self.environ, "PORT": str(port)}
        self.web.append(Web(subprocess.Popen([sys.executable, "-m", *arguments], cwd=ROOT, env=given), port))

    @contextlib.contextmanager
    def worker(self) -> Iterator[Worker]:
        """A worker process for as long as the block runs; it has beaten once."""
        since = self.one("SELECT clock_timestamp()")
        process = Worker(self.environ)
        process.start()
        try:
            eventually(
                lambda: self.one("SELECT count(*) FROM heartbeats WHERE name = 'worker' AND at > %s", since), "a worker"
            )
            eventually(lambda: self.one("SELECT to_regclass('sandbox.outbox')::text"), "the sandbox's tables")
            yield process
        finally:
            process.kill()

    def wait_for_web(self) -> None:
        for server in self.web:
            eventually(lambda server=server: _answers(server.port), f"the web server on {server.port}")

    def stop(self) -> None:
        for server in self.web:
            server.stop()
        self._connection.close()

    def rows(self, statement: str, *values: object) -> list[tuple]:
        """What a statement finds; it commits."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def one(self, statement: str, *values: object):
        """The first column of the first row."""
        found = self.rows(statement, *values)
        return found[0][0] if found else None

    @contextlib.contextmanager
    def holding(self, statement: str, *values: object) -> Iterator[None]:
        """Hold the locks of that statement while the block runs."""
        connection = psycopg2.connect(self.url)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
            yield
        finally:
            connection.close()

    def someone_waits_for_a_lock(self) -> bool:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(self.one(query))


@dataclass(frozen=True)
class Guest:
    """A customer with the cookie that a link has set."""

    lead_id: int
    public_id: str
    conversation_id: int
    cookie: str

    def say(self, process: Web, message: str, client_message_id: str = "") -> int:
        """Post the message; the status."""
        body = urlencode({"message": message, "client_message_id": client_message_id or uuid.uuid4().hex})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true", **self.headers}
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", process.port, timeout=PATIENCE)) as connection:
            connection.request("POST", f"/chat/{self.public_id}/messages", body, headers)
            return connection.getresponse().status

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"leads={self.cookie}"}


class Page:
    """A customer's open page: it keeps what each message shows, and reconnects from the last event it saw."""

    def __init__(self, guest: Guest) -> None:
        self.guest = guest
        self.last_id = "0"
        self.messages: dict[int, tuple[str, bool]] = {}
        self.shown: list[str] = []
        self._connection: http.client.HTTPConnection | None = None

    def connect(self, process: Web) -> None:
        """Open the feed there, from where the last one ended."""
        self.close()
        self._connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=PATIENCE)
        headers = {**self.guest.headers, "Last-Event-ID": self.last_id}
        self._connection.request("GET", f"/chat/{self.guest.public_id}/stream", headers=headers)
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        assert self._answer.readline() == b": here\n"

    def close(self) -> None:
        if self._connection is not None:
            self._answer.close()
            self._connection.close()

    def read_until(self, done: Callable[[], bool]) -> bool:
        """Take events until `done`; False when the feed ended before, or only says that it is there for a minute."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > deadline:
                return False
            try:
                if not self._take_event():
                    return False
            except (ConnectionError, http.client.HTTPException):
                return False
        return True

    def read_to_end(self) -> None:
        """Take events until the feed ends."""
        self.read_until(lambda: False)

    def answer(self) -> str:
        """What the newest message of the assistant shows."""
        return next((text for _, (text, _) in sorted(self.messages.items(), reverse=True)), "")

    def whole(self) -> bool:
        """Whether an answer stands there to its end."""
        return any(not busy for _, busy in self.messages.values())

    def _take_event(self) -> bool:
        lines: list[str] = []
        while (line := self._answer.readline()) not in (b"\n", b""):
            lines.append(line.decode())
        if not line:
            return False
        data = "".join(part.removeprefix("data: ") for part in lines if part.startswith("data: "))
        found = re.search(
            r'message--assistant.*?data-seq="(\d+)" aria-busy="(\w+)".*?<div class="bubble">(.*?)</div>', data, re.S
        )
        if found:
            text = unescape(re.sub(r"<[^>]+>", "", found[3])).strip()
            self.messages[int(found[1])] = (text, found[2] == "true")
            self.shown.append(text)
        self.last_id = next((part[4:].strip() for part in lines if part.startswith("id: ")), self.last_id)
        return True


def eventually(condition: Callable[[], object], what: str, within: float = PATIENCE):
    """The condition's value as soon as it is true."""
    deadline = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {within:.0f} s"
        time.sleep(0.02)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(port: int) -> bool:
    try:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            connection.request("GET", "/api/health")
            return connection.getresponse().status in (200, 503)
    except OSError:
        return False
