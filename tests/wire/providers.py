"""Twilio and a mail server in a process of their own: it survives whoever is killed around it, and is the only witness.

`python -m tests.wire.providers FILE --troubles sms.hang=2,email.dropped=2` prints both ports, and writes a JSON line to
FILE for every message that it takes, before it answers. Troubles are percents of the recipients, the same ones each
time. Of SMS: `busy` (429 the first time), `hang`, `reset`, `lost` (a 502 after taking it), `html` (the same, not
taken), `bad_number`. Of email: `busy` (451 the first time), `refused` (550), `dropped` (taken, and the line drops).
"""

import argparse
import asyncio
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zlib import crc32

from tests.wire.twilio_server import TwilioServer

ROOT = Path(__file__).resolve().parents[2]
LATENCY_SECONDS = 0.02
HANG_SECONDS = 4.0


class Witness:
    """Writes down what was taken, and knows which recipient makes which trouble."""

    def __init__(self, file: Path, troubles: dict[str, int]) -> None:
        self._file = file.open("a", buffering=1, encoding="utf-8")
        self._troubles = troubles
        self._tried: set[str] = set()
        self._lock = threading.Lock()

    def take(self, channel: str, to: str, text: str, public_id: str) -> None:
        row = {"at": time.time(), "channel": channel, "to": to, "text": text, "public_id": public_id}
        with self._lock:
            self._file.write(json.dumps({**row, "trouble": self.trouble(channel, to)}) + "\n")

    def trouble(self, channel: str, to: str) -> str:
        return trouble_of(channel, to, self._troubles)

    def trouble_now(self, channel: str, to: str) -> str:
        """The same, where who was busy is free the next time."""
        found = self.trouble(channel, to)
        with self._lock:
            first = to not in self._tried
            self._tried.add(to)
        return "ok" if found == "busy" and not first else found


def trouble_of(channel: str, to: str, troubles: Mapping[str, int]) -> str:
    """Which trouble that recipient makes, by the percents of all troubles; `ok` where none."""
    place = crc32(f"{channel}:{to}".encode()) % 100
    for name, percent in troubles.items():
        where, _, what = name.partition(".")
        if where == channel:
            place -= percent
            if place < 0:
                return what
    return "ok"


class Twilio(TwilioServer):
    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self._witness = witness
        self._to: dict[str, list[dict[str, object]]] = {}
        self.hang_seconds = HANG_SECONDS

    def next_step(self, form: dict[str, str] | None = None) -> str:
        if form is None:
            return "ok"
        time.sleep(LATENCY_SECONDS)
        return self._witness.trouble_now("sms", form["To"])

    def accept(self, form: dict[str, str]) -> dict[str, object]:
        message = super().accept(form)
        with self.lock:
            self._to.setdefault(form["To"], []).append(message)
        known = parse_qs(urlsplit(form.get("StatusCallback", "")).query).get("delivery", [""])
        self._witness.take("sms", form["To"], form["Body"], known[0])
        return message

    def sent_to(self, number: str) -> list[dict[str, object]]:
        with self.lock:
            return list(self._to.get(number, ()))


class Mail:
    """What aiosmtpd asks about each message."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        trouble = self._witness.trouble_now("email", address)
        if trouble == "busy":
            return "451 Try again later"
        if trouble == "refused":
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(LATENCY_SECONDS)
        to, content = envelope.rcpt_tos[0], envelope.content.decode()
        named = {name: _header(content, name) for name in ("Subject", "Message-ID")}
        self._witness.take("email", to, named["Subject"], named["Message-ID"].strip("<>").partition("@")[0])
        if self._witness.trouble("email", to) == "dropped":
            server.transport.abort()
        return "250 OK"


def _header(content: str, name: str) -> str:
    found = re.search(rf"^{name}: (.*)$", content, re.M)
    return found[1].strip() if found else ""


@dataclass
class Providers:
    """The running process, and what it has taken so far, oldest first."""

    process: subprocess.Popen[str]
    file: Path
    twilio_url: str
    smtp_url: str
    taken: list[dict[str, Any]] = field(default_factory=list)
    _read: int = 0

    def news(self) -> list[dict[str, Any]]:
        """What it has taken since the last question."""
        with self.file.open(encoding="utf-8") as lines:
            lines.seek(self._read)
            whole = lines.read()
        whole = whole[: whole.rfind("\n") + 1]
        self._read += len(whole.encode())
        rows = [json.loads(line) for line in whole.splitlines()]
        self.taken += rows
        return rows


@contextmanager
def providers(file: Path, troubles: dict[str, int]) -> Iterator[Providers]:
    """Both servers in one process until the block ends."""
    file.touch()
    told = ",".join(f"{name}={percent}" for name, percent in troubles.items())
    command = [sys.executable, "-m", "tests.wire.providers", str(file), "--troubles", told]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        twilio, smtp = process.stdout.readline().split()
        yield Providers(process, file, f"http://127.0.0.1:{twilio}", f"smtp://127.0.0.1:{smtp}")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def main() -> None:
    from aiosmtpd.controller import Controller

    from tests.bench.server import free_port

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    options.add_argument("--troubles", default="")
    given = options.parse_args()
    pairs = (one.split("=") for one in given.troubles.split(",") if one)
    witness = Witness(given.file, {name: int(percent) for name, percent in pairs})
    twilio = Twilio(witness)
    mail = Controller(Mail(witness), hostname="127.0.0.1", port=free_port())
    mail.start()
    print(twilio.server_address[1], mail.port, flush=True)
    twilio.serve_forever()


if __name__ == "__main__":
    main()
