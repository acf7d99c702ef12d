"""Signs of life, by the database's clock."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.ops.models import Heartbeat


def beat(name: str) -> None:
    """Say that this process lives. Commits."""
    alive = insert(Heartbeat).values(name=name, at=func.clock_timestamp())
    db.session.execute(alive.on_conflict_do_update(index_elements=["name"], set_={"at": func.clock_timestamp()}))
    db.session.commit()


def age(name: str) -> timedelta | None:
    """How long ago that process last said so; None for never."""
    return db.session.scalar(select(func.clock_timestamp() - Heartbeat.at).where(Heartbeat.name == name))
