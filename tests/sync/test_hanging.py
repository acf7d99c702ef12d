"""Companies whose ShopMonkey hangs, real threads: nobody else's work waits for them."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from app.db import db
from app.leads.models import Lead
from app.shopmonkey.fake import FakeShopMonkey
from app.sync import jobs
from app.sync.models import OrderWatermark, SyncTurn
from tests.factories.locations import make_company, make_location
from tests.sync.conftest import fill

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
HANGING, WELL = 6, 3


@pytest.fixture
def companies(live_app, monkeypatch):
    """Many companies that hang, the first ones by id, and some that do not; what is told to go on ends the hanging."""
    monkeypatch.setattr(jobs, "PATIENCE", 1.0)
    go_on = threading.Event()
    fakes = {}
    for number in range(HANGING + WELL):
        fake, store = FakeShopMonkey(), make_location(make_company(shopmonkey_api_key=f"key-{number}"))
        fill(fake)
        fake.put(
            "order", f"o{number}", status="Estimate", locationId=store.shopmonkey_id, customerId="c1", vehicleId="v1",
            createdDate=(NOW - timedelta(minutes=5)).isoformat(),
        )  # fmt: skip
        if number < HANGING:
            fake.before_answering = lambda what: go_on.wait(30)
        fakes[store.company_id] = fake
    db.session.commit()
    monkeypatch.setitem(live_app.extensions, "shopmonkey", lambda company: fakes[company.id])
    yield fakes
    go_on.set()
    for thread in threading.enumerate():
        if thread.name.startswith("companies"):
            thread.join(30)


def come_in(*order_ids: str) -> bool:
    """Whether these are leads within seconds: slow ones go on when the run that began them has ended."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        db.session.rollback()
        if set(order_ids) <= set(db.session.scalars(select(Lead.shopmonkey_order_id))):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("job", [jobs.poll_orders, jobs.judge_again])
def test_companies_that_hang_keep_no_others_orders_waiting(companies, job) -> None:
    if job is jobs.judge_again:
        for company_id in companies:
            db.session.add(OrderWatermark(company_id=company_id, complete_until=NOW))
        db.session.commit()
    began = time.monotonic()
    job(NOW)
    assert come_in(*(f"o{number}" for number in range(HANGING, HANGING + WELL)))
    late = HANGING + WELL - 1
    fake = companies[max(companies)]
    fake.put("order", "later", **{**fake.tables["order"][f"o{late}"], "id": "later"})
    well = sorted(companies)[HANGING:]
    db.session.execute(delete(SyncTurn).where(SyncTurn.company_id.in_(well)))
    db.session.execute(update(OrderWatermark).values(looked_again_at=None))
    db.session.commit()
    job(NOW + timedelta(minutes=1))
    assert come_in("later"), "a second run does not wait for the first"
    assert time.monotonic() - began < 25, "nobody waited for those that hang"
