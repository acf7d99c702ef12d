"""One connection a process, outside the pool, that hears PostgreSQL's notifications."""

import logging
import select
import socket
import threading
from collections.abc import Callable
from typing import Any

import psycopg2

log = logging.getLogger(__name__)

POLL_SECONDS = 30.0
RETRY_SECONDS = 0.5
# A peer that vanished without a word is noticed within half a minute.
KEEPALIVE = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "connect_timeout": 10,
}


class Listener:
    """Calls `heard(payload)` for each notification, and `gap()` whenever some may have been missed.

    Runs on a thread of its own (a greenlet where threads are patched) from `start` to `stop`.
    """

    def __init__(self, dsn: str, channel: str, heard: Callable[[str], None], gap: Callable[[], None]) -> None:
        self._dsn = dsn
        self._channel = channel
        self._heard = heard
        self._gap = gap
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"listen-{channel}", daemon=True)

    def start(self) -> None:
        self._bell, self._ear = socket.socketpair()
        self._thread.start()

    def stop(self) -> None:
        """Stop at once; the connection is closed when this returns."""
        self._stopping.set()
        if self._thread.is_alive():
            self._bell.send(b".")
            self._thread.join(5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except psycopg2.Error as error:
                log.warning("listening on %s broke: %s", self._channel, str(error).strip())
            except Exception:
                # Whatever a reaction raised, a process that no longer hears is worse; the gap makes up for the note.
                log.exception("listening on %s broke", self._channel)
            self._stopping.wait(RETRY_SECONDS)
        self._bell.close()
        self._ear.close()

    def _listen(self) -> None:
        connection = psycopg2.connect(self._dsn, application_name=f"listen-{self._channel}", **KEEPALIVE)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"LISTEN {self._channel}")
            # Whatever was said before this moment went unheard.
            self._gap()
            while not self._stopping.is_set():
                spoken, _, _ = select.select([connection, self._ear], [], [], POLL_SECONDS)
                if spoken:
                    connection.poll()
                else:
                    self._ask(connection)
                notes, connection.notifies[:] = list(connection.notifies), []
                for note in notes:
                    self._heard(note.payload)
        finally:
            connection.close()

    def _ask(self, connection: Any) -> None:
        """After a silence: raises psycopg2.Error where the connection is no longer one."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
