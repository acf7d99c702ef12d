"""The send fence."""

from collections.abc import Callable
from datetime import datetime

LastLook = Callable[[], str | None]


def deliver(
    delivery_id: int, last_look: LastLook, now: datetime | None = None, zones: tuple[str, ...] = ()
) -> str:
    """The delivery's status after trying to send it once."""
    raise NotImplementedError
