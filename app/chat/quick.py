"""Connections for what an answer writes and reads many times: each statement commits by itself and waits for no disk.

After a crash of the database the newest words, or who took a reply, may be missing: the next attempt does them again.
"""

from contextlib import closing

from flask import current_app
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection

from app.db import db

# Run several times a reply: planned once a connection. The conversation's row is locked first: a takeover that
# committed before makes the whole statement do nothing.
PREPARE_MORE_WORDS = """
    PREPARE more_words (bigint, bigint, int, bigint, int, text, text) AS
    WITH held AS (
        SELECT id FROM conversations WHERE id = $1 AND holder = 'assistant' FOR NO KEY UPDATE
    ), written AS (
        UPDATE messages SET text = $6, part = $5 FROM held, replies
        WHERE messages.id = $4 AND replies.id = $2 AND replies.attempt = $3 AND replies.status = 'running'
        RETURNING messages.id
    )
    SELECT pg_notify('live', $7) FROM written
"""
MORE_WORDS = text("EXECUTE more_words (:conversation_id, :reply_id, :attempt, :message_id, :part, :text, :note)")


def quick() -> Connection:
    """A connection to use with `with`, for single statements only."""
    found: Engine | None = current_app.extensions.get("quick_engine")
    if found is None:
        found = create_engine(
            db.engine.url, pool_size=8, max_overflow=0, pool_timeout=15, pool_use_lifo=True,
            isolation_level="AUTOCOMMIT", pool_reset_on_return=None, hide_parameters=True,
            connect_args={"options": "-c synchronous_commit=off"},
        )  # fmt: skip
        event.listen(found, "connect", _prepare)
        current_app.extensions["quick_engine"] = found
    return found.connect()


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(PREPARE_MORE_WORDS)
    connection.commit()
