"""A database of its own for the trials: migrated, given copies of the stores, and dropped afterwards.

A database and not a transaction, because an answer is written over several connections; and not rows beside the real
ones, because workers, feeds and figures would see them. Nothing in it can reach a person: the application that stands
on it has neither Twilio nor a mail server, and no store is live.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

from app.assistant.brief import forget_stores
from app.assistant.course import forget_courses
from app.config import Settings
from app.db import db
from app.lib import clock
from app.messaging.transports import Transports
from app.trials.copies import rows_of, write

CLOSED: dict[str, Any] = {
    "sandbox": False, "twilio_account_sid": "", "twilio_auth_token": "", "smtp_url": "", "mail_from": "",
    "shopmonkey_api_key": "", "outbound_allow_list": (), "redis_url": "", "sentry_dsn": "",
}  # fmt: skip
INSUFFICIENT_PRIVILEGE = "42501"
MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
LEFT_BEHIND = text("SELECT datname FROM pg_database WHERE datname ~ '^trials_[0-9]{8}_' AND datname < :before")


class NoScratch(Exception):
    """The database server does not let us make a database; the message says what to do."""


@contextmanager
def scratch_app(location_ids: Sequence[int], version_id: int | None, template: str | None = None) -> Iterator[Flask]:
    """An application on a new database that holds these stores, with that version of the words published (none: None).

    `template` is a migrated database to copy instead of migrating anew. Raises NoScratch.
    """
    settings: Settings = current_app.config["SETTINGS"]
    create_app = current_app.extensions["create_app"]
    rows = rows_of(location_ids, version_id)
    db.session.rollback()  # nothing stays open here while the trials go on, for hours perhaps
    server = create_engine(db.engine.url, isolation_level="AUTOCOMMIT", pool_size=1)
    _sweep(server)
    name = f"trials_{clock.now():%Y%m%d}_{uuid.uuid4().hex[:8]}"
    _create(server, name, template)
    try:
        url = db.engine.url.set(database=name).render_as_string(hide_password=False)
        app = create_app(settings.model_copy(update={**CLOSED, "database_url": url}))
        app.extensions["messaging"] = Transports()
        app.extensions["generator"].stopping.set()  # answers are generated in turn, by whoever plays
        with app.app_context():
            try:
                if template is None:
                    upgrade(directory=str(MIGRATIONS))
                write(rows)
                _forget()
                yield app
            finally:
                db.session.remove()
                _close(app)
    finally:
        _forget()
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        server.dispose()


def _sweep(server: Engine) -> None:
    """Drop what a killed process left behind: databases of the day before yesterday and earlier."""
    with server.connect() as connection:
        for (name,) in connection.execute(LEFT_BEHIND, {"before": f"trials_{clock.now() - timedelta(days=1):%Y%m%d}"}):
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))


def _forget() -> None:
    forget_stores()
    forget_courses()


def _create(server: Engine, name: str, template: str | None) -> None:
    made = f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")
    try:
        with server.connect() as connection:
            connection.execute(text(made))
    except ProgrammingError as error:
        server.dispose()
        if getattr(error.orig, "pgcode", None) != INSUFFICIENT_PRIVILEGE:
            raise
        raise NoScratch(
            "the database's role may not create databases, and the trials need one of their own for a while: "
            "grant it CREATEDB, or run this beside a copy of the database"
        ) from error


def _close(app: Flask) -> None:
    for engine in (db.engine, app.extensions.get("quick_engine")):
        if engine is not None:
            engine.dispose()
    app.extensions["live"].close()
