"""The application with the sandbox on: settings like those that `make run` writes."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import fresh_database_url, settings_for_tests

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
KEY = "sandbox-key"


@pytest.fixture(scope="session")
def sandbox_database() -> Iterator[str]:
    with fresh_database_url() as url:
        yield url


@pytest.fixture
def sandbox(sandbox_database: str) -> Iterator[Flask]:
    """The sandbox, loaded once and kept: tests here add orders and messages, and count only what they added."""
    from app import create_app
    from app.db import db
    from app.lib import clock
    from app.sandbox.demo import load_demo

    settings = settings_for_tests(
        sandbox_database,
        sandbox=True,
        public_url="http://127.0.0.1:9",
        shopmonkey_api_key=KEY,
        shopmonkey_webhook_secret="webhook-secret",
    )
    app = create_app(settings)
    with app.app_context():
        load_demo(settings, NOW)
        yield app
        db.session.remove()
        db.engine.dispose()
    clock.use(None)


@pytest.fixture
def visitor(sandbox: Flask) -> FlaskClient:
    return sandbox.test_client()
