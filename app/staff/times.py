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


def clock_words(at: datetime, zone: str) -> str:
    """`9:05 AM` by that zone's clocks."""
    return f"{at.astimezone(ZoneInfo(zone)):%I:%M %p}".lstrip("0")


def clock_until(start: datetime, end: datetime, zone: str) -> str:
    """`9:05 AM – 1:00 PM`, over night `Fri 9:05 AM – Sat 1:00 PM`."""
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    words = clock_words(start, zone), clock_words(end, zone)
    if first.date() == last.date():
        return " – ".join(words)
    return f"{first:%a} {words[0]} – {last:%a} {words[1]}"


def day_words(at: datetime, zone: str) -> str:
    """`Tuesday, December 1` by that zone's calendar."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A, %B} {local.day}"


def duration(minutes: int) -> str:
    """`45 min`, `3 h`, `2 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "")))
