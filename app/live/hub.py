"""The watchers of this process, by feed."""

import logging
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Any

import orjson
from flask import Flask, current_app

from app.db import db
from app.live.listener import Listener
from app.live.notify import LIVE

log = logging.getLogger(__name__)

LONGEST_QUEUE = 1000


class Note:
    """Something that happened on a feed. `memo` is shared by this process's watchers: what one rendered, all can send.

    A gap (`data` is None) says that notes may have been missed: read the truth from the tables.
    """

    __slots__ = ("data", "memo")

    def __init__(self, data: dict[str, Any] | None) -> None:
        self.data = data
        self.memo: dict[Any, Any] = {}


class Watch:
    """One watcher of one feed. Use as a context manager; `notes` yields until the process is stopping."""

    def __init__(self, hub: "Hub", feed: str) -> None:
        self._hub = hub
        self._feed = feed
        self._queue: SimpleQueue[Note | None] = SimpleQueue()

    def __enter__(self) -> "Watch":
        self._hub.join(self._feed, self)
        return self

    def __exit__(self, *_: object) -> None:
        self._hub.leave(self._feed, self)

    def put(self, note: Note | None) -> None:
        """Hand over a note; None ends the watch. A watcher that fell far behind gets one gap instead."""
        if self._queue.qsize() > LONGEST_QUEUE:
            self._queue = SimpleQueue()
            note = Note(None)
        self._queue.put(note)

    def notes(self, heartbeat: float) -> Iterator[Note | None]:
        """Each note as it comes, and None after every `heartbeat` seconds of silence. Ends when the process stops."""
        while not self._hub.stopping:
            try:
                note = self._queue.get(timeout=heartbeat)
            except Empty:
                yield None
                continue
            if note is None:
                return
            yield note

    def next(self, timeout: float) -> Note | None:
        """The next note within `timeout` seconds, else None."""
        try:
            return self._queue.get(timeout=max(timeout, 0.001))
        except Empty:
            return None


class Hub:
    """All watches of a process. `origin` marks what this process published, which it has already handed over itself."""

    def __init__(self, dsn: str) -> None:
        self.origin = uuid.uuid4().hex[:12]
        self.stopping = False
        self._watches: dict[str, set[Watch]] = defaultdict(set)
        self._lock = threading.Lock()
        self._listener = Listener(dsn, LIVE, self._heard, self._gap)
        self._started = False

    def watch(self, feed: str) -> Watch:
        """A watch on that feed, to be entered with `with`."""
        return Watch(self, feed)

    def join(self, feed: str, watch: Watch) -> None:
        with self._lock:
            self._watches[feed].add(watch)
            if not self._started:
                self._started = True
                self._listener.start()

    def leave(self, feed: str, watch: Watch) -> None:
        with self._lock:
            self._watches[feed].discard(watch)
            if not self._watches[feed]:
                del self._watches[feed]

    def hand_over(self, feed: str, data: dict[str, Any]) -> None:
        """Give `data` to this process's watchers of the feed at once. Only after the commit that makes it true."""
        watches = self._watches.get(feed)
        if watches:
            note = Note(data)
            for watch in tuple(watches):
                watch.put(note)

    def close(self) -> None:
        """End every watch, so that pages reconnect to a process that stays."""
        self.stopping = True
        for watch in self._all():
            watch.put(None)
        self._listener.stop()

    def _all(self) -> list[Watch]:
        with self._lock:
            return [watch for watches in self._watches.values() for watch in watches]

    def _heard(self, payload: str) -> None:
        data = orjson.loads(payload)
        if data.get("origin") != self.origin:
            self.hand_over(data["feed"], data)

    def _gap(self) -> None:
        for watch in self._all():
            watch.put(Note(None))


def init_live(app: Flask) -> None:
    """Give the process its hub. Its connection opens with the first watch, after any fork."""
    with app.app_context():
        dsn = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    app.extensions["live"] = Hub(dsn)


def hub() -> Hub:
    """This process's hub."""
    found: Hub = current_app.extensions["live"]
    return found


def close_when_stopping(app: Flask, worker: Any) -> None:
    """End this process's streams as soon as its gunicorn worker is told to stop; runs beside it until then."""

    def watch() -> None:
        while worker.alive:
            time.sleep(0.2)
        app.extensions["live"].close()

    threading.Thread(target=watch, name="close-streams", daemon=True).start()
