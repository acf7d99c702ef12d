"""A store's capacity."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base, CreatedAt, Id

ABILITIES = ("tint", "film", "coating", "detail", "wash", "audio", "lift")


class Bay(Base):
    """One place where one car is worked on at a time; `abilities` are of ABILITIES. No bays: nothing is bookable."""

    __tablename__ = "bays"
    __table_args__ = (UniqueConstraint("location_id", "name"),)

    id: Mapped[int] = Id()
    location_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("locations.id", ondelete="CASCADE"))
    name: Mapped[str]
    abilities: Mapped[list[Any]]
    created_at: Mapped[datetime] = CreatedAt()
