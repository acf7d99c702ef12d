"""Who reacts, and who carries."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.lib import events
from app.touchpoints.reactions import REACTIONS
from tests.factories.messaging import Post, use_fakes


@pytest.fixture(autouse=True)
def _reactions() -> Iterator[None]:
    """Touch points alone react to what happens."""
    before = dict(events._reactions)
    events.react(REACTIONS)
    yield
    events.react(before)


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    """Fakes as transports, every store live."""
    before = app.extensions.get("messaging")
    yield use_fakes(app)
    app.extensions["messaging"] = before
