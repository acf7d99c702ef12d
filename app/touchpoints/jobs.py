"""What the worker does for touch points: send what is due."""

from datetime import datetime, timedelta

from app.messaging.due import work_off
from app.touchpoints.models import TouchPoint
from app.touchpoints.sending import send

# Full rounds of all lanes: what is left over would let most of them idle.
BATCH = 64
# Provider calls wait for the network: this many at once, each with its own database session.
LANES = 16
# How long a worker may hold a touch point before another one may look at it. Sending twice is prevented by the fence.
LEASE = timedelta(minutes=1)


def send_due(now: datetime | None = None, limit: int = BATCH) -> int:
    """Work off everything that is due, `limit` at a time; how many it were. Several workers may run it at once.

    One that raises keeps its claim until the lease ends and does not keep the others; its error is raised at the end.
    """
    return work_off(TouchPoint, send, now, limit=limit, lease=LEASE, lanes=LANES)
