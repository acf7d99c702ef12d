"""Free times equal those of a slow and obvious reference, in all US and Canadian zones through three years."""

import os
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.booking.occupancy import BusyTime, OpenBay, occupy
from app.booking.rules import Rules, Work
from app.booking.slots import Times
from app.locations.opening import StoreHours
from tests.booking.slow_slots import Shop, slow_slots

pytestmark = pytest.mark.soak

FULL = os.environ.get("TEST_SCALE") == "full"
FIRST, LAST = date(2026, 1, 1), date(2028, 12, 31)
COUNTRIES = ("US", "CA", "PR", "VI", "GU")
ZONES = sorted(
    line.split("\t")[2]
    for line in (files("tzdata") / "zoneinfo" / "zone.tab").read_text().splitlines()
    if line[:2] in COUNTRIES
)
ABILITIES = ("tint", "film", "lift")
DAY = timedelta(days=1)


def quick_slots(shop: Shop, minutes: int, needs: set[str], first: date, last: date, now: int) -> list[tuple]:
    """The same from the application's own functions."""
    hours = StoreHours(
        shop.timezone,
        [(day, wall(opens), wall(closes)) for day, all_day in shop.weekly.items() for opens, closes in all_day],
        {day: [(wall(opens), wall(closes)) for opens, closes in all_day] for day, all_day in shop.special.items()},
    )
    rules = Rules(
        buffer=timedelta(minutes=shop.buffer),
        lead_time=timedelta(minutes=shop.lead),
        last_start=None if shop.last_start is None else wall(shop.last_start),
        horizon_days=shop.horizon,
        step=timedelta(minutes=shop.step),
        nights=shop.nights,
    )
    bays = [
        OpenBay(bay, frozenset(can), [(utc(start), utc(end)) for where, start, end in shop.taken if where == bay])
        for bay, can in shop.bays.items()
    ]
    busy = [BusyTime(key, utc(start), utc(end), frozenset(needed)) for key, start, end, needed in shop.busy]
    times = Times(hours, rules, occupy(bays, busy)[0])
    work = Work(timedelta(minutes=minutes), frozenset(needs))
    found = times.free(work, first, last, utc(now))
    for slot in found:
        assert times.at(work, slot.starts_at, utc(now)) == slot
    return [(since(slot.starts_at), since(slot.ends_at), slot.bay_id) for slot in found]


def wall(minute: int) -> time:
    return time(*divmod(minute, 60))


def utc(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def since(moment: datetime) -> int:
    return int(moment.timestamp()) // 60


def transitions(zone: str) -> list[date]:
    """The days of the three years on which that zone's clocks change."""
    days = [FIRST + ahead * DAY for ahead in range((LAST - FIRST).days + 1)]
    offsets = [datetime.combine(day, time(), ZoneInfo(zone)).utcoffset() for day in [*days, LAST + DAY]]
    return [day for day, before, after in zip(days, offsets, offsets[1:], strict=False) if before != after]


@st.composite
def shops(draw) -> tuple[Shop, int, set[str], date, date, int]:
    zone = draw(st.sampled_from(ZONES))
    changes = transitions(zone)
    somewhen = st.dates(FIRST, LAST)
    day = draw(st.one_of(somewhen, st.sampled_from(changes)) if changes else somewhen)
    first = day - draw(st.integers(0, 2)) * DAY
    last = first + draw(st.integers(0, 2)) * DAY
    week = {weekday: draw(stretches()) for weekday in range(7)}
    special = {first + ahead * DAY: draw(stretches()) for ahead in draw(st.sets(st.integers(0, 4), max_size=2))}
    noon = since(datetime.combine(first, time(12), UTC))
    bays = {number: draw(st.sets(st.sampled_from(ABILITIES))) for number in range(1, draw(st.integers(1, 3)) + 1)}
    moments = st.integers(noon - 1440, noon + 5 * 1440)
    lengths = st.integers(5, 700)
    taken = [
        (bay, start, start + length)
        for bay, start, length in draw(st.lists(st.tuples(st.sampled_from(sorted(bays)), moments, lengths), max_size=5))
    ]
    needs = st.sets(st.sampled_from(ABILITIES), max_size=1)
    busy = [
        (f"{number:02d}", start, start + length, needed)
        for number, (start, length, needed) in enumerate(draw(st.lists(st.tuples(moments, lengths, needs), max_size=5)))
    ]
    shop = Shop(
        timezone=zone, weekly=week, special=special, bays=bays, taken=taken, busy=busy,
        buffer=draw(st.sampled_from([0, 10, 15, 45])), lead=draw(st.sampled_from([0, 30, 120, 2000])),
        last_start=draw(st.none() | st.integers(0, 1439)), horizon=draw(st.sampled_from([1, 2, 60])),
        step=draw(st.sampled_from([15, 20, 30, 60, 90])), nights=draw(st.integers(0, 3)),
    )  # fmt: skip
    minutes = draw(st.sampled_from([15, 60, 90, 240, 480, 900, 1600]))
    return shop, minutes, draw(needs), first, last, draw(st.integers(noon - 2 * 1440, noon + 1440))


@st.composite
def stretches(draw) -> list[tuple[int, int]]:
    """Up to three open stretches of a day, in any order, some of them in the night in which clocks change."""
    usual = st.sampled_from(
        [(540, 1080), (540, 720), (750, 1080), (0, 1439), (30, 90), (60, 150), (90, 105), (150, 300)]
    )
    odd = st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda pair: pair[0] < pair[1])
    return draw(st.lists(usual | odd, max_size=3))


@settings(
    max_examples=6000 if FULL else 40, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(shops())
def test_free_times_are_those_of_the_reference(asked):
    assert quick_slots(*asked) == slow_slots(*asked)


@pytest.mark.parametrize("zone", ZONES if FULL else ZONES[:: max(1, len(ZONES) // 8)])
def test_every_day_on_which_clocks_change(zone):
    """A day of 23 or 25 hours, open all night, with hours that do not exist or come twice."""
    for day in transitions(zone):
        shop = some_shop(Random(f"{zone} {day}"), zone)
        asked = (shop, 60, set(), day - DAY, day + DAY, since(datetime.combine(day, time(), UTC)) - 2880)
        assert quick_slots(*asked) == slow_slots(*asked), f"{zone} {day}"


@pytest.mark.parametrize("zone", ZONES if FULL else ["America/Denver"])
def test_every_day_of_three_years(zone):
    """At the small scale one week in ten."""
    shop, found = some_shop(Random(zone), zone), 0
    day = FIRST
    while day <= LAST:
        asked = (shop, 60, set(), day, day + 6 * DAY, since(datetime.combine(day, time(), UTC)) - 2880)
        slots = quick_slots(*asked)
        assert slots == slow_slots(*asked), f"{zone} {day}"
        found += len(slots)
        day += 7 * DAY if FULL else 70 * DAY
    assert found > 100


def some_shop(random: Random, zone: str) -> Shop:
    """Open by night, by day with a break, and sometimes not at all."""
    shapes = [[(0, 1439)], [(30, 90), (100, 300)], [(150, 720), (750, 1080)], [(60, 110), (540, 1080)], [(90, 125)], []]
    return Shop(
        timezone=zone, weekly={day: random.choice(shapes[:4] if day > 4 else shapes) for day in range(7)}, special={},
        buffer=10, lead=0, last_start=None, horizon=365, step=random.choice([15, 30, 45]), nights=0, bays={1: set()},
        taken=[],
    )  # fmt: skip


def test_the_reference_itself_knows_a_short_and_a_long_day():
    """So that both cannot be wrong alike: counted by hand for New York."""
    shop = Shop(
        timezone="America/New_York", weekly={6: [(0, 240)]}, special={}, buffer=0, lead=0, last_start=None, horizon=365,
        step=30, nights=0, bays={1: set()}, taken=[],
    )  # fmt: skip
    for sunday, hours in ((date(2026, 3, 8), 3), (date(2026, 3, 15), 4), (date(2026, 11, 1), 5)):
        found = slow_slots(shop, 30, set(), sunday, sunday, since(datetime.combine(sunday, time(), UTC)) - 1440)
        assert len(found) == hours * 2
