"""A month in which people book, move and cancel while workers die: the carrier has what should have gone out, once."""

import os
import random

import pytest

from app.db import db
from app.messaging.models import Delivery
from tests.booking.month_world import World, furnish
from tests.wire.calendar_server import calendar_server
from tests.wire.twilio_server import twilio_server

FULL = os.environ.get("TEST_SCALE") == "full"
CUSTOMERS, DAYS, DEEDS, KILLS, WORKERS = (40, 30, 400, 60, 3) if FULL else (6, 10, 18, 2, 2)

pytestmark = [pytest.mark.soak, pytest.mark.processes]


@pytest.mark.parametrize("seed", range(3 if FULL else 1))
def test_the_carrier_and_the_calendar_have_what_they_should(live_app, tmp_path, seed):
    with twilio_server() as texts, calendar_server() as calendar:
        dice = random.Random(seed)
        world = World(texts, calendar, tmp_path, dice, furnish(CUSTOMERS), KILLS, os.environ.get("WITHOUT", ""))
        try:
            for _ in range(WORKERS):
                world.hire()
            world.live(DAYS, DEEDS)
        finally:
            world.dismiss()
        took, should = world.reminders(), world.should()
        print(f"\n{len(world.stretches)} visits and new times, {world.killed} workers killed, {world.raced} changes")
        print(f"between claim and fence; {sum(took.values())} reminders taken, {world.unknown()} unknown")
        assert world.raced
        assert took - should == {}, "sent, and should not have been"
        assert sum((should - took).values()) <= world.unknown(), f"lost: {should - took}"
        assert world.theirs() == world.ours()
        assert db.session.query(Delivery).filter(Delivery.status.in_(("queued", "sending"))).count() == 0
