"""What the worker does for the messages around visits: send what is due."""

from datetime import datetime, timedelta

from app.booking.message_models import VisitMessage
from app.booking.message_sending import send
from app.messaging.due import work_off

BATCH = 20
LANES = 4
# As for touch points: how long a worker may hold one before another looks at it. The fence prevents sending twice.
LEASE = timedelta(minutes=1)


def send_messages(now: datetime | None = None) -> int:
    """Work off every message about a visit that is due; how many it were. Several workers may run it at once."""
    return work_off(VisitMessage, send, now, limit=BATCH, lease=LEASE, lanes=LANES)
