"""Which messages a visit gets, when each is due, and what stands against one. Pure.

A reminder goes as a text; where no text can be sent in time, as an email. A confirmation goes by both ways.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Kind = Literal["confirmation", "change", "cancellation", "day_before", "two_hours", "after_visit"]
Channel = Literal["sms", "email"]

PURPOSES = {"day_before": "reminder", "two_hours": "reminder", "after_visit": "after_visit"}
OTHER_PURPOSE = "confirmation"
# What the ledger calls a visit's deliveries; most are none of them.
OF_VISITS = frozenset({*PURPOSES.values(), OTHER_PURPOSE})

# Whoever has just been told the time is not reminded of it within these two hours.
JUST_TOLD = timedelta(hours=2)
SHORTLY = timedelta(hours=2)
# Later than this before the visit, a reminder only disturbs somebody who is on the way.
DAY_BEFORE_UNTIL = timedelta(hours=4)
SHORTLY_UNTIL = timedelta(minutes=30)
ASKS_AT = time(11)
ASKS_FOR = timedelta(days=3)

MOVED = "The visit was moved meanwhile"
CANCELLED = "The visit was cancelled"
NOBODY_CAME = "Nobody came to the visit"
OVER = "The visit is over"
TOO_LATE = "It came too late to be of use"
OF_THE_VISIT = frozenset({MOVED, CANCELLED, NOBODY_CAME, OVER, TOO_LATE})


@dataclass(frozen=True, slots=True)
class Due:
    """One message to plan."""

    kind: Kind
    channel: Channel
    due_at: datetime
    useful_until: datetime


def around_visit(news: Kind, starts_at: datetime, ends_at: datetime, zone: ZoneInfo, now: datetime) -> list[Due]:
    """What a visit that was booked, or moved, at `now` gets from then on."""
    return [*news_of(news, starts_at, now), *_reminders(starts_at, zone, now), after_visit(ends_at, zone)]


def news_of(news: Kind, starts_at: datetime, now: datetime) -> Iterator[Due]:
    """A confirmation, change or cancellation, at once and by both ways; of no use once the visit's time has come."""
    return (Due(news, channel, now, starts_at) for channel in ("sms", "email"))


def after_visit(ended_at: datetime, zone: ZoneInfo) -> Due:
    """The question how it went, at eleven on the day after by the store's clock, or in the three days that follow."""
    due = _at(ended_at, zone, 1, ASKS_AT)
    return Due("after_visit", "sms", due, due + ASKS_FOR)


def against(
    sequence: int, kind: str, useful_until: datetime, visit_sequence: int, visit_status: str, now: datetime
) -> str | None:
    """Why a message about the visit's state `sequence` must not go out, now that the visit is so; else None."""
    if visit_status == "cancelled" and kind != "cancellation":
        return CANCELLED
    if visit_status == "no_show":
        return NOBODY_CAME
    if sequence != visit_sequence:
        return MOVED
    if visit_status == "done" and kind != "after_visit":
        return OVER
    return TOO_LATE if now >= useful_until else None


def _reminders(starts_at: datetime, zone: ZoneInfo, now: datetime) -> Iterator[Due]:
    day_before = _at(starts_at, zone, -1, starts_at.astimezone(zone).time())
    for due in (
        Due("day_before", "sms", day_before, starts_at - DAY_BEFORE_UNTIL),
        Due("two_hours", "sms", starts_at - SHORTLY, starts_at - SHORTLY_UNTIL),
    ):
        if due.due_at - now >= JUST_TOLD:
            yield due


def _at(moment: datetime, zone: ZoneInfo, days: int, clock: time) -> datetime:
    """That time of the store's day so many days on, in UTC."""
    day = moment.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, clock, zone).astimezone(UTC)
