"""What `make run` starts: with DATABASE_URL the web and worker processes on it, else a whole sandbox around them."""

import argparse
import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click

from app.sandbox.keys import keys_in, read_pairs, sandbox_settings, write_private
from app.sandbox.postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[2]
READY_WITHIN = 60.0
STOPPED_WITHIN = 30.0


class CannotStart(Exception):
    """Something outside stands in the way; the message is the one line that a person is shown."""


class Launcher:
    """Starts processes, notices Ctrl-C and SIGTERM, and leaves nothing behind."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.environ = {**environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environ.get('PATH', '')}"}
        self.port = _port(environ)
        self.stopping = False
        self._running: subprocess.Popen[bytes] | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def run_to_end(self, *command: str) -> None:
        """Run one command to its end; raises CannotStart when it fails, and stops it when we are asked to stop."""
        process = self._start(*command)
        while process.poll() is None and not self.stopping:
            time.sleep(0.05)
        self.stop_processes()
        if process.returncode and not self.stopping:
            raise CannotStart(f"`{' '.join(command)}` failed; its last lines above say why")

    def serve(self, address: str) -> None:
        """Run web and worker until we are asked to stop; `address` is announced once they answer."""
        check_port_is_free(self.port)
        # Its own .env reader is pointed at nothing: what counts was read before the database was chosen.
        process = self._start("honcho", "-e", os.devnull, "start", "web", "worker")
        announced, deadline = False, time.monotonic() + READY_WITHIN
        while process.poll() is None and not self.stopping:
            if not announced and (self._answers() or time.monotonic() > deadline):
                click.secho(f"\n  Lead Orchestrator is running: {address}\n  Ctrl-C stops it.\n", bold=True)
                announced = True
            time.sleep(0.2)
        self.stop_processes()
        if not self.stopping:
            raise CannotStart("web or worker ended by itself; its last lines above say why")

    def stop_processes(self) -> None:
        """Ask what still runs to end, wait for it, and kill what does not."""
        process = self._running
        if process is None:
            return
        if process.poll() is None:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOPPED_WITHIN)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._running = None

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        # In a session of its own, so that a Ctrl-C reaches it once, through us, and in our order.
        self._running = subprocess.Popen(command, cwd=ROOT, env=self.environ, start_new_session=True)  # noqa: S603
        return self._running

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def check_port_is_free(port: int) -> None:
    """Raises CannotStart, naming the port, when another program listens on it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise CannotStart(f"PORT {port} is taken by another program; try: make run PORT={port + 1}") from None


@contextlib.contextmanager
def only_one_in(data: Path) -> Iterator[None]:
    """Hold the data folder; raises CannotStart when another `make run` holds it. A killed one holds nothing."""
    with (data / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CannotStart("`make run` is running here already; stop it with Ctrl-C first") from None
        yield


def run_on_given_database(launcher: Launcher) -> None:
    """Migrate the database that DATABASE_URL names, and serve with the settings as given. No demo data."""
    launcher.run_to_end("flask", "db", "upgrade")
    if not launcher.stopping:
        launcher.serve(f"{launcher.environ.get('PUBLIC_URL') or f'http://127.0.0.1:{launcher.port}'}/staff/")


def run_sandbox(launcher: Launcher, data: Path) -> None:
    """Serve a whole sandbox from `data`: PostgreSQL, keys, demo data; `data/sandbox.env` lets commands join it."""
    data.mkdir(parents=True, exist_ok=True)
    noted = data / "sandbox.env"
    with only_one_in(data):
        postgres = EmbeddedPostgres(data)
        try:
            database_url = postgres.start()
            launcher.environ["XDG_RUNTIME_DIR"] = str(postgres.runtime)
            given = launcher.environ.get("PUBLIC_URL")
            settings = sandbox_settings(keys_in(data), database_url, launcher.port, given)
            launcher.environ.update(settings)
            launcher.run_to_end("flask", "sandbox", "prepare")
            if not launcher.stopping:
                write_private(noted, settings)
                launcher.serve(f"{settings['PUBLIC_URL']}/sandbox/")
        finally:
            launcher.stop_processes()
            noted.unlink(missing_ok=True)
            postgres.stop()


def _port(environ: dict[str, str]) -> int:
    given = environ.get("PORT") or "8000"
    if not given.isdigit() or not 0 < int(given) < 65536:
        raise CannotStart(f"PORT: {given!r} is not a port number")
    environ["PORT"] = given
    return int(given)


def main() -> None:
    """Entry point of `python -m app.sandbox.launcher`."""
    parser = argparse.ArgumentParser(prog="app.sandbox.launcher", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / ".data", help="where the sandbox keeps its data")
    data = parser.parse_args().data.resolve()
    noted = ROOT / ".env"
    environ = {**(read_pairs(noted) if noted.exists() else {}), **os.environ}
    try:
        launcher = Launcher(environ)
        check_port_is_free(launcher.port)
        if environ.get("DATABASE_URL"):
            run_on_given_database(launcher)
        else:
            run_sandbox(launcher, data)
    except CannotStart as error:
        raise SystemExit(f"make run: {error}") from None


if __name__ == "__main__":
    main()
