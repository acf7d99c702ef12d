"""Senders that tests let live or die."""

import pytest
from sqlalchemy import text

from app import messaging
from app.db import db
from app.messaging.models import Delivery
from tests.factories.messaging import make_delivery


class Killed(BaseException):
    """The process died here."""


def dies(outgoing):
    raise Killed


def deliver_in_thread(app, delivery_id, last_look=lambda: None):
    with app.app_context():
        return messaging.deliver(delivery_id, last_look)


def queued(**given) -> int:
    delivery_id = make_delivery(**given).id
    db.session.commit()
    return delivery_id


def fresh(delivery_id) -> Delivery:
    db.session.rollback()
    return db.session.get_one(Delivery, delivery_id, populate_existing=True)


def left_behind(minutes=6, **given) -> int:
    """A delivery whose sender was killed after `sending` was committed, that long ago."""
    delivery_id = queued(**given)
    with pytest.raises(Killed):
        messaging.deliver(delivery_id, lambda: None)
    db.session.execute(
        text("UPDATE deliveries SET sending_at = now() - make_interval(mins => :minutes) WHERE id = :id"),
        {"minutes": minutes, "id": delivery_id},
    )
    db.session.commit()
    return delivery_id
