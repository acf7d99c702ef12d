"""A year in fast time through the real fence: every place of two countries, both clock changes, no text at night."""

import heapq
import os
import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app import messaging
from app.db import db
from app.lib import clock
from app.messaging import Sent
from app.messaging.models import Delivery
from tests.factories.leads import make_lead
from tests.factories.messaging import use_fakes
from tests.messaging.wall_clock import PLACES, inside

pytestmark = pytest.mark.soak

FULL = os.environ.get("TEST_SCALE") == "full"
# Texts or bursts of them to each recipient over the year, and at the clock changes.
BURSTS = 30 if FULL else 0
AT_CHANGES = 2 if FULL else 1
START = datetime(2026, 1, 1, tzinfo=UTC)
CHANGES = (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC))


class Provider:
    """Counts at its own side, by its own clock, and by the recipients it was told of; asks nothing of the ledger."""

    def __init__(self) -> None:
        self.places: dict[str, list[messaging.Place]] = {}
        self.taken: dict[str, list[datetime]] = defaultdict(list)
        self.outside: list[tuple[str, datetime]] = []

    def take(self, outgoing):
        now = clock.now()
        latest = now + outgoing.valid_for - timedelta(seconds=1)
        for place in self.places[outgoing.recipient]:
            if not (inside(now, place) and inside(latest, place)):
                self.outside.append((f"{place.zone} {place.region}", now.astimezone(ZoneInfo(place.zone))))
        self.taken[outgoing.recipient].append(now)
        return Sent(outgoing.public_id)

    def most_in_24_hours(self) -> int:
        """The most texts that one person got in any 24 hours."""
        return max(
            sum(first <= at < first + timedelta(hours=24) for at in times)
            for times in self.taken.values()
            for first in times
        )


@pytest.fixture
def year(live_app):
    provider = Provider()
    use_fakes(live_app).sms.answer = provider.take
    # Durable commits are not what is tried here, and cost most of the time.
    db.session.execute(text("SET synchronous_commit = off"))
    db.session.commit()
    now = [START]
    clock.use(lambda: now[0])
    yield provider, now
    clock.use(None)


def recipients(chance: random.Random) -> list[list[messaging.Place]]:
    """Everybody's places: each place alone, and pairs that disagree."""
    pairs = [chance.sample(PLACES, 2) for _ in range(len(PLACES) // 4)]
    return [*([place] for place in PLACES), *pairs]


def queue_the_year(provider: Provider, chance: random.Random) -> list[tuple[datetime, int]]:
    """The texts of the year as they fall due, a few to one person at a time."""
    lead, due = make_lead(), []
    for number, places in enumerate(recipients(chance)):
        phone = f"+1954{2000000 + number}"
        provider.places[phone] = places
        about = {"company_id": lead.company_id, "channel": "sms"}
        messaging.record_consent(**about, address=phone, kind="opt_in", source="year", at=START)
        moments = [START + timedelta(minutes=chance.randrange(363 * 24 * 60)) for _ in range(BURSTS)]
        changes = chance.sample(CHANGES, AT_CHANGES)
        moments += [change + timedelta(minutes=chance.randrange(-720, 720)) for change in changes]
        for at in moments:
            for _ in range(chance.choice((1, 1, 1, 1, 1, 4))):
                key = f"year-{number}-{len(due)}"
                delivery = messaging.queue(
                    **about, location_id=lead.location_id, lead_id=lead.id, recipient=phone, text="Hello",
                    purpose=chance.choice(("touch_point", "reminder", "after_visit")), dedupe_key=key,
                )  # fmt: skip
                due.append((at, delivery.id))
    db.session.commit()
    return due


def test_no_text_goes_out_at_night_in_a_whole_year(year):
    provider, now = year
    chance = random.Random(20261101)
    due = queue_the_year(provider, chance)
    total, phones = len(due), dict(db.session.query(Delivery.id, Delivery.recipient).all())
    db.session.commit()
    heapq.heapify(due)
    waited: Counter[str] = Counter()
    while due:
        now[0], delivery_id = heapq.heappop(due)
        status = messaging.deliver(delivery_id, lambda: None, now[0], provider.places[phones[delivery_id]])
        if status == "queued":
            delivery = db.session.get_one(Delivery, delivery_id)
            waited[delivery.reason.split(" ")[0]] += 1
            assert now[0] < delivery.not_before < now[0] + timedelta(days=8)
            # A worker that looks too early as well: nothing may come of it.
            early = now[0] + (delivery.not_before - now[0]) * chance.random()
            heapq.heappush(due, (early if chance.random() < 0.2 else delivery.not_before, delivery_id))
            db.session.commit()
        else:
            assert status == "sent"
    people, outside = len(provider.taken), len(provider.outside)
    print(f"\n{total} texts in a year to {people} people, {outside} outside the hours; waited {dict(waited)}")
    assert provider.outside == []
    assert sum(map(len, provider.taken.values())) == total
    assert provider.most_in_24_hours() == 3
    assert waited["Quiet"] > total / 4
    assert waited["Already"] > 0
