"""When a step of a sequence is due. Pure: the lead's arrival and the store's zone come in."""

from datetime import UTC, date, datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Who asks after this hour of the evening is counted as of the next morning: the text of the night goes out then, and
# the contact of "day 1" must not follow it within the hour.
EVENING = time(20)
# Contacts are spread over some minutes: a store's leads are not all written to in one second, and none looks like a
# machine's.
SPREAD_MINUTES = 20


def due_at(
    arrived: datetime, zone: str, day: int, at: time | None, after_minutes: int | None, spread: int = 0
) -> datetime:
    """The moment in UTC: `after_minutes` after the arrival, or `day` local days later at `at` plus `spread` minutes.

    A local time that a clock change skips is an hour later on the new clock; one that comes twice is the first.
    An unknown zone counts as UTC: texts wait there anyway.
    """
    if at is None:
        return arrived + timedelta(days=day, minutes=after_minutes or 0)
    place = place_of(zone)
    local = datetime.combine(first_day(arrived, place) + timedelta(days=day), at, place)
    return local.astimezone(UTC) + timedelta(minutes=spread)


def first_day(arrived: datetime, place: ZoneInfo) -> date:
    """The local day that counts as day 0."""
    local = arrived.astimezone(place)
    return local.date() + timedelta(days=local.time() >= EVENING)


def moved(due: datetime, zone: str, days: int) -> datetime:
    """The same local time that many days later, in UTC."""
    place = place_of(zone)
    local = due.astimezone(place)
    return datetime.combine(local.date() + timedelta(days=days), local.time(), place).astimezone(UTC)


def days_to_catch_up(first_due: datetime, now: datetime) -> int:
    """How many whole days a sequence moves so that its first contact is not in the past."""
    late = now - first_due
    return 0 if late <= timedelta() else -(-late // timedelta(days=1))


def spread_of(lead_id: int, step: int) -> int:
    """The minutes, the same each time, by which this lead's contact is moved."""
    return crc32(f"{lead_id}:{step}".encode()) % SPREAD_MINUTES


def place_of(zone: str) -> ZoneInfo:
    """The zone, UTC where there is none of that name."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
