"""A circuit breaker for each provider, kept per process: it stops asking who is down, and tries again with one call."""

import time
from collections import deque
from collections.abc import Callable
from typing import Literal

from app.ai.port import ProviderError

__all__ = ["Breaker"]

State = Literal["closed", "open", "half-open"]


class Breaker:
    """Opens after `failures` counted errors within `window` seconds, or at once on a permanent one.

    Open, it refuses for `rest` seconds (`long_rest` after a permanent error), then lets one probe through; a probe
    that reports nothing for `probe` seconds is taken as lost. Nothing is held while a call runs.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        window: float = 30.0,
        rest: float = 15.0,
        long_rest: float = 60.0,
        probe: float = 90.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures, self._window = failures, window
        self._rest, self._long_rest, self._probe = rest, long_rest, probe
        self._now = monotonic
        self._recent: deque[float] = deque(maxlen=failures)
        self._opens_again: float | None = None
        self._probing_until = 0.0
        self.last_error: str | None = None
        self.last_success: float | None = None

    @property
    def state(self) -> State:
        """closed, open, or half-open (rested: the next call is the probe, or it is under way)."""
        if self._opens_again is None:
            return "closed"
        return "open" if self._now() < self._opens_again else "half-open"

    def allow(self) -> bool:
        """Whether a call may start now. In half-open the first to ask takes the probe."""
        if self.state == "closed":
            return True
        if self.state == "open" or self._now() < self._probing_until:
            return False
        self._probing_until = self._now() + self._probe
        return True

    def succeeded(self) -> None:
        """A call ended with a stop reason."""
        self._recent.clear()
        self._opens_again = None
        self._probing_until = 0.0
        self.last_success = time.time()

    def failed(self, error: ProviderError) -> None:
        """A call failed; counts only what tells about the provider's health."""
        self.last_error = error.kind
        if not error.counts:
            self.abandoned()
            return
        now = self._now()
        self._recent.append(now)
        probe_failed = self._opens_again is not None
        crowded = len(self._recent) == self._failures and now - self._recent[0] <= self._window
        if error.permanent or probe_failed or crowded:
            self._opens_again = now + (self._long_rest if error.permanent else self._rest)
        self._probing_until = 0.0

    def abandoned(self) -> None:
        """We stopped reading: nothing is known, and a probe is free for the next."""
        self._probing_until = 0.0
