"""Times as staff read them: in the store's zone."""

from datetime import datetime
from zoneinfo import ZoneInfo


def when(at: datetime, zone: str, now: datetime) -> str:
    """`3:15 PM EST` today, `Nov 21, 3:15 PM EST` this year, with the year before that."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    clock_time = f"{local:%I:%M %p %Z}".lstrip("0")
    if local.date() == today.date():
        return clock_time
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%b} {local.day}{year}, {clock_time}"
