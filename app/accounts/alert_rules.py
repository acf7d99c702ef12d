"""Who of a store's people is told that a customer waits, and when they want to be left alone. Pure."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from app.locations.opening import DAY, moment

# Who has not answered by then is not alone with it any longer.
ESCALATE_AFTER = timedelta(minutes=10)
LADDER = ("advisor", "store_manager", "franchise_admin")


class Person(Protocol):
    """Who can be told."""

    @property
    def role(self) -> str: ...

    @property
    def alert_by(self) -> str: ...


Somebody = TypeVar("Somebody", bound=Person)


def ladder(people: Iterable[Somebody]) -> list[list[Somebody]]:
    """Those who want to be told, first the ones to tell at once, then those for when nobody has answered.

    Where a store has no advisor who wants to be told, its managers come first, and so on.
    """
    told = [one for one in people if one.alert_by != "none"]
    steps = [[one for one in told if one.role == role] for role in LADDER]
    return [step for step in steps if step]


def quiet_until(now: datetime, zone: str, begins: time | None, ends: time | None) -> datetime | None:
    """When somebody's quiet time that now holds is over, in UTC; None where it does not hold. It may span midnight."""
    if begins is None or ends is None or begins == ends:
        return None
    store = ZoneInfo(zone)
    today = now.astimezone(store).date()
    for day in (today - DAY, today):
        last = day if begins < ends else day + DAY
        over = moment(last, ends, store)
        if moment(day, begins, store) <= now < over:
            return over
    return None
