"""Connections for what an answer writes and reads many times: each statement commits by itself and waits for no disk.

After a crash of the database the newest words, or who took a reply, may be missing: the next attempt does them again.
"""

from flask import current_app
from sqlalchemy import Connection, Engine, create_engine

from app.db import db


def quick() -> Connection:
    """A connection to use with `with`, for single statements only."""
    found: Engine | None = current_app.extensions.get("quick_engine")
    if found is None:
        found = create_engine(
            db.engine.url, pool_size=8, max_overflow=0, pool_timeout=15, pool_use_lifo=True,
            isolation_level="AUTOCOMMIT", pool_reset_on_return=None, hide_parameters=True,
            connect_args={"options": "-c synchronous_commit=off"},
        )  # fmt: skip
        current_app.extensions["quick_engine"] = found
    return found.connect()
