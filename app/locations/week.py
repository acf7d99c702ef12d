"""A store's weekly hours as somebody writes them. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from itertools import pairwise

from app.locations.hours import DAYS, Stretch

MOST_A_DAY = 3
SHORT = tuple(day[:3].lower() for day in DAYS)


class HoursRefused(ValueError):
    """These hours cannot be; `days` says why, by weekday from Monday = 0."""

    def __init__(self, days: Mapping[int, str]) -> None:
        super().__init__("; ".join(f"{DAYS[day]}: {why}" for day, why in sorted(days.items())))
        self.days = dict(days)


def check_week(hours: Sequence[Stretch]) -> list[Stretch]:
    """The hours in order. Raises HoursRefused where a stretch ends before it begins, or two of a day overlap."""
    ordered = sorted(hours)
    odd: dict[int, str] = {}
    for day, opens, closes in ordered:
        if closes <= opens:
            odd[day] = f"{_told(closes)} is not after {_told(opens)}. For midnight write 11:59 PM."
    for (day, _, closes), (next_day, opens, _) in pairwise(ordered):
        if day == next_day and opens < closes and day not in odd:
            odd[day] = f"the hours overlap: one stretch ends at {_told(closes)}, the next begins at {_told(opens)}."
    if odd:
        raise HoursRefused(odd)
    return ordered


def parse_week(text: str) -> list[Stretch]:
    """Hours as one line: `Mon-Fri 9:00-12:30,13:30-18:00; Sat 9-15`. Raises HoursRefused or ValueError."""
    found: list[Stretch] = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        days, _, times = part.partition(" ")
        for stretch in times.split(","):
            opens, _, closes = stretch.strip().partition("-")
            found += [(day, _time(opens), _time(closes)) for day in _days(days)]
    return check_week(found)


def _days(text: str) -> list[int]:
    first, _, last = text.lower().partition("-")
    try:
        start, end = SHORT.index(first[:3]), SHORT.index((last or first)[:3])
    except ValueError:
        raise ValueError(f"{text or 'nothing'}: name days as Mon or Mon-Fri") from None
    return [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]


def _time(text: str) -> time:
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?", text.strip())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise ValueError(f"{text or 'nothing'}: write times as 9, 9:30 or 17:00")
    return time(int(found[1]), int(found[2] or 0))


def _told(moment: time) -> str:
    return f"{moment:%I:%M %p}".lstrip("0")
