"""A month of visits: customers who book, move and cancel at random, workers that get killed, providers that count."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.booking import CUSTOMER, BookingRefused, book, cancel, move
from app.booking.message_models import VisitMessage
from app.booking.models import Appointment
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.messaging import record_consent
from app.messaging.models import Delivery
from app.sync.models import VisitPush
from tests.booking.month_oracle import Stretch, expected, local, texting
from tests.conftest import TEST_ENCRYPTION_KEY
from tests.factories.booking import make_bay, make_rules, make_wish
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_company, make_location
from tests.wire.calendar_server import KEY

ROOT = Path(__file__).resolve().parents[2]
# A Monday, eight in the morning in Florida; the clock does not change in this month.
BEGAN = datetime(2027, 1, 4, 13, tzinfo=UTC)
HALF, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)


@dataclass
class World:
    """`stretches` is what was done, for the oracle; `arrived` what the carrier took, with the moment it was then."""

    texts: Any
    calendar: Any
    folder: Path
    dice: random.Random
    leads: list[int]
    kills: int = 0
    without: str = ""
    moment: datetime = BEGAN
    stretches: list[Stretch] = field(default_factory=list)
    open: dict[int, Stretch] = field(default_factory=dict)
    visit_of: dict[int, int] = field(default_factory=dict)
    free_from: dict[int, datetime] = field(default_factory=dict)
    arrived: list[tuple[str, str, datetime]] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    raced: int = 0
    killed: int = 0

    def __post_init__(self) -> None:
        self.database = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.set_clock(BEGAN)
        accept = self.texts.accept

        def counted(form: dict[str, str]) -> dict[str, object]:
            self.arrived.append((form["To"], form["Body"], self.moment))
            taken = accept(form)
            if self.killed < self.kills and self.dice.random() < 0.1:
                # The worst moment: it is taken, and whoever handed it over never learns so.
                self.kill()
            return taken

        self.texts.accept = counted

    def set_clock(self, moment: datetime) -> None:
        self.moment = moment
        new = self.folder / "clock.new"
        new.write_text(moment.isoformat())
        new.rename(self.folder / "clock")
        clock.use(lambda: moment)

    def hire(self) -> None:
        given = {
            "DATABASE_URL": self.database,
            "SECRET_KEY": "test-secret-key-of-32-characters", "ENCRYPTION_KEYS": TEST_ENCRYPTION_KEY, "SANDBOX": "0",
            "SHOPMONKEY_BASE_URL": self.calendar.url, "PUBLIC_URL": "http://localhost", "LOG_LEVEL": "WARNING",
            "TWILIO_ACCOUNT_SID": "AC" + "a" * 32, "TWILIO_AUTH_TOKEN": "token", "TWILIO_BASE_URL": self.texts.url,
            "TWILIO_MESSAGING_SERVICE_SID": "MG" + "b" * 32, "MONTH_WORLD": str(self.folder), "WITHOUT": self.without,
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | given
        command = [sys.executable, "-m", "tests.booking.month_worker"]
        with (self.folder / "log").open("ab") as log:
            self.workers.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))

    def kill(self) -> None:
        """Without warning, in the middle of whatever it does; another takes its place."""
        self.killed += 1
        worker = self.workers.pop(self.dice.randrange(len(self.workers)))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        self.hire()

    def dismiss(self) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def live(self, days: int, deeds: int) -> None:
        end = BEGAN + days * DAY
        moments = sorted(BEGAN + HALF * self.dice.randrange(48 * days) for _ in range(deeds))
        while True:
            due = db.session.scalar(select(func.min(VisitMessage.due_at)).where(VisitMessage.status == "planned"))
            db.session.commit()
            coming = min([one for one in (due, moments[0] if moments else None) if one], default=end)
            if coming > end:
                break
            coming = max(coming, self.moment)
            race = self._race_at(coming)
            self.set_clock(coming)
            if race is not None:
                self._change_while_held(race)
            if self.killed < self.kills and self.dice.random() < 0.15:
                time.sleep(self.dice.random() * 0.3)
                self.kill()
            self.settle()
            while moments and moments[0] <= coming:
                moments.pop(0)
                self.act(self.dice.choice(self.leads))
            self.settle()
            if not moments and due is None:
                break
        self.set_clock(end)
        self.settle()

    def settle(self) -> None:
        """Wait until the workers have done all that is due."""
        deadline = time.monotonic() + 90
        while True:
            late = select(func.count()).where(VisitMessage.status == "planned", VisitMessage.due_at <= self.moment)
            soon = VisitPush.next_attempt_at <= func.now() + timedelta(seconds=5)
            sending = select(func.count()).where(Delivery.status == "sending")
            pushing = select(func.count()).where(VisitPush.status != "done", soon)
            left = [db.session.scalar(query) for query in (late, sending, pushing)]
            db.session.rollback()
            if not any(left):
                return
            assert time.monotonic() < deadline, f"still to do: {left}\n{(self.folder / 'log').read_text()[-3000:]}"
            time.sleep(0.02)

    def act(self, lead_id: int) -> None:
        """That customer books, or moves or cancels the visit ahead; what is refused is as if never asked."""
        visit_id = self.visit_of.get(lead_id)
        ahead = self.open.get(visit_id or 0)
        with suppress(BookingRefused):
            if ahead is None or ahead.start <= self.moment + HALF:
                self._book(lead_id)
            elif self.dice.random() < 0.7:
                self._move(visit_id or 0, self._some_start())
            else:
                self._cancel(visit_id or 0)
        db.session.rollback()

    def _some_start(self) -> datetime:
        """Some half hour in the next days at which the store may begin."""
        while True:
            start = self.moment + HALF * self.dice.randrange(5, 48 * 4)
            here = local(start)
            if here.weekday() < 6 and 9 <= here.hour < 16:
                return start

    def _book(self, lead_id: int) -> None:
        # The law's cap of texts a day is tried elsewhere: who has been here waits some days.
        if self.moment < self.free_from.get(lead_id, BEGAN):
            return
        visit = book(make_wish(db.session.get_one(Lead, lead_id), self._some_start()), self.moment)
        db.session.commit()
        self.visit_of[lead_id] = visit.id
        self._begin(visit)

    def _move(self, visit_id: int, start: datetime, raced: bool = False) -> None:
        visit = move(visit_id, start, CUSTOMER, self.moment)
        db.session.commit()
        self._close(visit_id, raced)
        self._begin(visit)

    def _cancel(self, visit_id: int, raced: bool = False) -> None:
        cancel(visit_id, CUSTOMER, self.moment)
        db.session.commit()
        self._close(visit_id, raced)

    def _begin(self, visit: Appointment) -> None:
        lead = db.session.get_one(Lead, visit.lead_id)
        stretch = Stretch(visit.id, lead.customer.phone, visit.starts_at, visit.ends_at, self.moment)
        self.stretches.append(stretch)
        self.open[visit.id] = stretch
        self.free_from[lead.id] = visit.ends_at + 3 * DAY
        db.session.commit()

    def _close(self, visit_id: int, raced: bool) -> None:
        stretch = self.open.pop(visit_id)
        stretch.until, stretch.raced = self.moment, raced

    def _race_at(self, moment: datetime) -> int | None:
        """A visit ahead whose reminder goes out at that moment: now and then it is changed between claim and fence."""
        if self.dice.random() > 0.5 or not texting(moment):
            return None
        due = select(VisitMessage.appointment_id).where(
            VisitMessage.status == "planned", VisitMessage.due_at == moment,
            VisitMessage.kind.in_(("day_before", "two_hours")),
        )  # fmt: skip
        found = [one for one in db.session.scalars(due) if one in self.open and self.open[one].start > moment]
        db.session.commit()
        if not found:
            return None
        (self.folder / f"hold-{found[0]}").touch()
        return found[0]

    def _change_while_held(self, visit_id: int) -> None:
        gate, waits = self.folder / f"hold-{visit_id}", self.folder / f"waits-{visit_id}"
        deadline = time.monotonic() + 60
        while not waits.exists():
            assert time.monotonic() < deadline, "no worker took the reminder up"
            time.sleep(0.01)
        with suppress(BookingRefused):
            if self.dice.random() < 0.5:
                self._cancel(visit_id, raced=True)
            else:
                self._move(visit_id, self._some_start(), raced=True)
            self.raced += 1
        db.session.rollback()
        waits.unlink()
        gate.unlink()

    def reminders(self) -> Counter[tuple[str, str, str]]:
        """What the carrier took: phone, what it is about, the moment."""
        return Counter(
            (phone, "thank you" if "thank you" in body else _time_in(body), moment.isoformat())
            for phone, body, moment in self.arrived
            if "see you" in body or "thank you" in body
        )

    def should(self) -> Counter[tuple[str, str, str]]:
        return expected(self.stretches, self.moment)

    def unknown(self) -> int:
        """Of how many nobody knows: their worker died before the carrier had them. They are shown, and not sent."""
        found = select(func.count()).where(Delivery.status == "unknown", Delivery.channel == "sms")
        return db.session.scalar(found) or 0

    def ours(self) -> list[tuple[str, str]]:
        booked = select(Appointment.public_id, Appointment.starts_at).where(Appointment.status == "booked")
        rows = db.session.execute(booked).all()
        return sorted((key, f"{start.astimezone(UTC):%Y-%m-%dT%H:%M}") for key, start in rows)

    def theirs(self) -> list[tuple[str, str]]:
        return sorted((row["metadata"]["visit"], row["startDate"][:16]) for row in self.calendar.standing)


def _time_in(body: str) -> str:
    words = body.split()
    place = next(number for number, word in enumerate(words) if ":" in word and word[0].isdigit())
    return f"{words[place]} {words[place + 1][:2]}"


def furnish(customers: int) -> list[int]:
    """A store with three bays, where a visit may be changed until it begins, and customers who agreed to texts."""
    company = make_company(shopmonkey_api_key=KEY)
    store = make_location(company, live=True)
    make_rules(store, change_minutes=0, lead_minutes=60)
    for _ in range(3):
        make_bay(store)
    leads = []
    for number in range(customers):
        person = make_customer(company, phone=f"+1954555{1000 + number}", email=None)
        lead = make_lead(store, customer=person)
        consent = {"company_id": company.id, "channel": "sms", "address": person.phone, "kind": "opt_in"}
        record_consent(**consent, source="form", at=BEGAN - DAY)
        leads.append(lead.id)
    db.session.commit()
    return leads
