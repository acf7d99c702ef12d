"""How long an unasked text has to wait, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, select

from app.db import db, prepared
from app.messaging.law import most_in_24_hours
from app.messaging.models import Delivery
from app.messaging.places import Place
from app.messaging.quiet_hours import Limits, local_words, next_allowed, zone_known

ZONE_UNKNOWN = "The recipient's time zone is unknown: no text is sent by itself"
NEVER = "No hour of the week is allowed at all the places where the recipient may be"
# How soon to ask again where nothing says when: the zone may have been set meanwhile.
LOOK_AGAIN = timedelta(hours=1)
DAY = timedelta(hours=24)

# Refused or held back, it never reached anybody.
REACHED_NOBODY = ("queued", "not_sent", "failed")

# Asked for every text.
COUNTED = prepared(
    select(Delivery.counted_at)
    .where(
        Delivery.company_id == bindparam("company_id"),
        Delivery.channel == "sms",
        Delivery.recipient == bindparam("recipient"),
        Delivery.counted_at > bindparam("since"),
        Delivery.status.not_in(REACHED_NOBODY),
        Delivery.id != bindparam("but"),
    )
    .order_by(Delivery.counted_at.desc())
    .limit(bindparam("most", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class Wait:
    """A text may be tried again from `until` on; `reason` says why not now."""

    until: datetime
    reason: str


def wait_for(delivery: Delivery, now: datetime, places: Sequence[Place], limits: Limits) -> Wait | None:
    """What an unasked text waits for, or None when it may go now. The caller holds the address's lock."""
    if not zone_known(places):
        return Wait(now + LOOK_AGAIN, ZONE_UNKNOWN)
    opens = next_allowed(now, places, limits)
    if opens is None:
        return Wait(now + LOOK_AGAIN, NEVER)
    if opens != now:
        return Wait(opens, f"Quiet hours until {local_words(opens, places)}")
    most = most_texts(places, limits)
    free = _free_again(delivery, now, most)
    if free is None:
        return None
    until = next_allowed(free, places, limits) or free
    texts = "1 text" if most == 1 else f"{most} texts"
    return Wait(until, f"Already {texts} in 24 hours: waits until {local_words(until, places)}")


def most_texts(places: Sequence[Place], limits: Limits) -> int:
    """The most unasked texts in 24 hours: by the law of every place, and the store's own limit."""
    lawful = min(most_in_24_hours(place.zone, place.region) for place in places)
    return min(lawful, limits.most_in_24_hours or lawful)


def _free_again(delivery: Delivery, now: datetime, most: int) -> datetime | None:
    """When fewer than `most` texts lie in the 24 hours before; None when that is so now.

    Counted for the whole company, whatever they were about: stricter than the laws, which count by subject.
    """
    whose = {"company_id": delivery.company_id, "recipient": delivery.recipient, "but": delivery.id}
    counted = db.session.scalars(COUNTED, {**whose, "since": now - DAY, "most": most})
    times = [at for at in counted if at is not None]
    return times[-1] + DAY if len(times) == most else None
