"""Databases on the test server: made from a migrated template, dropped by force."""

import os
import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql
from sqlalchemy import Engine, func

LAST_WORD = "that was all"
PATIENCE = 30.0


def address(name: str) -> str:
    """The address of that database on the test server."""
    parts = urlsplit(os.environ["TEST_DATABASE_SERVER"])
    return urlunsplit(parts._replace(path=f"/{name}"))


def write_to_memory_only() -> None:
    """Have the test server wait for no disk: nothing it holds outlives the run, and a commit is as visible without."""
    _on_server(sql.SQL("ALTER SYSTEM SET fsync = off"))
    _on_server(sql.SQL("SELECT pg_reload_conf()"))


def create_database(name: str, template: str = "template1") -> str:
    """Make the database and return its address. Its files are copied as they are: without `fsync` that is quickest."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    _on_server(statement.format(sql.Identifier(name), sql.Identifier(template)))
    return address(name)


def drop_database(name: str) -> None:
    """Drop the database, whoever is still connected."""
    _on_server(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def migrate(database_url: str) -> None:
    """Bring the database to the newest migration."""
    from flask_migrate import upgrade

    from app import create_app
    from app.db import db
    from tests.conftest import settings_for_tests

    app = create_app(settings_for_tests(database_url))
    with app.app_context():
        upgrade(directory="migrations")
        db.engine.dispose()


@contextmanager
def listening(engine: Engine, channel: str) -> Iterator[Callable[[], list[str]]]:
    """Gives a function that tells what was said on the channel until now: PostgreSQL keeps the order of commits, so
    whatever was committed earlier is heard before the function's own last word.
    """
    listener = engine.raw_connection()
    ear: Any = listener.driver_connection
    ear.autocommit = True
    ear.cursor().execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))

    def heard() -> list[str]:
        with engine.begin() as other:
            other.execute(func.pg_notify(channel, LAST_WORD).select())
        said: list[str] = []
        while LAST_WORD not in said:
            assert select.select([ear], [], [], PATIENCE)[0], f"nothing was heard after {said}"
            ear.poll()
            said += [note.payload for note in ear.notifies]
            ear.notifies.clear()
        return [word for word in said if word != LAST_WORD]

    try:
        yield heard
    finally:
        listener.invalidate()


def _on_server(statement: sql.Composable) -> None:
    connection = psycopg2.connect(address("postgres"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
