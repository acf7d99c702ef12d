"""The world of the simulated month: ShopMonkey's stand-in, our door, workers that get killed, a clock that jumps."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from app.sandbox.shopmonkey.shapes import COMPANY_ID
from tests.bench.server import ROOT, fetch, free_port, gunicorn, running, settings_of, wait_until
from tests.sync.month_plan import COLUMNS, DAYS, Plan, Scale, column_id, outage_holds, store_id

KEY = "sandbox-shopmonkey-key"
BAD_MANNERS = {
    "shuffled": True, "missing": 0.03, "failing": 0.01, "calls_a_minute": 10_000_000,
    "told_dropped": 0.3, "told_twice": 0.2, "told_reordered": 0.3, "delay": 0.4, "pause_scale": 0.05,
    "error_after": 1_000_000, "disabled_after": 1_000_000,
}  # fmt: skip
AT_ONCE = 500


@dataclass
class World:
    url: str
    environ: dict[str, str]
    logs: Path
    began: datetime
    dice: random.Random
    http: requests.Session = field(default_factory=requests.Session)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    killed: int = 0

    def __post_init__(self) -> None:
        self.moment = self.began

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        who = {"Authorization": f"Bearer {KEY}"}
        answer = self.http.request(method, f"{self.url}/control/{path}", json=body, headers=who, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def behave(self, **manners: Any) -> None:
        self.ask("PUT", "manners", manners)

    def put(self, kind: str, rows: list[dict[str, Any]], tell: bool = False) -> None:
        for start in range(0, len(rows), AT_ONCE):
            # The tick's own time: the stand-in's threads may see the clock jump at different moments.
            body = {"rows": rows[start : start + AT_ONCE], "tell": tell, "at": self.moment.isoformat()}
            self.ask("POST", f"objects/{kind}", body)

    def rows(self, kind: str) -> dict[str, dict[str, Any]]:
        """What is really there."""
        found: dict[str, dict[str, Any]] = {}
        while page := self.ask("GET", f"objects/{kind}?after={max(found, default='')}")["rows"]:
            found |= {row["id"]: row for row in page}
        return found

    def clock_to(self, at: timedelta) -> datetime:
        self.moment = self.began + at
        self.ask("PUT", "clock", {"now": self.moment.isoformat()})
        return self.moment

    def hire(self) -> None:
        with (self.logs / f"worker-{self.killed + len(self.workers)}.log").open("ab") as log:
            command = [sys.executable, "-m", "tests.sync.month_worker"]
            given = {**os.environ, **self.environ, "PYTHONPATH": str(ROOT)}
            self.workers.append(subprocess.Popen(command, cwd=ROOT, env=given, stdout=log, stderr=log))

    def kill_one(self) -> None:
        """Without warning, in the middle of whatever it does; another takes its place."""
        worker = self.workers.pop(self.dice.randrange(len(self.workers)))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.killed += 1
        self.hire()

    def dismiss(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def said(self) -> str:
        """All that the workers logged."""
        return "\n".join(log.read_text() for log in sorted(self.logs.glob("*.log")))


@contextmanager
def world(url: str, logs: Path, scale: Scale, seed: int, **environ: str) -> Iterator[World]:
    """Everything running, the shop furnished, and no order yet."""
    port, shop_port = free_port(), free_port()
    settings = settings_of(url, port, 1, True) | {
        "SHOPMONKEY_BASE_URL": f"http://127.0.0.1:{shop_port}/sandbox/shopmonkey", "SHOPMONKEY_API_KEY": KEY,
        "LOG_LEVEL": "WARNING", "WEB_CONCURRENCY": "2", **environ,
    }  # fmt: skip
    shop = ("app.sandbox.shopmonkey.serve", "--port", str(shop_port), "--database", url)
    secret = ("--secret", settings["SHOPMONKEY_WEBHOOK_SECRET"])
    with ExitStack() as stack:
        stack.enter_context(running(*shop, *secret, ready=shop_port))
        stack.enter_context(gunicorn("wsgi:app", port, settings))
        wait_until(lambda: fetch(f"http://127.0.0.1:{port}/webhooks/") is None or True, "the door")
        began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=DAYS + 3)
        made = World(settings["SHOPMONKEY_BASE_URL"], settings, logs, began, random.Random(seed))
        stack.callback(made.http.close)
        stack.callback(made.dismiss)
        _furnish(made, scale, f"http://127.0.0.1:{port}/webhooks/shopmonkey")
        yield made


def _furnish(made: World, scale: Scale, door: str) -> None:
    made.clock_to(timedelta(0))
    made.put("webhook", [{"id": "hook", "name": "ours", "url": door, "triggers": ["OrderInsert", "OrderUpdate"]}])
    numbers = range(scale.stores)
    made.put(
        "location", [{"id": store_id(number), "name": f"Store {number}", "companyId": COMPANY_ID} for number in numbers]
    )
    columns = [
        {"id": column_id(number, name), "name": name, "locationId": store_id(number)}
        for number in numbers
        for name in COLUMNS
    ]
    made.put("workflow_status", columns)
    made.put("canned_service", [_service(store, one) for store in numbers for one in range(scale.services)])
    made.put(
        "vehicle", [{"id": f"vehicle-{one}", "year": 2020, "make": "Toyota", "model": "Camry"} for one in range(50)]
    )
    made.put("customer", [_customer(number) for number in range(scale.orders)])


def _customer(number: int) -> dict[str, Any]:
    phone = {"id": "p", "number": f"+1954{2000000 + number}", "primary": True, "optIn": True}
    return {"id": f"customer-{number:05}", "firstName": "Maria", "lastName": f"A{number}", "phoneNumbers": [phone]}


def _service(store: int, number: int) -> dict[str, Any]:
    cents = 10_000 + 100 * number
    return {
        "id": f"service-{store:03}-{number:03}", "locationId": store_id(store), "name": f"Service {number}",
        "pricing": "FixedPrice", "fixedPriceCents": cents, "totalCents": cents, "bookable": True,
    }  # fmt: skip


class Month:
    """The month, tick by tick. `caught_up(moment)` waits until polling has read all that was created up to then.

    `looked_again(moment)` waits until all orders that are young enough have been judged again since then.
    """

    def __init__(
        self, made: World, plan: Plan, caught_up: Callable[[datetime], None], looked_again: Callable[[datetime], None]
    ) -> None:
        self.made, self.plan, self.caught_up, self.looked_again = made, plan, caught_up, looked_again
        self.untold = False
        self.arrivals, self.changes = list(reversed(plan.arrivals)), list(reversed(plan.changes))
        self.unshown: list[str] = []
        self.dark = False

    def live(self) -> None:
        self.made.behave(**BAD_MANNERS)
        step = self.plan.scale.tick
        ticks = [number * step for number in range(timedelta(days=DAYS) // step)]
        assert any(map(outage_holds, ticks)), "no tick falls into the outage"
        for number, at in enumerate(ticks):
            moment = self.made.clock_to(at)
            self._switch(outage_holds(at))
            self._happen(at)
            if self.dark:
                time.sleep(0.5)
            elif number % max(1, timedelta(hours=24) // step) == 0:
                self.caught_up(moment)
                self._show_late_ones(moment)
                if self.untold:
                    self.looked_again(moment)
                    self.untold = False
            if number % self.plan.scale.kill_every == self.plan.scale.kill_every - 1:
                self.made.kill_one()
        self.made.behave(down=False, told_dropped=0.0, failing=0.0)

    def _switch(self, dark: bool) -> None:
        if dark != self.dark:
            self.dark = dark
            self.made.behave(down=dark, told_dropped=1.0 if dark else BAD_MANNERS["told_dropped"])

    def _happen(self, at: timedelta) -> None:
        """All that comes about in this tick; an order that changes twice in it does so in two turns."""
        made = self._arrived(at)
        again = [{"id": row["id"], "complaint": "Please call"} for row in made if row["id"] in self.plan.hurried]
        self.made.put("order", made, tell=True)
        self.made.put("order", again, tell=True)
        turn: dict[str, dict[str, Any]] = {}
        while self.changes and self.changes[-1].at <= at:
            change = self.changes.pop()
            if not change.told:
                self.made.put("order", [{"id": change.order_id, **(change.fields or {})}])
                self.untold = True
                continue
            if change.fields is None or change.order_id in turn:
                self.made.put("order", list(turn.values()), tell=True)
                turn.clear()
            if change.fields is None:
                self.made.ask("DELETE", f"objects/order/{change.order_id}")
            else:
                turn[change.order_id] = {"id": change.order_id, **change.fields}
        self.made.put("order", list(turn.values()), tell=True)

    def _arrived(self, at: timedelta) -> list[dict[str, Any]]:
        rows = []
        while self.arrivals and self.arrivals[-1][0] <= at:
            order_id = self.arrivals.pop()[1]
            if order_id in self.plan.late:
                self.unshown.append(order_id)
            else:
                rows.append({"id": order_id, **self.plan.orders[order_id]})
        return rows

    def _show_late_ones(self, polled: datetime) -> None:
        """Rows whose createdDate lies before the last poll, but which only show now; no webhook tells of them."""
        created = (polled - timedelta(seconds=1)).isoformat()
        rows = [{"id": order_id, "createdDate": created, **self.plan.orders[order_id]} for order_id in self.unshown]
        self.made.put("order", rows)
        self.unshown.clear()
