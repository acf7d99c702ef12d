"""Free times the slow and obvious way: every minute of UTC is asked what the store's clock shows, and who is there.

It shares no code with what it judges. Moments are whole minutes since 1970.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Shop:
    """A store, its rules in minutes, and what stands in its bays."""

    timezone: str
    weekly: dict[int, list[tuple[int, int]]]
    special: dict[date, list[tuple[int, int]]]
    buffer: int
    lead: int
    last_start: int | None
    horizon: int
    step: int
    nights: int
    bays: dict[int, set[str]]
    taken: list[tuple[int, int, int]]
    busy: list[tuple[str, int, int, set[str]]] = field(default_factory=list)


def slow_slots(shop: Shop, minutes: int, needs: set[str], first: date, last: date, now: int) -> list[tuple]:
    """(start, end, bay) of every free time, in order."""
    zone = ZoneInfo(shop.timezone)
    clock = _clock(zone, first, last + timedelta(days=shop.nights + 1))
    stretches = [stretch for day in sorted({day for day, _ in clock.values()}) for stretch in _open(shop, clock, day)]
    open_on = {minute: clock[stretch[0]][0] for stretch in stretches for minute in stretch}
    full = _full(shop)
    longest = max(len(_walls(day)) for day in [[], *shop.weekly.values()])
    nights = shop.nights if minutes > longest else 0
    today = datetime.fromtimestamp(now * 60, zone).date()
    found = []
    for stretch in stretches:
        for start in stretch[:: shop.step]:
            day, wall = clock[start]
            if not max(first, today) <= day <= min(last, today + timedelta(days=shop.horizon)):
                continue
            if start < now + shop.lead or (shop.last_start is not None and wall > shop.last_start):
                continue
            end = _work_until(start, minutes, open_on, day + timedelta(days=nights), max(clock))
            if end is None:
                continue
            wanted = set(range(start, end + shop.buffer))
            order = sorted(shop.bays, key=lambda bay: (len(shop.bays[bay]), bay))
            free = [bay for bay in order if needs <= shop.bays[bay] and not wanted & full[bay]]
            if free:
                found.append((start, end, free[0]))
    return sorted(found)


def _clock(zone: ZoneInfo, first: date, last: date) -> dict[int, tuple[date, int]]:
    """What the store's clock shows at every minute of those days: date, and minutes since its midnight."""
    begin = int(datetime(first.year, first.month, first.day, tzinfo=ZoneInfo("UTC")).timestamp()) // 60 - 1440
    shown = {}
    for minute in range(begin, begin + ((last - first).days + 3) * 1440):
        local = datetime.fromtimestamp(minute * 60, zone)
        if first <= local.date() <= last:
            shown[minute] = (local.date(), local.hour * 60 + local.minute)
    return shown


def _walls(stretches: list[tuple[int, int]]) -> set[int]:
    return {minute for opens, closes in stretches for minute in range(opens, closes)}


def _open(shop: Shop, clock: dict[int, tuple[date, int]], day: date) -> list[list[int]]:
    """The day's stretches as lists of minutes: open when the clock first shows an open minute, until it last did."""
    walls = sorted(_walls(shop.special.get(day, shop.weekly.get(day.weekday(), []))))
    runs: list[set[int]] = []
    for wall in walls:
        if runs and wall - 1 in runs[-1]:
            runs[-1].add(wall)
        else:
            runs.append({wall})
    here = [(minute, wall) for minute, (shown, wall) in clock.items() if shown == day]
    found, before = [], set()
    for run in runs:
        inside = [minute for minute, wall in here if wall in run]
        if inside:
            stretch = [minute for minute in range(min(inside), max(inside) + 1) if minute not in before]
            before.update(stretch)
            if stretch:
                found.append(stretch)
    return found


def _work_until(start: int, minutes: int, open_on: dict[int, date], latest: date, end: int) -> int | None:
    left = minutes
    for minute in range(start, end + 1):
        if minute in open_on:
            if open_on[minute] > latest:
                return None
            left -= 1
            if left == 0:
                return minute + 1
    return None


def _full(shop: Shop) -> dict[int, set[int]]:
    """The minutes at which each bay is taken, ShopMonkey's visits put into bays."""
    full: dict[int, set[int]] = {bay: set() for bay in shop.bays}
    for bay, start, end in shop.taken:
        full[bay].update(range(start, end))
    for _, start, end, needs in sorted(shop.busy, key=lambda busy: (busy[1], busy[2], busy[0])):
        span = set(range(start, end))
        order = sorted(shop.bays, key=lambda bay: (len(shop.bays[bay]), bay))
        suited = [bay for bay in order if needs <= shop.bays[bay]] or order
        if suited:
            # The first that is free; where none is, the one with the least in the way.
            full[min(suited, key=lambda bay: len(span & full[bay]))].update(span)
    return full
