"""When ShopMonkey's calendars are read: the next days every few minutes, all that is bookable nightly, a day on asking.

A day that somebody wants to book is read again when that was over a minute ago; nobody waits longer than a few seconds
for it.
"""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from sqlalchemy import exists, select

from app.booking.models import Bay, BookingRules
from app.booking.rules import Rules
from app.db import db
from app.locations.models import Company, Location
from app.shopmonkey import ShopMonkeyError, short_of_patience
from app.sync.busy_reading import read_calendar
from app.sync.clients import has_key
from app.sync.failures import Failures
from app.sync.models import CalendarRead
from app.sync.nightly import latest_turn
from app.sync.turns import keep_turn, turn_at

JOB = "calendars"
DAY = timedelta(days=1)
NEAR_DAYS = 3
NEAR_EVERY = timedelta(minutes=3)
PAUSE = timedelta(seconds=30)
FRESH_FOR = timedelta(minutes=1)
PATIENCE_SECONDS = 5.0
# One that hangs takes one for half a minute; meanwhile others want to book.
AT_ONCE = 16

log = logging.getLogger(__name__)
_readers = ThreadPoolExecutor(AT_ONCE, "calendars")


def read_calendars(company: Company, now: datetime) -> int:
    """Read what is due of the company's calendars; how many stores were read.

    Nothing happens while another worker has the company's turn. Raises the first ShopMonkeyError, after the others;
    stores of a key that is to rest wait for the next turn, and all do when ShopMonkey is away.
    """
    company_id, read, failures, resting = company.id, 0, Failures(), set[int | None]()
    with turn_at(company_id, JOB, PAUSE) as turn:
        for store, first, last in _due(company_id, now) if turn else []:
            if store.key_id in resting or failures.hopeless:
                continue
            keep_turn(company_id, JOB)
            db.session.commit()
            try:
                read_calendar(store.id, first, last, now)
                read += 1
                failures.went_well()
            except ShopMonkeyError as error:
                db.session.rollback()
                failures.add(error)
                if error.status == 429:
                    resting.add(store.key_id)
    if failures.first:
        raise failures.first
    return read


def freshen_day(location_id: int, day: date, now: datetime) -> bool:
    """Whether the store's day is known as of a minute ago, read again where need be. Commits.

    True too for a store that is not read from ShopMonkey. False where it did not answer within a few seconds; the
    reading goes on, for whoever asks next.
    """
    read_at = db.session.scalar(
        select(CalendarRead.read_at).where(CalendarRead.location_id == location_id, CalendarRead.day == day)
    )
    readable = has_key(db.session.get_one(Location, location_id).company)
    db.session.commit()
    if not readable or (read_at is not None and now - read_at < FRESH_FOR):
        return True
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    reading: Future[bool] = _readers.submit(_read_in_lane, app, location_id, day, now)
    try:
        return reading.result(PATIENCE_SECONDS)
    except TooSlow:
        log.warning("ShopMonkey's calendar of store %s is slow: booking goes on without a fresh look", location_id)
        return False


def _read_in_lane(app: Flask, location_id: int, day: date, now: datetime) -> bool:
    with app.app_context():
        try:
            with short_of_patience(PATIENCE_SECONDS):
                read_calendar(location_id, day, day, now)
        except ShopMonkeyError as error:
            log.warning("the calendar of store %s could not be read: %s", location_id, error)
            return False
        finally:
            db.session.rollback()
            db.session.remove()
    return True


@dataclass(frozen=True, slots=True)
class _Store:
    id: int
    key_id: int | None


def _due(company_id: int, now: datetime) -> list[tuple[_Store, date, date]]:
    """The stores with bays whose near days were read some minutes ago, or whose night has come; with the days."""
    spans = _spans(company_id, now)
    days = {day for _, today, last in spans for day in (today, last - DAY)}
    asked = select(CalendarRead.location_id, CalendarRead.day, CalendarRead.read_at).where(
        CalendarRead.location_id.in_([store.id for store, *_ in spans]), CalendarRead.day.in_(days)
    )
    reads = {(location_id, day): read_at for location_id, day, read_at in db.session.execute(asked)}
    due = []
    for store, today, last in spans:
        near, far = reads.get((store.id, today)), reads.get((store.id, last - DAY))
        if far is None or far < latest_turn(store.id, store.timezone, now):
            due.append((_Store(store.id, store.shopmonkey_key_id), today, last))
        elif near is None or now - near >= NEAR_EVERY:
            due.append((_Store(store.id, store.shopmonkey_key_id), today, today + (NEAR_DAYS - 1) * DAY))
    return due


def _spans(company_id: int, now: datetime) -> list[tuple[Location, date, date]]:
    """The stores with bays, each with its own today and the day after the last that its customers can book."""
    bookable = exists().where(Bay.location_id == Location.id)
    stores = (
        select(Location, BookingRules)
        .outerjoin(BookingRules, BookingRules.location_id == Location.id)
        .where(Location.company_id == company_id, bookable)
        .order_by(Location.id)
    )
    spans = []
    for store, rules in db.session.execute(stores):
        today = now.astimezone(ZoneInfo(store.timezone)).date()
        ahead = max((rules.rules if rules else Rules()).horizon_days, NEAR_DAYS)
        spans.append((store, today, today + ahead * DAY))
    return spans
