"""Feeds between processes, over a real PostgreSQL. A second hub stands for another process."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from app.db import db
from app.live import Hub, announce, hub, wake
from app.live.hub import LONGEST_QUEUE
from app.live.listener import Listener
from app.live.notify import WAKE


def dsn() -> str:
    return db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def other(live_app: Flask) -> Iterator[Hub]:
    found = Hub(dsn())
    yield found
    found.close()


def test_a_note_is_heard_when_its_transaction_commits(other: Hub) -> None:
    with other.watch("a") as watch:
        assert watch.next(5).data is None
        announce("a", {"seq": 1})
        assert watch.next(0.2) is None
        db.session.commit()
        assert watch.next(5).data["seq"] == 1


def test_a_rolled_back_note_is_never_heard(other: Hub) -> None:
    with other.watch("a") as watch:
        assert watch.next(5).data is None
        announce("a", {"seq": 1})
        db.session.rollback()
        announce("a", {"seq": 2})
        db.session.commit()
        assert watch.next(5).data["seq"] == 2


def test_only_the_feeds_watchers_hear_it(other: Hub) -> None:
    with other.watch("a") as mine, other.watch("b") as theirs:
        assert mine.next(5).data is None
        assert theirs.next(5).data is None
        announce("a", {"seq": 1})
        db.session.commit()
        assert mine.next(5).data["seq"] == 1
        assert theirs.next(0.2) is None


def test_what_a_process_handed_over_itself_is_not_heard_twice(live_app: Flask) -> None:
    with hub().watch("a") as watch:
        assert watch.next(5).data is None
        announce("a", {"seq": 1, "origin": hub().origin})
        db.session.commit()
        hub().hand_over("a", {"seq": 1})
        assert watch.next(5).data["seq"] == 1
        assert watch.next(0.3) is None


def test_a_lost_connection_is_told_as_a_gap_and_heals(other: Hub) -> None:
    with other.watch("a") as watch:
        assert watch.next(5).data is None
        db.session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND application_name LIKE 'listen-%'"
            )
        )
        db.session.commit()
        assert watch.next(10).data is None
        announce("a", {"seq": 2})
        db.session.commit()
        assert watch.next(5).data["seq"] == 2


def test_a_watcher_that_falls_far_behind_gets_one_gap(other: Hub) -> None:
    with other.watch("a") as watch:
        assert watch.next(5).data is None
        for seq in range(LONGEST_QUEUE + 2):
            other.hand_over("a", {"seq": seq})
        assert watch.next(1).data is None
        assert watch.next(0.1) is None


def test_closing_ends_every_watch(other: Hub) -> None:
    with other.watch("a") as watch:
        other.close()
        assert [note for note in watch.notes(5) if note is None] == []


def test_a_woken_job_is_named_on_commit(live_app: Flask) -> None:
    heard: list[str] = []
    ready: list[bool] = []
    listener = Listener(dsn(), WAKE, heard.append, lambda: ready.append(True))
    listener.start()
    eventually(lambda: bool(ready))
    wake("webhooks")
    db.session.commit()
    eventually(lambda: heard == ["webhooks"])
    listener.stop()


def eventually(holds: object) -> None:
    import time

    deadline = time.monotonic() + 5
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_reaction_that_raises_does_not_end_the_listening(live_app: Flask) -> None:
    heard: list[str] = []
    gaps: list[bool] = []

    def hear(payload: str) -> None:
        heard.append(payload)
        if len(heard) == 1:
            raise RuntimeError("odd")

    listener = Listener(dsn(), WAKE, hear, lambda: gaps.append(True))
    listener.start()
    eventually(lambda: len(gaps) == 1)
    wake("odd")
    db.session.commit()
    eventually(lambda: len(gaps) == 2)
    wake("webhooks")
    db.session.commit()
    eventually(lambda: heard == ["odd", "webhooks"])
    listener.stop()


def test_a_connection_that_is_silent_is_asked_whether_it_lives(live_app: Flask, monkeypatch) -> None:
    monkeypatch.setattr("app.live.listener.POLL_SECONDS", 0.05)
    gaps: list[bool] = []
    listener = Listener(dsn(), WAKE, lambda payload: None, lambda: gaps.append(True))
    listener.start()
    asked = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT 1'")

    def is_asked() -> bool:
        db.session.rollback()
        return db.session.scalar(asked) == 1

    eventually(is_asked)
    assert len(gaps) == 1
    listener.stop()
