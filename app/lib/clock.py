"""What time it is. The edges (routes, jobs, commands) ask here; rules take `now` as an argument."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


_source: list[Callable[[], datetime]] = [_system]


def now() -> datetime:
    """The present moment in UTC: the system's, or the sandbox's own clock where one is set."""
    return _source[0]()


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
