"""`make run` as a whole: it starts, joins commands, stops without a trace, and starts again with its data."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("make-run")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(port: int) -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "TMPDIR")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
    }


def launcher(data: Path) -> list[str]:
    return [sys.executable, "-m", "app.sandbox.launcher", "--data", str(data)]


@contextmanager
def running(data: Path, port: int) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A run that has announced itself; whatever happens, it is stopped in the end."""
    told = data.parent / f"out-{time.monotonic_ns()}"
    with told.open("wb") as out:
        process = subprocess.Popen(launcher(data), cwd=ROOT, env=environment(port), stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 90
        while "is running" not in told.read_text():
            assert process.poll() is None, told.read_text()
            assert time.monotonic() < deadline, told.read_text()
            time.sleep(0.1)
        yield process, told
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(60)


def get(port: int, path: str) -> tuple[int, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.status, answer.read().decode()


def everything_of(data: Path) -> list[str]:
    """Processes of that run: they name its folder, or hold its environment."""
    listed = subprocess.run(["ps", "axo", "pid=,command="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(data) in line]


def test_a_run_starts_joins_commands_stops_and_starts_again_with_its_data(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    with running(data, port) as (process, told):
        assert f"http://127.0.0.1:{port}/sandbox/" in told.read_text()
        assert get(port, "/sandbox/")[0] == 200
        second = subprocess.run(launcher(data), cwd=ROOT, env=environment(free_port()), capture_output=True)
        assert second.returncode == 1
        assert second.stderr.decode().strip().splitlines() == [
            "make run: `make run` is running here already; stop it with Ctrl-C first"
        ]
        taken = subprocess.run(launcher(tmp_path / "o"), cwd=ROOT, env=environment(port), capture_output=True)
        assert len(taken.stderr.decode().strip().splitlines()) == 1
        joined = dict(line.split("=", 1) for line in (data / "sandbox.env").read_text().splitlines())
        environ = {**environment(port), **joined}
        flask = [str(Path(sys.executable).parent / "flask"), "leads", "list", "--json"]
        leads = json.loads(subprocess.run(flask, cwd=ROOT, env=environ, capture_output=True, check=True).stdout)
        assert len(leads) == 6
        before = re.findall(r'id="sms-(\d+)"', get(port, "/sandbox/")[1])
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0, told.read_text()
    assert not (data / "sandbox.env").exists()
    assert everything_of(data) == []
    with running(data, port):
        assert set(before) <= set(re.findall(r'id="sms-(\d+)"', get(port, "/sandbox/")[1]))
    assert everything_of(data) == []
