"""The rules by which a store takes bookings, and the work that is to be booked. Pure."""

from dataclasses import dataclass
from datetime import time, timedelta

HOLD = timedelta(minutes=5)

# Words of a service's category or name, and what its bay must be able to do; the first that is found says it.
NEEDS = (
    ("tint", "tint"),
    ("coating", "coating"),
    ("bedliner", "coating"),
    ("film", "film"),
    ("wrap", "film"),
    ("wash", "wash"),
    ("detail", "detail"),
    ("correction", "detail"),
    ("audio", "audio"),
    ("starter", "audio"),
    ("security", "audio"),
    ("lighting", "audio"),
    ("wheel", "lift"),
    ("tire", "lift"),
)


@dataclass(frozen=True, slots=True)
class Rules:
    """A store's rules. `buffer` follows every visit in its bay; a start is at least `lead_time` and at most
    `horizon_days` ahead, on the grid of `step` from opening, and not after `last_start` by the store's clock.

    Work longer than the store's longest day keeps the car up to `nights`. `change_until` before the visit its customer
    can still change it. `usual` is taken for a service without a duration.
    """

    buffer: timedelta = timedelta(minutes=15)
    lead_time: timedelta = timedelta(hours=2)
    last_start: time | None = None
    horizon_days: int = 60
    step: timedelta = timedelta(minutes=30)
    nights: int = 7
    change_until: timedelta = timedelta(hours=24)
    usual: timedelta = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done in one visit: open time that it takes, and everything its bay must be able to do."""

    duration: timedelta
    abilities: frozenset[str] = frozenset()


def ability_for(name: str, category: str) -> frozenset[str]:
    """What a bay needs for the service, by words of its category, else of its name; nothing known: any bay will do.

    A coating is one wherever the catalogue lists it.
    """
    if "ceramic coating" in name.lower():
        return frozenset({"coating"})
    for text in (category.lower(), name.lower()):
        for word, ability in NEEDS:
            if word in text:
                return frozenset({ability})
    return frozenset()
