"""How long deliveries are kept."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import db
from app.webhooks import forget_old
from app.webhooks.models import WebhookEvent
from tests.factories.webhooks import make_event


@pytest.mark.parametrize(
    ("status", "days", "kept"),
    [
        ("done", 29, True),
        ("done", 31, False),
        ("parked", 179, True),
        ("parked", 181, False),
        ("unknown_store", 179, True),
        ("unknown_store", 181, False),
        ("new", 999, True),
        ("claimed", 999, True),
    ],
)
def test_what_has_served_its_purpose_is_deleted(app, status, days, kept) -> None:
    make_event("co", status=status, received_at=func.now() - timedelta(days=days))
    assert forget_old() == (not kept)
    assert bool(db.session.scalar(select(func.count()).select_from(WebhookEvent))) == kept
