"""Reading ShopMonkey's calendar: what stands in it apart from our visits takes bays, and ours are looked after.

1. Note which of our visits surely stand there; no transaction is open while ShopMonkey answers.
2. Look at the days. Lists drop rows, so what was known and is not shown is looked up by its id.
3. Write, and compare only visits that nothing was pushed for meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.booking.models import BusyTime
from app.db import db
from app.locations.models import Location
from app.locations.opening import midnight
from app.shopmonkey import AppointmentPayload, ShopMonkeyError, ShopMonkeyPort
from app.sync.busy_rules import LONGEST, Calendar, Ours, understood
from app.sync.busy_writing import write_calendar
from app.sync.clients import client_of_store
from app.sync.models import VisitPush
from app.sync.visit_body import marked_key

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The store's days that are read, and those moments in UTC."""

    location_id: int
    first: date
    last: date
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What we knew before the look: our own visits there, those of them that are settled, busy times by id."""

    our_ids: dict[str, int]
    our_keys: frozenset[str]
    settled: list[Ours]
    busy: list[tuple[str, datetime, bool]]


def read_calendar(location_id: int, first: date, last: date, now: datetime) -> Calendar:
    """Bring the store's busy times of those days in step with ShopMonkey. Commits. Raises ShopMonkeyError."""
    store = db.session.get_one(Location, location_id)
    zone = ZoneInfo(store.timezone)
    stretch = Stretch(location_id, first, last, midnight(first, zone), midnight(last + DAY, zone))
    known, place, client = _known(store, stretch), store.shopmonkey_id, client_of_store(store)
    db.session.commit()
    shown = client.calendar(place, stretch.start - LONGEST, stretch.end)
    rows = {(row.id, row.starts_at): row for row in shown.appointments if row.id}
    missing = _unseen(known, rows.values(), whole=shown.whole)
    found = [row for one in sorted(missing) if (row := _looked_up(client, one)) is not None]
    calendar = understood((*rows.values(), *found), _ours_among((*rows.values(), *found), known), known.settled)
    write_calendar(stretch, calendar, now)
    db.session.commit()
    return calendar


def _known(store: Location, stretch: Stretch) -> Known:
    of_store = VisitPush.location_id == store.id
    pushes = db.session.scalars(select(VisitPush).where(of_store, VisitPush.shopmonkey_appointment_id.is_not(None)))
    our_ids, settled = {}, []
    for push in pushes:
        appointment_id = push.shopmonkey_appointment_id or ""
        our_ids[appointment_id] = push.id
        told = push.payload
        starts, ends = datetime.fromisoformat(told["starts_at"]), datetime.fromisoformat(told["ends_at"])
        done = push.status == "done" and push.pushed_revision == push.revision and push.operation != "cancelled"
        if done and starts < stretch.end and ends > stretch.start:
            settled.append(Ours(push.id, push.revision, appointment_id, starts, ends))
    keys = frozenset(db.session.scalars(select(VisitPush.visit_key).where(of_store)))
    there = select(BusyTime.shopmonkey_id, BusyTime.starts_at, BusyTime.recurring).where(
        BusyTime.location_id == store.id, BusyTime.starts_at < stretch.end, BusyTime.ends_at > stretch.start
    )
    return Known(our_ids, keys, settled, [(row[0], row[1], row[2]) for row in db.session.execute(there)])


def _unseen(known: Known, shown: Iterable[AppointmentPayload], *, whole: bool) -> set[str]:
    """Ids to look up: not shown is not gone. An occurrence of a series has no address of its own: it is believed."""
    seen = {row.id for row in shown}
    busy = {shopmonkey_id for shopmonkey_id, _, recurring in known.busy if not (recurring and whole)}
    return ({ours.appointment_id for ours in known.settled} | busy) - seen


def _looked_up(client: ShopMonkeyPort, appointment_id: str) -> AppointmentPayload | None:
    try:
        return client.appointment(appointment_id)
    except ShopMonkeyError as error:
        if not error.gone:
            raise
        return AppointmentPayload(id=appointment_id, deleted=True)


def _ours_among(shown: Iterable[AppointmentPayload], known: Known) -> dict[str, int]:
    """Ours by the ids that we know and by our mark: an appointment whose POST nobody saw the end of has only that."""
    marked = {row.id: 0 for row in shown if (key := marked_key(row)) and key in known.our_keys}
    return {**marked, **known.our_ids}
