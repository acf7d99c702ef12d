"""Where a worker of the storm waits for the stop that is planned for just there, as if the machine had been busy, and
what it is like without one of the fence's guards.

Two moments matter. What locks the lead (an answer, a booking, a takeover, a pause) can come until the fence has it: so
the worker waits between its claim and the lock. An opt-out locks the address alone: so it is waited for after all that
was asked before the fence. Whose provider is busy the first time is met on the second try.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg2
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app import messaging
from app.db import db
from app.messaging import fence
from app.messaging.models import Delivery
from app.touchpoints import last_look, sending, turns
from app.touchpoints.last_look import Standing

PATIENCE_SECONDS = 3.0
PLANNED = "SELECT kind, again FROM storm.meetings WHERE lead_id = %s"
TRIED = "SELECT delivery_id IS NOT NULL FROM touch_points WHERE id = %s"
ARRIVES = "INSERT INTO storm.arrivals (lead_id) VALUES (%s) ON CONFLICT DO NOTHING"
DONE = "SELECT EXISTS (SELECT FROM storm.done WHERE lead_id = %s)"
OPTED_OUT = "SELECT EXISTS (SELECT FROM storm.stops WHERE address = %s)"
BY_ADDRESS = ("STOP", "unsubscribe")
GUARDS = {"reply": ("web", "text"), "booking": ("booked",), "takeover": ("takeover",), "pause": ("pause",)}


class Meeting:
    """Waits for stops. Of leads whose stop is among `forgotten`, it remembers how they stood before."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.forgotten: tuple[str, ...] = ()
        self.before: dict[int, Standing] = {}

    def wait_where_it_matters(self) -> None:
        in_step, deliver = sending.in_step, messaging.deliver

        def before_the_lock(touch_point_id, known, now):
            db.session.rollback()
            with contextlib.suppress(psycopg2.Error), self._asking() as ask:
                planned = ask(PLANNED, known.lead_id)
                if planned and planned[0] not in BY_ADDRESS and (ask(TRIED, touch_point_id)[0] or not planned[1]):
                    self._remember(planned[0], known.lead_id)
                    self._meet(ask, known.lead_id, DONE, known.lead_id)
            return in_step(touch_point_id, known, now)

        def before_the_fence(delivery_id, *given):
            about = select(Delivery.lead_id, Delivery.recipient, Delivery.attempt).where(Delivery.id == delivery_id)
            lead_id, recipient, attempt = db.session.execute(about).one()
            with contextlib.suppress(psycopg2.Error), self._asking() as ask:
                planned = ask(PLANNED, lead_id)
                if planned and planned[0] in BY_ADDRESS and (attempt or not planned[1]):
                    self._meet(ask, lead_id, OPTED_OUT, recipient)
            return deliver(delivery_id, *given)

        sending.in_step, messaging.deliver = before_the_lock, before_the_fence

    def _remember(self, kind: str, lead_id: int) -> None:
        if kind in self.forgotten and lead_id not in self.before:
            self.before[lead_id] = last_look.standing_of(lead_id)

    def _meet(self, ask: Callable[..., tuple], lead_id: int, happened: str, whose: object) -> None:
        if ask(happened, whose)[0]:
            return
        ask(ARRIVES, lead_id)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not ask(happened, whose)[0] and time.monotonic() < deadline:
            time.sleep(0.02)

    @contextlib.contextmanager
    def _asking(self) -> Iterator[Callable[..., tuple]]:
        with contextlib.closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            cursor = connection.cursor()

            def ask(statement: str, *values: object) -> tuple:
                cursor.execute(statement, values)
                return cursor.fetchone() if cursor.description else ()

            yield ask


class _Late:
    """The database handle of a fence that writes `sending`, and does not commit it before it calls."""

    def __init__(self) -> None:
        self.session = self

    def __call__(self) -> "_Late":
        return self

    def __getattr__(self, name: str) -> object:
        return getattr(db.session, name)

    def in_transaction(self) -> bool:
        return False

    def commit(self) -> None:
        rows = [row for row in db.session().identity_map.values() if isinstance(row, Delivery)]
        at_work = select(Delivery.id).where(Delivery.id.in_([row.id for row in rows]), Delivery.status == "sending")
        if db.session.scalar(at_work) is not None:
            db.session.flush()
        else:
            db.session.commit()


def take_out(guard: str, meeting: Meeting) -> None:
    """Work without a guard: `reply`, `booking`, `takeover` and `pause` by what was known before the lead was locked,
    `look` without the fence's last question, `stop` without the consent ledger, `commit` without `sending` committed.
    """
    if guard in GUARDS:
        meeting.forgotten = GUARDS[guard]
        _read_nothing_again(meeting.before)
    elif guard == "look":
        sending.look = lambda written, waits_at=None: None
    elif guard == "stop":
        fence._forbidden = lambda delivery, time: None
    elif guard == "commit":
        fence.db = _Late()


def _read_nothing_again(before: dict[int, Standing]) -> None:
    standing_of, lock_due = last_look.standing_of, sending.lock_due

    def as_before(lead_id):
        return before.get(lead_id) or standing_of(lead_id)

    def due_as_before(touch_point_id, lead_id, now):
        due = lock_due(touch_point_id, lead_id, now)
        if lead_id not in before:
            return due
        set_committed_value(due.touch_point, "status", "planned")
        return replace(due, standing=before[lead_id])

    last_look.standing_of = turns.standing_of = as_before
    sending.lock_due = due_as_before
