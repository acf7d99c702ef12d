"""The stand-in for ShopMonkey as a real server process on this machine, and the hand behind it."""

import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from app.shopmonkey import ShopMonkey

KEY = "stand-in-key"
SECRET = "stand-in-secret"
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class StandIn:
    """`url` is what a client is given; everything else works behind the API's back and never fails on purpose."""

    url: str
    process: subprocess.Popen[str]
    key: str = KEY
    hand: requests.Session = field(default_factory=requests.Session)

    def client(self, key: str = KEY, **given: Any) -> ShopMonkey:
        return ShopMonkey(self.url, key, **given)

    def behave(self, *, fresh: bool = False, **switches: Any) -> dict[str, Any]:
        """Switch manners (app.sandbox.shopmonkey.manners.Manners); `fresh` starts from the defaults."""
        return self._ask("PUT", f"/manners{'?fresh=1' if fresh else ''}", switches)

    def allow(self, key: str, **given: Any) -> None:
        """Make or change a key: locationIds, revoked, mayDelete, companyId."""
        self._ask("PUT", f"/keys/{key}", given)

    def put(self, kind: str, rows: Iterable[dict[str, Any]], tell: bool = False, at: datetime | None = None) -> int:
        """Write rows as given (a known id is changed); `tell` lets the webhooks know."""
        body = {"rows": list(rows), "tell": tell, "at": at.isoformat() if at else None}
        return self._ask("POST", f"/objects/{kind}", body)["written"]

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Every row that is really there."""
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["id"] if found else ""
            rows = self._ask("GET", f"/objects/{kind}?limit=1000&after={after}")["rows"]
            found += rows
            if len(rows) < 1000:
                return found

    def remove(self, kind: str, row_id: str) -> None:
        self._ask("DELETE", f"/objects/{kind}/{row_id}")

    def register(self, url: str, name: str = "ours", **given: Any) -> None:
        """A webhook for orders, as if it had been registered."""
        hook = {"id": f"hook-{name}", "name": name, "url": url, "secret": SECRET, "enabled": True, "error": False}
        self.put("webhook", [hook | {"triggers": ["OrderInsert", "OrderUpdate"], "locationId": None} | given])

    def set_clock(self, now: datetime | None) -> None:
        self._ask("PUT", "/clock", {"now": now.isoformat() if now else None})

    def deliveries(self) -> dict[str, int]:
        return self._ask("GET", "/deliveries")

    def settle(self, within: float = 60.0) -> dict[str, int]:
        """Wait until no delivery is on its way."""
        deadline = time.monotonic() + within
        while (told := self.deliveries())["waiting"]:
            assert time.monotonic() < deadline, f"deliveries are still on their way: {told}"
            time.sleep(0.02)
        return told

    def calls(self) -> dict[str, int]:
        """How many answers went out, by method and status."""
        return self._ask("GET", "/calls")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Authorization": f"Bearer {KEY}"}
        address = self.url + "/control" + path
        answer = self.hand.request(method, address, json=body, headers=headers, timeout=60)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return answer.json()


@contextmanager
def stand_in(database_url: str) -> Iterator[StandIn]:
    """Run the server on a free port until the block ends; its rows stay in the database."""
    command = [sys.executable, "-m", "app.sandbox.shopmonkey.serve", "--database", database_url]
    command += ["--key", KEY, "--secret", SECRET]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    assert url.startswith("http"), "the stand-in did not start"
    running = StandIn(url, process)
    try:
        yield running
    finally:
        running.hand.close()
        process.terminate()
        process.wait(10)
        process.stdout.close()
