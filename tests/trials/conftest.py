"""Both demo stores in a database, and the bench's own database beside it, once for all tests of the room."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db
from app.locations.models import Company, Location
from app.trials.bench import casts
from app.trials.casting import Cast
from app.trials.scenario import scenarios
from app.trials.scratch import scratch_app
from tests.conftest import fresh_database_url, settings_for_tests
from tests.trials.stores import load_stores


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One after the other: each makes databases and roles of the server."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.xdist_group("trials"))


@dataclass
class Bench:
    app: Flask
    casts: list[Cast]
    skipped: dict[str, str]


@pytest.fixture(scope="session")
def house() -> Iterator[Flask]:
    """An application whose database has the demo company, as production has a real one."""
    from app import create_app

    with fresh_database_url() as url:
        app = create_app(settings_for_tests(url))
        with app.app_context():
            load_stores()
            db.session.remove()
        yield app
        with app.app_context():
            app.extensions["live"].close()
            db.engine.dispose()


@pytest.fixture(scope="session")
def bench(house: Flask) -> Iterator[Bench]:
    """The bench's own database with copies of those stores, and every scenario cast."""
    with house.app_context():
        stores = list(db.session.scalars(select(Location.id)))
        template = os.environ["TEST_DATABASE_TEMPLATE"]
        with scratch_app(stores, None, template) as app:
            yield Bench(app, *casts(scenarios()))


@pytest.fixture
def company_id(house: Flask) -> Iterator[int]:
    with house.app_context():
        yield db.session.scalars(select(Company.id)).one()
