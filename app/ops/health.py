"""`GET /api/health`: what works and what does not, for people, monitors and load balancers."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import select

from app.db import db
from app.ops.heartbeat import age

LATE = 60.0

blueprint = Blueprint("health", __name__)
log = logging.getLogger(__name__)

# A check returns details to show, or raises Unwell.
CheckFunction = Callable[[], dict[str, Any]]


class Unwell(Exception):
    """A check failed; the message says how, without secrets. `detail` is shown beside it."""

    def __init__(self, message: str, **detail: Any) -> None:
        super().__init__(message)
        self.detail = detail


@dataclass(frozen=True)
class Check:
    run: CheckFunction
    required: bool


def init_health(app: Flask) -> None:
    """Serve /api/health, with checks of the database and the worker."""
    app.extensions["health"] = {}
    app.register_blueprint(blueprint)
    register_check(app, "database", _database, required=True)
    register_check(app, "worker", _worker)


def register_check(app: Flask, name: str, run: CheckFunction, *, required: bool = False) -> None:
    """Add a check. A failing required one means that this process cannot serve (503); another, that it is degraded."""
    app.extensions["health"][name] = Check(run, required)


@blueprint.get("/api/health")
def health() -> tuple[Response, int]:
    checks: dict[str, Check] = current_app.extensions["health"]
    told = {name: _run(name, check) for name, check in checks.items()}
    bad = [name for name, result in told.items() if not result["ok"]]
    down = any(checks[name].required for name in bad)
    answer = jsonify(status="down" if down else "degraded" if bad else "ok", checks=told)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 503 if down else 200


def _run(name: str, check: Check) -> dict[str, Any]:
    began = time.perf_counter()
    try:
        detail = {"ok": True, **check.run()}
    except Unwell as unwell:
        detail = {"ok": False, "error": str(unwell), **unwell.detail}
    except Exception as error:
        # A broken check is itself an answer: it must not hide the others.
        log.exception("health check %s failed", name)
        db.session.rollback()
        detail = {"ok": False, "error": type(error).__name__}
    return {**detail, "milliseconds": round((time.perf_counter() - began) * 1000, 1)}


def _database() -> dict[str, Any]:
    db.session.execute(select(1))
    return {}


def _worker() -> dict[str, Any]:
    last = age("worker")
    if last is None:
        raise Unwell("no worker has ever run", last_beat_seconds_ago=None)
    seconds = round(last.total_seconds(), 1)
    if seconds > LATE:
        raise Unwell("the worker has fallen silent", last_beat_seconds_ago=seconds)
    return {"last_beat_seconds_ago": seconds}
