"""The real thing for journeys: gunicorn, worker and database as processes, with a scripted model at their end."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.sandbox.keys import sandbox_settings
from tests.conftest import TEST_ENCRYPTION_KEY, fresh_database_url
from tests.journeys.model import ShopModel
from tests.wire.llm_server import LlmServer

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 60.0
STOPPED_WITHIN = 20.0


@dataclass
class Running:
    """Where it answers, and the model that it asks."""

    address: str
    model: ShopModel
    log: Path
    read: int = 0

    def complaints(self) -> list[str]:
        """What its processes logged as errors since the last call."""
        with self.log.open() as file:
            file.seek(self.read)
            lines = file.readlines()
            self.read = file.tell()
        return [line for line in lines if '"level":"error"' in line or "Traceback" in line]


@contextlib.contextmanager
def running() -> Iterator[Running]:
    """Two web processes, a worker and the demo company on a database of their own; nothing is left afterwards."""
    with fresh_database_url() as url, LlmServer() as llm, tempfile.TemporaryDirectory(prefix="lo-j-") as folder:
        llm.default = model = ShopModel()
        port = _free_port()
        environ = _environment(url, port, llm, folder)
        log = Path(folder) / "log"
        with log.open("wb") as out, _processes(("gunicorn -c gunicorn.conf.py wsgi:app", "flask worker"), environ, out):
            load = subprocess.run(_command("flask sandbox load"), cwd=ROOT, env=environ, stdout=out, stderr=out)
            try:
                load.check_returncode()
                _wait_until_it_answers(f"http://127.0.0.1:{port}")
            except (subprocess.CalledProcessError, TimeoutError) as error:
                raise RuntimeError(f"it did not start:\n{log.read_text()[-4000:]}") from error
            yield Running(f"http://127.0.0.1:{port}", model, log)


def _environment(database_url: str, port: int, llm: LlmServer, folder: str) -> dict[str, str]:
    keys = {
        "SECRET_KEY": "journeys-secret-key-of-32-letters",
        "ENCRYPTION_KEYS": TEST_ENCRYPTION_KEY,
        "SHOPMONKEY_WEBHOOK_SECRET": "journeys-webhook-secret",
    }
    inherited = {name: os.environ[name] for name in ("HOME", "LANG", "TZ") if name in os.environ}
    return {
        **inherited,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "XDG_RUNTIME_DIR": folder,
        **sandbox_settings(keys, database_url, port, None),
        "WEB_CONCURRENCY": "2",
        "LOG_LEVEL": "INFO",
        "ANTHROPIC_API_KEY": "test",
        "ANTHROPIC_BASE_URL": llm.url("anthropic"),
    }


@contextlib.contextmanager
def _processes(commands: tuple[str, ...], environ: dict[str, str], out: IO[bytes]) -> Iterator[None]:
    running = [
        subprocess.Popen(_command(command), cwd=ROOT, env=environ, stdout=out, stderr=out, start_new_session=True)
        for command in commands
    ]
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOPPED_WITHIN)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _command(command: str) -> list[str]:
    name, *rest = command.split()
    return [str(Path(sys.executable).parent / name), *rest]


def _wait_until_it_answers(address: str) -> None:
    """Database up, worker heard of: the health address says both. Raises TimeoutError."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/api/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(address)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
