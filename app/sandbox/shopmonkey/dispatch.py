"""Sends deliveries from threads of its own, now or a little later."""

import heapq
import itertools
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from app.sandbox.shopmonkey.deliveries import Delivery, Policy, send

AT_ONCE = 16

log = logging.getLogger(__name__)

Note = Callable[[Delivery, str, bool], None]


class Dispatch:
    """Deliveries on their way; `note` hears of each one's end."""

    def __init__(self, note: Note) -> None:
        self.note = note
        self.counted: Counter[str] = Counter()
        self.due: list[tuple[float, int, Delivery, str, Policy]] = []
        self.numbers = itertools.count()
        self.changed = threading.Condition()
        self.pool: ThreadPoolExecutor | None = None

    def count(self, what: str) -> None:
        with self.changed:
            self.counted[what] += 1

    def submit(self, sent: Delivery, hook_id: str, policy: Policy, late: float) -> None:
        """Send it in `late` seconds."""
        with self.changed:
            if self.pool is None:
                self.pool = ThreadPoolExecutor(AT_ONCE, "shopmonkey-webhook")
                threading.Thread(target=self._run, name="shopmonkey-webhooks", daemon=True).start()
            self.counted["waiting"] += 1
            heapq.heappush(self.due, (time.monotonic() + late, next(self.numbers), sent, hook_id, policy))
            self.changed.notify_all()

    def told(self) -> dict[str, int]:
        """How many deliveries wait, were taken, failed, were dropped or sent twice."""
        with self.changed:
            return {name: self.counted[name] for name in ("waiting", "taken", "failed", "dropped", "duplicated")}

    def _run(self) -> None:
        assert self.pool is not None, "the pool is made before the thread"
        while True:
            with self.changed:
                while not self.due or self.due[0][0] > time.monotonic():
                    self.changed.wait(self.due[0][0] - time.monotonic() if self.due else None)
                _, _, sent, hook_id, policy = heapq.heappop(self.due)
            self.pool.submit(self._one, sent, hook_id, policy)

    def _one(self, sent: Delivery, hook_id: str, policy: Policy) -> None:
        taken = False
        try:
            taken = send(sent, policy)
            self.note(sent, hook_id, taken)
        finally:
            with self.changed:
                self.counted["taken" if taken else "failed"] += 1
                self.counted["waiting"] -= 1
