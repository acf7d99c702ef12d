"""What the worker does for messaging."""

from datetime import datetime


def reconcile(now: datetime | None = None) -> int:
    """How many deliveries left in `sending` were cleared up."""
    raise NotImplementedError
