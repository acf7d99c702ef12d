"""Which reminders a month of visits should have brought: worked out from what was done, by nothing of the product."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

FLORIDA = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)
HALF = timedelta(minutes=30)


@dataclass
class Stretch:
    """A visit stood at `start`, for that phone, from `since` until (and not at) `until`. `raced`: what was due at the
    very moment of `until` was past its claim, and must not have gone out all the same."""

    visit: int
    phone: str
    start: datetime
    end: datetime
    since: datetime
    until: datetime | None = None
    raced: bool = False

    def stood(self, moment: datetime) -> bool:
        if self.until is None:
            return True
        return moment < self.until or (moment == self.until and not self.raced)


def local(moment: datetime) -> datetime:
    return moment.astimezone(FLORIDA)


def texting(moment: datetime) -> bool:
    """Nine to eight, on Sundays noon to six; the last minute is left out."""
    here = local(moment)
    opens, closes = (12, 18) if here.weekday() == 6 else (9, 20)
    minutes = here.hour * 60 + here.minute
    return opens * 60 <= minutes < closes * 60 - 1


def first_texting(moment: datetime) -> datetime:
    while not texting(moment):
        moment += HALF
    return moment


def same_time(moment: datetime, days: int) -> datetime:
    here = local(moment)
    return (here.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=FLORIDA).astimezone(UTC)


def reminders(stretch: Stretch) -> list[tuple[str, datetime]]:
    """What should go out while the visit stood so: kind and moment."""
    found = []
    for kind, due, last in (
        ("day_before", same_time(stretch.start, -1), stretch.start - 4 * HOUR),
        ("two_hours", stretch.start - 2 * HOUR, stretch.start - HALF),
    ):
        moment = first_texting(due)
        if due - stretch.since >= 2 * HOUR and moment < last and stretch.stood(due) and stretch.stood(moment):
            found.append((kind, moment))
    asks = same_time(stretch.end, 1)
    asks = local(asks).replace(hour=11, minute=0).astimezone(UTC)
    moment = first_texting(asks)
    if stretch.stood(asks) and stretch.stood(moment):
        found.append(("after_visit", moment))
    return found


def expected(stretches: list[Stretch], until: datetime) -> Counter[tuple[str, str, str]]:
    """Phone, what it is about and when it goes, for all that was to go by `until`."""
    return Counter(
        (one.phone, "thank you" if kind == "after_visit" else wording(one.start), moment.isoformat())
        for one in stretches
        for kind, moment in reminders(one)
        if moment <= until
    )


def wording(start: datetime) -> str:
    """A piece of the text by which a reminder of that visit is known."""
    here = local(start)
    return f"{here.hour % 12 or 12}:{here:%M} {'AM' if here.hour < 12 else 'PM'}"
