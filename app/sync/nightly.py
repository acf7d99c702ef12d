"""When each store's catalogue is synced by itself: nightly, spread over three hours."""

from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

NIGHT = time(2)
SPREAD = timedelta(hours=3)
RETRY = timedelta(hours=1)


def latest_turn(location_id: int, timezone: str, now: datetime) -> datetime:
    """The latest moment up to `now` at which the store's nightly sync was due: between 2 and 5, its own time."""
    share = int.from_bytes(sha256(b"nightly %d" % location_id).digest()[:4]) / 2**32
    local = now.astimezone(ZoneInfo(timezone))
    turn = (datetime.combine(local.date(), NIGHT, local.tzinfo) + SPREAD * share).astimezone(UTC)
    if turn <= now:
        return turn
    yesterday = datetime.combine(local.date() - timedelta(days=1), NIGHT, local.tzinfo)
    return (yesterday + SPREAD * share).astimezone(UTC)


def is_due(turn: datetime, last_status: str | None, last_at: datetime | None, now: datetime) -> bool:
    """Whether a store whose last run ended so is to be synced: once a night, and hourly after a failure."""
    if last_status is None or last_at is None:
        return True
    if last_status == "failed":
        return now - last_at >= RETRY
    return last_status == "done" and last_at < turn
