"""How long a call may be made to wait, where its caller holds something that others wait for: a lane, a lease.

It goes with the caller's context, not with the client: one key's client serves those who may wait and who may not.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

# Seconds: enough for a short breath, and a minute's rest is somebody else's turn.
SHORT = 10.0


def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class Patience:
    """No single wait is longer than `longest` seconds. `keep` is called before every wait and call, so that a lease can
    be renewed; what it raises ends the call."""

    longest: float = math.inf
    keep: Callable[[], None] = _nothing


_all_that_it_takes = Patience()
_current: ContextVar[Patience] = ContextVar("patience")


def patience() -> Patience:
    """What the present caller has; without anything said, all that it takes."""
    return _current.get(_all_that_it_takes)


@contextmanager
def short_of_patience(longest: float = SHORT, keep: Callable[[], None] = _nothing) -> Iterator[None]:
    """Within the block, a call that would have to wait longer raises ShopMonkeyError at once, with `retry_after`.

    Threads that are started within it do not inherit it.
    """
    token = _current.set(Patience(longest, keep))
    try:
        yield
    finally:
        _current.reset(token)
