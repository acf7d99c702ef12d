"""How sure a count makes us: intervals for shares, and for the difference of two. Pure."""

from dataclasses import dataclass
from math import sqrt

Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with the 95 % interval from `low` to `high`; nothing counted yet is from 0 to 1."""

    hits: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share itself; None where nothing was counted."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Difference:
    """How much larger one share is than another, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def told_apart(self) -> bool:
        """Whether chance alone would rarely show it."""
        return self.low > 0 or self.high < 0


def share(hits: int, of: int, z: float = Z_95) -> Share:
    """Wilson's score interval (E. B. Wilson, 1927): right for small counts and for shares near 0 and 1."""
    if of == 0:
        return Share(0, 0, 0.0, 1.0)
    p, square = hits / of, z * z
    middle = (p + square / (2 * of)) / (1 + square / of)
    half = z * sqrt(p * (1 - p) / of + square / (4 * of * of)) / (1 + square / of)
    return Share(hits, of, max(0.0, middle - half), min(1.0, middle + half))


def difference(one: Share, other: Share) -> Difference:
    """`one` less `other`, by Newcombe's hybrid score interval (R. G. Newcombe, 1998, method 10)."""
    p, q = one.value or 0.0, other.value or 0.0
    low = p - q - sqrt((p - one.low) ** 2 + (other.high - q) ** 2)
    high = p - q + sqrt((one.high - p) ** 2 + (q - other.low) ** 2)
    return Difference(p - q, low, high)


def split_is_odd(counted: int, total: int, weight: int, weights: int) -> bool:
    """Whether so many of `total` leads in one variant is more than chance explains (one split in 1,000 would be)."""
    if total == 0:
        return False
    expected = weight / weights
    spread = sqrt(total * expected * (1 - expected))
    return spread > 0 and abs(counted - total * expected) > 3.29 * spread
