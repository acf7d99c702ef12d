"""What time it is. The edges (routes, jobs, commands) ask here; rules take `now` as an argument."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta


def _system() -> datetime:
    return datetime.now(UTC)


_source: list[Callable[[], datetime]] = [_system]


def now() -> datetime:
    """The present moment in UTC: the system's, or the sandbox's own clock where one is set."""
    return _source[0]()


def going_on_from(moment: datetime | None) -> Callable[[], datetime]:
    """A clock that shows `moment` and goes on from there by whole seconds; the usual one where there is none.

    For work that takes long: what it decides last must not go by the time at which it began.
    """
    if moment is None:
        return now
    began = time.monotonic()
    return lambda: moment + timedelta(seconds=int(time.monotonic() - began))


def use(source: Callable[[], datetime] | None) -> None:
    """Replace the source of time (the sandbox's clock, a test's); None puts the system's back."""
    _source[0] = source or _system


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Within this the time is that moment, for the whole process; afterwards whatever it was before goes on."""
    before = _source[0]
    use(lambda: moment)
    try:
        yield
    finally:
        use(before)
