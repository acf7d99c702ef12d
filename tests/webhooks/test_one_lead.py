"""Webhooks × polls × retries × reorders × stale reads: one lead per order, in its newest state, told once."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from app.db import db
from app.leads.events import LeadCreated
from app.leads.models import Lead
from app.lib import events
from app.locations.models import Company
from app.shopmonkey import Order, ShopMonkeyError
from app.shopmonkey.fake import FakeShopMonkey
from app.sync import take_order
from app.sync.lead_rule import Rule, is_lead
from app.sync.models import OrderWatermark
from app.sync.polling import poll
from app.webhooks import process_events, senders
from app.webhooks.claims import claim_next
from app.webhooks.models import WebhookEvent
from tests.factories.locations import make_company, make_location
from tests.factories.webhooks import SECRET, body_for, deliver

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
VERSIONS = 4


class Stale(FakeShopMonkey):
    """Shows an order as it was at version `shown`, as a lagging replica would."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        super().__init__()
        self.rows = rows
        self.shown = 1
        self.seen_as_lead = False
        self.put("customer", "c1", firstName="Maria", phoneNumbers=[{"number": "+19542370101", "primary": True}])

    def order(self, order_id: str) -> Order:
        assert not db.session().in_transaction()
        if self.failing:
            raise self.failing
        order = Order.from_json(self.rows[self.shown - 1])
        self.seen_as_lead |= is_lead(order, Rule(), None, NOW).is_lead
        self.lines["o1"] = [{"id": f"line{self.shown}", "name": f"Line of version {self.shown}"}]
        return order

    def orders_created(self, since: datetime, until: datetime):
        self.tables["order"] = {"o1": self.rows[self.shown - 1]}
        return super().orders_created(since, until)


def rows_of(store_id: str, last: dict[str, Any]) -> list[dict[str, Any]]:
    plain = {"id": "o1", "status": "Estimate", "locationId": store_id, "createdDate": "2026-11-02T14:59:00Z"}
    states = [{}, {"customerId": "c1"}, {"customerId": "c1"}, {"customerId": "c1", **last}]
    return [
        {**plain, "name": f"Version {number}", "meta": {"version": number}, **state}
        for number, state in enumerate(states, 1)
    ]


ACTION = st.one_of(
    st.tuples(st.just("webhook"), st.integers(1, VERSIONS)),
    st.tuples(st.just("show"), st.integers(1, VERSIONS)),
    st.tuples(st.just("poll"), st.just(0)),
    st.tuples(st.just("work"), st.booleans()),
    st.tuples(st.just("die"), st.just(0)),
)
LAST = st.sampled_from(
    [({}, "new"), ({"authorized": True}, "booked"), ({"paid": True}, "won"), ({"deleted": True}, "lost")]
)


@pytest.fixture
def created() -> Iterator[list[int]]:
    told: list[int] = []
    before = dict(events._reactions)
    events.react({LeadCreated: [lambda event: told.append(event.lead_id)]})
    yield told
    events.react(before)


def wake_all() -> None:
    """Time passes: retries are due, the dead worker's lease is over, the next poll may run."""
    past = func.now() - timedelta(seconds=1)
    open_ones = WebhookEvent.status.in_(("new", "claimed"))
    db.session.execute(update(WebhookEvent).values(next_attempt_at=past, lease_until=past).where(open_ones))
    db.session.execute(update(OrderWatermark).values(polled_at=None))
    db.session.commit()


def act(client, company: Company, fake: Stale, action: str, value: Any) -> None:
    wake_all()
    if action == "webhook":
        operation = "INSERT" if value == 1 else "UPDATE"
        body = body_for(company.shopmonkey_id, version=value, operation=operation)
        assert deliver(client, body).status_code == 200
    elif action == "show":
        fake.shown = value
    elif action == "poll":
        poll(company, NOW)
    elif action == "die":
        claim_next()
    else:
        fake.failing = ShopMonkeyError("down", permanent=False, status=503) if value else None
        process_events(NOW)
        fake.failing = None


@given(actions=st.lists(ACTION, max_size=12), last=LAST)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_makes_one_lead_in_its_newest_state(app, client, created, actions, last) -> None:
    change, stage = last
    senders().forget()
    company = make_company(shopmonkey_webhook_secret=SECRET, shopmonkey_api_key="key")
    fake = Stale(rows_of(make_location(company).shopmonkey_id, change))
    before, app.extensions["shopmonkey"] = app.extensions["shopmonkey"], lambda _: fake
    created.clear()
    try:
        for action, value in [*actions, ("show", VERSIONS), ("webhook", VERSIONS), ("work", False)]:
            act(client, company, fake, action, value)
        # One last UPDATE in case that version had been told while an older state was still shown.
        take_order(company, "o1", NOW)
        # And one worker that is late with what it was shown long ago.
        fake.shown = 1
        if fake.seen_as_lead:
            take_order(company, "o1", NOW)
    finally:
        app.extensions["shopmonkey"] = before
    leads = db.session.scalars(select(Lead).where(Lead.company_id == company.id)).all()
    assert len(leads) == len(created) == (1 if fake.seen_as_lead else 0)
    for lead in leads:
        assert (lead.order_name, lead.order_version, lead.stage) == (f"Version {VERSIONS}", VERSIONS, stage)
        assert lead.customer.first_name == "Maria"
        assert [line.name for line in lead.services] == [f"Line of version {VERSIONS}"]
    left = select(func.count()).where(WebhookEvent.company_id == company.id, WebhookEvent.status != "done")
    assert db.session.scalar(left) == 0


@pytest.fixture
def pair(live_app, created) -> tuple[Stale, int]:
    """A committed company whose order two workers read at the same moment."""
    company = make_company(shopmonkey_api_key="key")
    fake = Stale(rows_of(make_location(company).shopmonkey_id, {"authorized": True}))
    live_app.extensions["shopmonkey"] = lambda _: fake
    db.session.commit()
    return fake, company.id


def run_together(app, company_id: int, count: int) -> list[Exception]:
    failed: list[Exception] = []

    def work() -> None:
        with app.app_context():
            try:
                take_order(db.session.get_one(Company, company_id), "o1", NOW)
            except Exception as error:  # noqa: BLE001
                failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return failed


def test_workers_that_read_the_same_new_order_at_once_make_one_lead(live_app, pair, created) -> None:
    fake, company_id = pair
    together = threading.Barrier(4, timeout=20)
    met = threading.local()

    def wait(what: str) -> None:
        if what == "order/o1/service" and not getattr(met, "once", False):
            met.once = True
            together.wait()

    fake.before_answering = wait
    assert run_together(live_app, company_id, 4) == []
    db.session.expire_all()
    assert db.session.scalar(select(func.count()).select_from(Lead)) == 1
    assert len(created) == 1


def test_the_newer_of_two_states_read_at_once_stays(live_app, pair, created) -> None:
    """The slow worker read version 1 and writes last; the fast one read version 4 and found no lead to change."""
    fake, company_id = pair
    slow_has_read, fast_is_done = threading.Event(), threading.Event()

    def slow_waits(what: str) -> None:
        if what == "order/o1/service" and not slow_has_read.is_set():
            slow_has_read.set()
            assert fast_is_done.wait(20)

    fake.before_answering = slow_waits
    slow = threading.Thread(target=run_together, args=(live_app, company_id, 1))
    slow.start()
    assert slow_has_read.wait(20)
    fake.shown = VERSIONS
    assert run_together(live_app, company_id, 1) == []
    fast_is_done.set()
    slow.join(30)
    db.session.expire_all()
    lead = db.session.scalars(select(Lead)).one()
    assert (lead.order_version, lead.stage, len(created)) == (VERSIONS, "booked", 1)
