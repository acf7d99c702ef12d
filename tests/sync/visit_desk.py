"""A store whose visits go to a calendar over HTTP, and the hands that tests need."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from app.db import db
from app.leads.models import Lead
from app.lib.clock import now
from app.shopmonkey import ShopMonkey
from app.sync import Visit, push_visits, visit_changed
from app.sync.models import VisitPush
from tests.factories.leads import make_customer, make_lead, make_vehicle
from tests.factories.locations import make_company, make_location
from tests.wire.calendar_server import KEY

TEN = datetime(2026, 12, 1, 15, tzinfo=UTC)


@dataclass
class Desk:
    """Maria's visit, told as the rooms that keep visits tell it; each hand commits."""

    app: Flask
    calendar: Any
    lead: Lead
    visit: Visit

    def tell(self, operation: str, start: datetime | None = None, **given: Any) -> None:
        if start:
            given |= {"starts_at": start, "ends_at": start + timedelta(hours=2)}
        self.visit = replace(self.visit, **given)
        visit_changed(self.visit, operation)
        db.session.commit()

    def push(self) -> VisitPush:
        """What the worker's next run makes of it."""
        push_visits(now())
        return self.row

    def push_all_through(self, runs: int = 12) -> VisitPush:
        """The worker's runs until nothing is due any more, however long the waits."""
        for _ in range(runs):
            if not self.wait():
                break
            push_visits(now())
        return self.row

    def wait(self) -> bool:
        """Let all waiting and every lease pass; whether anything is due then."""
        past = func.now() - timedelta(seconds=1)
        waiting = update(VisitPush).where(VisitPush.next_attempt_at.is_not(None))
        due: Any = db.session.execute(waiting.values(next_attempt_at=past))
        db.session.execute(update(VisitPush).where(VisitPush.lease_until.is_not(None)).values(lease_until=past))
        db.session.commit()
        return bool(due.rowcount)

    @property
    def row(self) -> VisitPush:
        found = db.session.scalar(select(VisitPush).execution_options(populate_existing=True))
        db.session.commit()
        assert found
        db.session.refresh(found)
        db.session.expunge(found)
        db.session.commit()
        return found

    def starts(self) -> list[str]:
        return [row["startDate"] for row in self.calendar.standing]


@contextmanager
def desk_of(app: Flask, calendar: Any, key: str = KEY, timeout: float = 0.4) -> Iterator[Desk]:
    """The application with its calls going to that calendar."""
    client = ShopMonkey(calendar.url, key, timeout=timeout, sleep=lambda seconds: None)
    before = app.extensions["shopmonkey"]
    app.extensions["shopmonkey"] = lambda company: client
    company = make_company(shopmonkey_api_key=key)
    store = make_location(company)
    customer = make_customer(company, first_name="Maria", last_name="Alvarez", shopmonkey_id="c1")
    vehicle = make_vehicle(company, year=2021, make="Toyota", model="Camry", submodel=None, shopmonkey_id="v1")
    lead = make_lead(store, customer=customer, vehicle=vehicle, shopmonkey_order_id="o1")
    db.session.commit()
    visit = Visit("visit-1", company.id, store.id, lead.id, TEN, TEN + timedelta(hours=2), ("Ceramic Tint",))
    yield Desk(app, calendar, lead, visit)
    app.extensions["shopmonkey"] = before
    client.session.close()
