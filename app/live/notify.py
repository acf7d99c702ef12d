"""Telling other processes, in the transaction that makes it true: PostgreSQL delivers on commit, and only then."""

import orjson
from sqlalchemy import text

from app.db import db

NOTIFY = text("SELECT pg_notify(:channel, :payload)")
LIVE = "live"
WAKE = "wake"


def wake(job: str) -> None:
    """Have the workers run that job as soon as the current transaction commits."""
    db.session.execute(NOTIFY, {"channel": WAKE, "payload": job})


def announce(feed: str, data: dict[str, object]) -> None:
    """Put `data` on the feed when the current transaction commits, in every process. At most 7,500 bytes as JSON."""
    payload = orjson.dumps({"feed": feed, **data}).decode()
    db.session.execute(NOTIFY, {"channel": LIVE, "payload": payload})
