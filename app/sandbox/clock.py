"""The sandbox's clock: the system's, moved by an offset that every process of the sandbox shares."""

import threading
import time
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.sandbox.tables import session, settings

READ_EVERY = 1.0


class DemoClock:
    """Reads the offset at most once a second, so a change reaches every process within one."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._offset = timedelta()
        self._read_at = float("-inf")
        self._known = False
        self._first = threading.Lock()

    def now(self) -> datetime:
        """The demo's present moment, in UTC."""
        if not self._known:
            # Before the first read nobody knows the time: whoever asks waits for it.
            with self._first:
                self._read()
        elif time.monotonic() - self._read_at >= READ_EVERY:
            self._read()
        return datetime.now(UTC) + self._offset

    def forget(self) -> None:
        """Read again at the next question."""
        self._read_at = float("-inf")

    def _read(self) -> None:
        # Noted first: the read itself must not ask for the time again, nor must others wait for it.
        self._read_at = time.monotonic()
        with self._app.app_context():
            self._offset = offset()
        self._known = True


def offset() -> timedelta:
    """How far the demo's clock is from the system's."""
    with session() as opened:
        seconds = opened.scalar(select(settings.c.value).where(settings.c.name == "clock_offset_seconds"))
    return timedelta(seconds=seconds or 0)


def set_to(moment: datetime | None) -> None:
    """Let the demo's clock go on from `moment`; None puts it back to the system's."""
    ahead = 0.0 if moment is None else (moment - datetime.now(UTC)).total_seconds()
    statement = insert(settings).values(name="clock_offset_seconds", value=ahead)
    fresh = {"value": statement.excluded["value"]}
    with session() as opened:
        opened.execute(statement.on_conflict_do_update(index_elements=["name"], set_=fresh))
        opened.commit()
