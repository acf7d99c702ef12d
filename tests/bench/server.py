"""What every bench stands on: a fresh database with leads, the real web and worker processes, a stand-in provider."""

import contextlib
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "bench-secret-key-of-32-characters"
ENCRYPTION_KEY = "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdCE="
WEBHOOK_SECRET = "bench-webhook-secret"
# What the answers of tests.wire.llm_bench name prices of: proven, as an honest model's are.
ON_ORDER = (("Full Car Ceramic Tint", 29900), ("One Year Coating", 39900), ("Five Year Coating", 89900))
READY_WITHIN = 40.0


@dataclass(frozen=True)
class Customer:
    """One lead as its customer's browser knows it, and what the provider is told of it."""

    public_id: str
    cookie: str
    safety_id: str


@dataclass
class Bench:
    """The running system. `environ` is what its processes were started with."""

    port: int
    llm_port: int
    environ: dict[str, str]
    customers: list[Customer]
    web: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes] | None
    _taken: int = 0
    extra: dict[str, object] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def take(self, count: int) -> list[Customer]:
        """Customers nobody has taken yet."""
        self._taken += count
        return self.customers[self._taken - count : self._taken]


@contextlib.contextmanager
def postgres() -> Iterator[None]:
    """TEST_DATABASE_SERVER as given, else an embedded server for as long as the block runs."""
    if os.environ.get("TEST_DATABASE_SERVER"):
        yield
        return
    from app.sandbox.postgres import EmbeddedPostgres

    folder = Path(tempfile.mkdtemp(prefix="lo-bench-"))
    server = EmbeddedPostgres(folder)
    os.environ["TEST_DATABASE_SERVER"] = server.start()
    try:
        yield
    finally:
        server.stop()
        del os.environ["TEST_DATABASE_SERVER"]
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def bench(leads: int, *, sandbox: bool = False, worker: bool = True, **environ: str) -> Iterator[Bench]:
    """The system with that many leads of one store, each with a conversation and a customer's cookie."""
    from tests.databases import create_database, drop_database, migrate

    name = f"bench_{uuid.uuid4().hex[:10]}"
    with postgres(), contextlib.ExitStack() as stack:
        url = create_database(name)
        stack.callback(drop_database, name)
        migrate(url)
        port, llm_port = free_port(), free_port()
        settings = settings_of(url, port, llm_port, sandbox) | environ
        customers = load(url, leads)
        stack.enter_context(running("tests.wire.llm_server", "--port", str(llm_port), ready=llm_port))
        web = stack.enter_context(gunicorn("wsgi:app", port, settings))
        work = stack.enter_context(running("flask", "worker", environ=settings)) if worker else None
        wait_until(lambda: fetch(f"http://127.0.0.1:{port}/api/health") is not None, "the web processes")
        yield Bench(port, llm_port, settings, customers, web, work)


def settings_of(url: str, port: int, llm_port: int, sandbox: bool) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "SANDBOX": "1" if sandbox else "0",
        "SECRET_KEY": SECRET_KEY,
        "ENCRYPTION_KEYS": ENCRYPTION_KEY,
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2",
        "LOG_LEVEL": "WARNING",
        "FLASK_APP": "wsgi.py",
        "ANTHROPIC_API_KEY": "test",
        "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{llm_port}",
        "SHOPMONKEY_API_KEY": "sandbox-shopmonkey-key",
        "SHOPMONKEY_BASE_URL": f"http://127.0.0.1:{port}/sandbox/shopmonkey",
        "SHOPMONKEY_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }


def load(url: str, leads: int) -> list[Customer]:
    """One store with a hundred services, and the leads."""
    from hashlib import sha256

    from app import create_app
    from app.chat import open_conversation
    from app.db import db
    from app.leads.models import RequestedService
    from app.locations.models import LocationSettings
    from app.sandbox import catalogue
    from app.web.links import COOKIE_PURPOSE, sign
    from tests.conftest import settings_for_tests
    from tests.factories.catalog import make_service
    from tests.factories.leads import make_lead
    from tests.factories.locations import make_company, make_location

    app = create_app(settings_for_tests(url, secret_key=SECRET_KEY))
    customers = []
    with app.app_context():
        company = make_company(shopmonkey_id="bench-company", shopmonkey_webhook_secret=WEBHOOK_SECRET)
        terms = LocationSettings(
            assistant_terms="The film carries a lifetime warranty against bubbling, peeling and fading."
        )
        store = make_location(company, shopmonkey_id="bench-location", settings=terms)
        key = catalogue.company()["stores"][0]["key"]
        for row in catalogue.services(key):
            same = {"name": row["name"], "category": row["category"], "description": row["description"]}
            price = {"kind": row["kind"], "low_cents": row["low"], "high_cents": row["high"]}
            make_service(store, by_class=row["classes"], duration_minutes=row["minutes"], **same, **price)
        for _ in range(leads):
            lead = make_lead(store)
            lead.services = [
                RequestedService(shopmonkey_id=f"{lead.id}-{at}", name=name, price_cents=cents, position=at)
                for at, (name, cents) in enumerate(ON_ORDER)
            ]
            open_conversation(lead)
            cookie = sign(COOKIE_PURPOSE, [[lead.public_id, lead.link_generation]])
            safety_id = sha256(f"lead:{lead.public_id}".encode()).hexdigest()[:32]
            customers.append(Customer(lead.public_id, cookie, safety_id))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return customers


@contextlib.contextmanager
def gunicorn(
    target: str, port: int, environ: dict[str, str], *options: str, cwd: Path = ROOT
) -> Iterator[subprocess.Popen[bytes]]:
    """Two gevent workers of that application, ready to answer."""
    arguments = ("gunicorn", "-b", f"127.0.0.1:{port}", *options, target)
    with running(*arguments, environ=environ, cwd=cwd, ready=port) as process:
        wait_until(lambda: len(children(process.pid)) >= 2, "gunicorn's workers")
        yield process


@contextlib.contextmanager
def running(
    module: str, *arguments: str, environ: dict[str, str] | None = None, cwd: Path = ROOT, ready: int = 0
) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m module` for as long as the block runs; waits for the port `ready`."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(environ or {})}
    process = subprocess.Popen([sys.executable, "-m", module, *arguments], cwd=cwd, env=given, stdout=sys.stderr)
    try:
        if ready:
            wait_until(lambda: _listens(ready) or process.poll() is not None, module)
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and kill it when it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            for child in children(process.pid):
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
            process.kill()
            process.wait()


def children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def cpu_of(pid: int) -> float:
    """Seconds of processor that the process and its children have used, those that have ended included."""
    try:
        top = psutil.Process(pid)
        times = top.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    used = times.user + times.system + times.children_user + times.children_system
    for child in top.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            own = child.cpu_times()
            used += own.user + own.system
    return used


def postmaster() -> int:
    """The process id of the database server."""
    import psycopg2

    from tests.databases import address

    connection = psycopg2.connect(address("postgres"))
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return psutil.Process(cursor.fetchone()[0]).ppid()
    finally:
        connection.close()


def memory_of(pid: int) -> float:
    """Megabytes that the process's children hold for themselves (USS)."""
    return sum(child.memory_full_info().uss for child in children(pid)) / 1e6


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fetch(url: str, method: str = "GET") -> bytes | None:
    """The body, None when nothing answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=10) as answer:
            return answer.read()
    except OSError:
        return None


def wait_until(condition: Callable[[], object], what: str, within: float = READY_WITHIN) -> None:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {within:.0f} s")
        time.sleep(0.02)


def percentile(values: list[float], percent: float) -> float:
    """Nearest rank; NaN of nothing."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")
