from datetime import timedelta

import pytest
from sqlalchemy import create_engine, func, update

from app.db import db
from app.ops import Unwell, beat, register_check
from app.ops.heartbeat import age
from app.ops.models import Heartbeat


@pytest.fixture
def checks(app):
    """The application's checks, put back afterwards."""
    before = dict(app.extensions["health"])
    app.extensions["health"] = {name: before[name] for name in ("database", "worker")}
    yield app.extensions["health"]
    app.extensions["health"] = before


def test_all_is_well_when_database_and_worker_are(client, checks) -> None:
    beat("worker")
    answer = client.get("/api/health")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    assert answer.json["checks"]["database"]["ok"] is True
    assert answer.json["checks"]["worker"]["last_beat_seconds_ago"] < 5


def test_a_silent_worker_is_said_but_does_not_take_the_pages_down(client, checks) -> None:
    never = client.get("/api/health")
    assert (never.status_code, never.json["status"]) == (200, "degraded")
    assert never.json["checks"]["worker"]["ok"] is False
    beat("worker")
    db.session.execute(update(Heartbeat).values(at=func.now() - timedelta(minutes=5)))
    late = client.get("/api/health")
    assert late.json["checks"]["worker"]["last_beat_seconds_ago"] >= 300
    assert late.json["status"] == "degraded"


def test_without_its_database_a_process_cannot_serve(client, checks) -> None:
    engines = db.engines
    working = engines[None]
    engines[None] = create_engine("postgresql+psycopg2://nobody:hunter2@127.0.0.1:9/none")
    db.session.remove()
    try:
        answer = client.get("/api/health")
    finally:
        engines[None].dispose()
        engines[None] = working
        db.session.remove()
    assert (answer.status_code, answer.json["status"]) == (503, "down")
    assert answer.json["checks"]["database"] == {
        "ok": False,
        "error": "OperationalError",
        "milliseconds": answer.json["checks"]["database"]["milliseconds"],
    }
    assert "hunter2" not in answer.text


def test_other_rooms_add_their_own_checks(app, client, checks) -> None:
    def provider() -> dict[str, str]:
        raise Unwell("no key", state="off")

    beat("worker")
    register_check(app, "openai", provider)
    register_check(app, "anthropic", lambda: {"state": "closed"})
    answer = client.get("/api/health").json
    assert answer["status"] == "degraded"
    assert (answer["checks"]["openai"]["ok"], answer["checks"]["openai"]["state"]) == (False, "off")
    assert (answer["checks"]["anthropic"]["ok"], answer["checks"]["anthropic"]["state"]) == (True, "closed")


def test_a_beat_is_younger_than_the_one_before(app) -> None:
    assert age("worker") is None
    beat("worker")
    beat("worker")
    assert age("worker") < timedelta(seconds=5)
