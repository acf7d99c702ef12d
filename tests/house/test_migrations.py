"""Migrations: one head, from nothing to all, back to nothing, and the models say what the tables are."""

import uuid
from collections.abc import Iterator

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check as nothing_to_migrate
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.db import db
from tests.conftest import settings_for_tests
from tests.databases import create_database, drop_database


@pytest.fixture
def on_nothing() -> Iterator[Flask]:
    """The application on a database without a table."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    app = create_app(settings_for_tests(create_database(name)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    drop_database(name)


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_there_is_one_head():
    assert len(ScriptDirectory("migrations").get_heads()) == 1


def test_up_down_and_up_again(on_nothing):
    upgrade(directory="migrations")
    made = tables()
    assert {table.name for table in db.metadata.sorted_tables} == made
    nothing_to_migrate(directory="migrations")

    downgrade(directory="migrations", revision="base")
    assert tables() == set()
    upgrade(directory="migrations")
    assert tables() == made
