"""A bar chart of waiting times, as numbers for an SVG. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

HOURS = 24
BAR, GAP, TALL = 10, 4, 100
_STEPS = (250, 500, 1000, 2000, 3000, 5000, 8000, 15_000, 30_000, 60_000)


@dataclass(frozen=True, slots=True)
class Hour:
    """The first words of one hour's calls: half of them within `usual_ms`, nineteen of twenty within `slow_ms`."""

    at: datetime
    calls: int
    failed: int
    usual_ms: int | None
    slow_ms: int | None


@dataclass(frozen=True, slots=True)
class Bar:
    """Where an hour stands in the chart. Heights are from the ground, y from the top; None: no call with words."""

    hour: Hour
    x: int
    usual: float | None
    slow: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart `width` by TALL, with its highest value."""

    bars: tuple[Bar, ...]
    top_ms: int

    @property
    def width(self) -> int:
        return len(self.bars) * (BAR + GAP)


def top_of(hours: Sequence[Hour]) -> int:
    """The value at the top of a chart that holds all of these: a round one."""
    highest = max((hour.slow_ms or 0 for hour in hours), default=0)
    return next((step for step in _STEPS if step >= highest), highest)


def chart(hours: Sequence[Hour], top_ms: int) -> Chart:
    """The chart of those hours, oldest first, under a top that several charts may share."""

    def tall(value: int | None) -> float | None:
        return None if value is None else max(1.0, round(min(value, top_ms) * TALL / top_ms, 1))

    bars = (Bar(hour, n * (BAR + GAP), tall(hour.usual_ms), tall(hour.slow_ms)) for n, hour in enumerate(hours))
    return Chart(tuple(bars), top_ms)
