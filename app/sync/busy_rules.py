"""What a look at ShopMonkey's calendar means for a store's busy times and for our own visits. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.shopmonkey import AppointmentPayload
from app.sync.visit_body import is_off

# What ShopMonkey gives no end takes this long.
USUAL = timedelta(hours=1)
# Longer ones are taken as that long: a "vacation" of a year would close a bay for good.
LONGEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Busy:
    """A stretch of time that somebody's visit takes."""

    shopmonkey_id: str
    order_id: str | None
    name: str
    starts_at: datetime
    ends_at: datetime
    recurring: bool


@dataclass(frozen=True, slots=True)
class Ours:
    """A visit of ours that stands in ShopMonkey as `revision` has it."""

    push_id: int
    revision: int
    appointment_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Strayed:
    """ShopMonkey shows a visit of ours at other times; without times, no longer. `back`: it is right again."""

    ours: Ours
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    back: bool = False


@dataclass(slots=True)
class Calendar:
    """A store's calendar as it was seen: busy times by id and start, our visits that strayed."""

    busy: dict[tuple[str, datetime], Busy] = field(default_factory=dict)
    strayed: list[Strayed] = field(default_factory=list)


def understood(shown: Iterable[AppointmentPayload], our_ids: Mapping[str, int], ours: Iterable[Ours]) -> Calendar:
    """What those rows come to.

    `our_ids` are ShopMonkey's ids of all visits that we pushed, `ours` those that surely stand there. A visit that
    somebody moved there takes its time there too: who moved it will work by it.
    """
    calendar = Calendar()
    settled = {one.appointment_id: one for one in ours}
    for row in shown:
        mine = settled.get(row.id)
        if mine is not None:
            calendar.strayed.append(_compared(mine, row))
        busy = _busy(row)
        if busy is None or (row.id in our_ids and (mine is None or _as_pushed(mine, busy))):
            continue
        calendar.busy[busy.shopmonkey_id, busy.starts_at] = busy
    return calendar


def _busy(row: AppointmentPayload) -> Busy | None:
    if is_off(row) or row.starts_at is None or not row.id:
        return None
    ends_at = row.ends_at if row.ends_at and row.ends_at > row.starts_at else row.starts_at + USUAL
    ends_at = min(ends_at, row.starts_at + LONGEST)
    name = row.name or "A visit"
    return Busy(row.id, row.order_id, name[:200], row.starts_at, ends_at, row.rruleset is not None)


def _compared(mine: Ours, row: AppointmentPayload) -> Strayed:
    busy = _busy(row)
    if busy is None:
        return Strayed(mine)
    return Strayed(mine, busy.starts_at, busy.ends_at, back=_as_pushed(mine, busy))


def _as_pushed(mine: Ours, busy: Busy) -> bool:
    return (busy.starts_at, busy.ends_at) == (mine.starts_at, mine.ends_at)
