"""An application of this room alone: no database, no other room."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.lib import clock
from app.web import init_web
from tests.conftest import settings_for_tests


def make_web_app(**given: Any) -> Flask:
    app = Flask("app", template_folder="../templates", static_folder=None)
    settings = settings_for_tests("postgresql://nowhere/none", **given)
    app.config.update(SETTINGS=settings, SECRET_KEY=settings.secret_key[0], TESTING=True)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    init_web(app)

    @app.post("/change")
    @app.post("/webhooks/change")
    @app.post("/session/change")
    def change() -> str:
        return "changed"

    @app.get("/session")
    def session_page() -> str:
        return "here"

    return app


@pytest.fixture
def web_app() -> Iterator[Flask]:
    app = make_web_app()
    with app.test_request_context():
        yield app
    clock.use(None)


@pytest.fixture
def web_client(web_app: Flask) -> FlaskClient:
    return web_app.test_client()


@pytest.fixture
def web_app_with() -> Callable[..., Flask]:
    return make_web_app
