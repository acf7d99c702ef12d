"""Databases on the test server: made from a migrated template, dropped by force."""

import os
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql


def address(name: str) -> str:
    """The address of that database on the test server."""
    parts = urlsplit(os.environ["TEST_DATABASE_SERVER"])
    return urlunsplit(parts._replace(path=f"/{name}"))


def create_database(name: str, template: str = "template1") -> str:
    """Make the database and return its address."""
    _on_server(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
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


def _on_server(statement: sql.Composable) -> None:
    connection = psycopg2.connect(address("postgres"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        connection.close()
