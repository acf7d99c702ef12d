"""Times as staff read them: in the store's zone."""

from datetime import datetime, timedelta
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


def how_long(since: datetime, now: datetime) -> str:
    """How long something has gone on: `just now`, `7 min`, `2 h 5 min`, `3 days`."""
    minutes = max(now - since, timedelta()) // timedelta(minutes=1)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return "1 day" if hours < 48 else f"{hours // 24} days"
