"""A month of a franchise's orders: webhooks dropped, doubled and reordered, an outage, workers killed at random.

At the end every order that ever was a lead is exactly one lead in its right state, nothing else is, and the catalogue
is ShopMonkey's. TEST_SCALE=full (`make soak`) is 200 stores and 20,000 orders, `medium` 40 and 3,000.
"""

import os
import time
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.catalog.models import Service
from app.db import db
from app.leads.models import Lead, LeadEvent
from app.lib import clock
from app.locations.models import Company, Location
from app.messaging.models import Delivery
from app.sandbox.shopmonkey.shapes import COMPANY_ID
from app.sync.catalog import sync_catalog
from app.sync.lead_rule import Rule
from app.sync.models import OrderWatermark
from app.sync.rules import set_rule
from app.touchpoints.models import TouchPoint
from app.touchpoints.sequences import company_sequence, save, steps_of
from tests.conftest import fresh_database_url, settings_for_tests
from tests.sync.month_plan import DAYS, LEAD_COLUMN, SCALES, Plan, make_plan, right_stage, store_id
from tests.sync.month_world import KEY, Month, World, world

pytestmark = pytest.mark.soak

SEED = 20261102
STUMBLES = ("UniqueViolation", "IntegrityError", "DeadlockDetected")


@pytest.mark.processes
def test_at_the_end_every_order_is_one_lead_in_its_right_state(tmp_path: Path) -> None:
    wrong, said = run_month(SCALES[os.environ.get("TEST_SCALE") or "small"], tmp_path)
    assert wrong == [], "\n".join(wrong[:40])
    assert not [line for line in said.splitlines() if any(word in line for word in STUMBLES)]


def run_month(scale, logs: Path, **environ: str) -> tuple[list[str], str]:
    """What is wrong at the end, in words, and what the workers logged."""
    from app import create_app

    plan = make_plan(scale, SEED)
    with fresh_database_url() as url, world(url, logs, scale, SEED, **environ) as made:
        app = create_app(settings_for_tests(url, shopmonkey_base_url=made.url, shopmonkey_api_key=KEY))
        with app.app_context():
            try:
                return _run(made, plan), made.said()
            finally:
                db.session.remove()
                app.extensions["live"].close()
                db.engine.dispose()
                clock.use(None)


def _run(made: World, plan: Plan) -> list[str]:
    _open_stores(made, plan)
    _sync_catalogues(made)
    started = time.monotonic()
    for _ in range(plan.scale.workers):
        made.hire()
    patience = plan.scale.patience
    Month(made, plan, lambda at: _caught_up(at, patience), lambda at: _looked_again(at, patience)).live()
    _change_catalogue(made, plan)
    _sync_catalogues(made)
    lived = time.monotonic() - started
    end = timedelta(days=DAYS + 2)
    wrong = _settle(made, plan, end)
    told, calls = made.ask("GET", "deliveries"), sum(made.ask("GET", "calls").values())
    print(
        f"{plan.scale.orders} orders, {len(plan.changes)} changes, {len(plan.leads)} leads, {made.killed} workers"
        f" killed; webhooks {told}; {calls} calls; lived in {lived:.1f} s, settled in"
        f" {time.monotonic() - started - lived:.1f} s; {len(wrong)} differences"
    )
    return wrong


def _open_stores(made: World, plan: Plan) -> None:
    company = Company(shopmonkey_id=COMPANY_ID, name="Tint World")
    db.session.add(company)
    db.session.flush()
    for number in range(plan.scale.stores):
        zone = "America/New_York"
        db.session.add(
            Location(company_id=company.id, shopmonkey_id=store_id(number), name=f"Store {number}", timezone=zone)
        )
    _follow_up_beyond_the_month(company.id, made.began)
    set_rule(company.id, Rule(columns=(LEAD_COLUMN, "Appointments"), name_patterns=("New Quote*",)), "test", made.began)
    db.session.commit()


def _follow_up_beyond_the_month(company_id: int, now: datetime) -> None:
    """A first contact and a last one after the month: no lead is lost because its sequence ran out."""
    sequence = company_sequence(company_id, now)
    first, *_, last = steps_of(sequence)
    save(sequence, [first, replace(last, day=DAYS + 10)], "Two contacts", "test", sequence.version, now)


def _caught_up(moment: datetime, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        until = db.session.scalar(select(OrderWatermark.complete_until))
        db.session.rollback()
        if until is not None and until >= moment:
            return
        assert time.monotonic() < deadline, f"polling stands at {until}, not at {moment}"
        time.sleep(0.02)


def _looked_again(moment: datetime, patience: float) -> None:
    deadline = time.monotonic() + patience
    done = OrderWatermark.looked_again_at >= moment, OrderWatermark.looked_again_until.is_(None)
    while db.session.scalar(select(OrderWatermark.company_id).where(*done)) is None:
        db.session.rollback()
        assert time.monotonic() < deadline, f"no second look since {moment}"
        time.sleep(0.05)
    db.session.rollback()


def _change_catalogue(made: World, plan: Plan) -> None:
    """Prices change, services go, come back under another id, and are new."""
    for store in range(plan.scale.stores):
        first, second = f"service-{store:03}-000", f"service-{store:03}-001"
        made.put("canned_service", [{"id": first, "fixedPriceCents": 77_700, "totalCents": 77_700}])
        made.put("canned_service", [{"id": second, "deleted": True}])
        place = {"locationId": store_id(store), "pricing": "FixedPrice", "bookable": True, "fixedPriceCents": 12_300}
        made.put("canned_service", [{"id": f"{second}-again", "name": "Service 1", "totalCents": 12_300, **place}])


def _sync_catalogues(made: World) -> None:
    for store in db.session.scalars(select(Location).order_by(Location.id)).all():
        run = sync_catalog(store, "test", made.began)
        assert run.status == "done", run.error


def _settle(made: World, plan: Plan, end: timedelta) -> list[str]:
    """What is still wrong when nothing gets better any more: the next days bring only the usual second looks."""
    deadline = time.monotonic() + plan.scale.patience
    made.clock_to(end)
    orders = made.rows("order")
    while wrong := _differences(plan, orders):
        if time.monotonic() > deadline:
            break
        time.sleep(0.2)
    return wrong + _catalogue_differences(made)


def _differences(plan: Plan, orders: dict[str, dict]) -> list[str]:
    db.session.rollback()
    stores = dict(db.session.execute(select(Location.id, Location.shopmonkey_id)).all())
    kept = Counter(db.session.scalars(select(Lead.shopmonkey_order_id)))
    wrong = [f"{order_id} is {kept[order_id]} leads" for order_id in plan.leads if kept[order_id] != 1]
    wrong += [f"{order_id} is no lead by the rule" for order_id in kept.keys() - plan.leads]
    columns = (Lead.shopmonkey_order_id, Lead.stage, Lead.location_id, Lead.order_version, Lead.order_name, Lead.id)
    for order_id, stage, location_id, version, name, _ in db.session.execute(select(*columns)):
        order = orders.get(order_id)
        found = stage if stage in ("booked", "won", "lost") else "open"
        if found != right_stage(order):
            wrong.append(f"{order_id} stands at {stage}, not {right_stage(order)}")
        if order is None or order["deleted"]:
            continue
        if (stores[location_id], name) != (order["locationId"], order["name"]) or version != order["meta"]["version"]:
            wrong.append(f"{order_id} is an older state: {stores[location_id]}, {name}, {version}")
    return wrong + _twice()


def _twice() -> list[str]:
    created = select(LeadEvent.lead_id).where(LeadEvent.kind == "created").group_by(LeadEvent.lead_id)
    wrong = [f"lead {lead_id} came in twice" for lead_id in db.session.scalars(created.having(func.count() > 1))]
    sent = (
        select(TouchPoint.lead_id)
        .join(Delivery, Delivery.id == TouchPoint.delivery_id)
        .where(Delivery.status == "sent", TouchPoint.step == 0, Delivery.channel == "sms")
        .group_by(TouchPoint.lead_id)
        .having(func.count() > 1)
    )
    return wrong + [f"lead {lead_id} was texted twice" for lead_id in db.session.scalars(sent)]


def _catalogue_differences(made: World) -> list[str]:
    db.session.rollback()
    columns = (Location.shopmonkey_id, Service.shopmonkey_id, Service.name, Service.low_cents)
    ours = select(*columns).join(Location, Location.id == Service.location_id).where(Service.gone_at.is_(None))
    kept = {tuple(row) for row in db.session.execute(ours)}
    there = {
        (row["locationId"], row["id"], row["name"], row["fixedPriceCents"])
        for row in made.rows("canned_service").values()
        if not row["deleted"]
    }
    return [f"service {row} differs" for row in sorted(kept ^ there)]
