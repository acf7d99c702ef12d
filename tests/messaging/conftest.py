"""Who listens, and who carries."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.lib import events
from app.messaging import events as happened
from tests.factories.messaging import Post, use_fakes

KINDS = (
    happened.DeliverySent,
    happened.DeliveryNotSent,
    happened.DeliveryPostponed,
    happened.DeliveryFailed,
    happened.DeliveryUnknown,
)


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    """Fakes as transports, every store live."""
    before = app.extensions.get("messaging")
    yield use_fakes(app)
    app.extensions["messaging"] = before


@pytest.fixture
def told() -> Iterator[list[object]]:
    """The delivery events published in this test; no room reacts to them."""
    table = dict(events._reactions)
    heard: list[object] = []
    events.react({kind: [heard.append] for kind in KINDS})
    yield heard
    events.react(table)
