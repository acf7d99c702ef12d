"""What becomes a lead later becomes one, also when the webhook that tells of it is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from app.db import db
from app.leads.models import Lead
from app.locations import UnknownStore
from app.shopmonkey import ShopMonkeyError
from app.sync import second_looks, take_order
from app.sync.lead_rule import Rule
from app.sync.models import OrderWatermark, SyncTurn, UnreadOrder, WorkflowColumn
from app.sync.polling import poll
from app.sync.rules import set_rule
from app.sync.second_looks import look_again
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULE = Rule(columns=("Website Leads",))


@pytest.fixture(autouse=True)
def _columns(sync) -> None:
    sync.fake.put("workflow_status", "intake", name="Intake", locationId=sync.store.shopmonkey_id)
    sync.fake.put("workflow_status", "leads", name="Website Leads", locationId=sync.store.shopmonkey_id)
    set_rule(sync.company.id, RULE, "Frances", NOW - HOUR)
    db.session.commit()
    poll(sync.company, NOW)


def looked_again(sync, at: datetime) -> int:
    db.session.execute(delete(SyncTurn))
    db.session.commit()
    return look_again(sync.company, at)


def judged_no_lead(sync, *order_ids: str) -> None:
    for order_id in order_ids:
        sync.quote(order_id, workflowStatusId="intake")
        assert take_order(sync.company, order_id, NOW) is None


def leads() -> set[str]:
    return set(db.session.scalars(select(Lead.shopmonkey_order_id)))


def spread(sync, many: int) -> None:
    """Orders of the last three days that are no leads, a minute apart."""
    for number in range(many):
        at = NOW - timedelta(minutes=number + 1)
        sync.quote(f"o{number}", workflowStatusId="intake", createdDate=at.isoformat())


def test_an_order_that_comes_into_a_lead_column_later_is_found_without_its_webhook(sync) -> None:
    judged_no_lead(sync, "o1")
    sync.quote("o1", workflowStatusId="leads")
    assert looked_again(sync, NOW + HOUR) == 1
    assert leads() == {"o1"}


def test_a_round_begins_half_an_hour_after_the_last_one(sync) -> None:
    judged_no_lead(sync, "o1")
    assert looked_again(sync, NOW) == 0
    sync.quote("o1", workflowStatusId="leads")
    assert looked_again(sync, NOW + timedelta(minutes=29)) == 0
    assert looked_again(sync, NOW + timedelta(minutes=30)) == 1


def test_a_changed_rule_is_asked_at_once_of_the_orders_of_the_last_days(sync) -> None:
    judged_no_lead(sync, "o1")
    looked_again(sync, NOW)
    assert look_again(sync.company, NOW + timedelta(seconds=1)) == 0
    set_rule(sync.company.id, Rule(columns=("Intake",)), "Frances", NOW + timedelta(minutes=1))
    db.session.commit()
    assert look_again(sync.company, NOW + timedelta(minutes=2)) == 1


def test_a_column_renamed_just_before_the_rule_was_changed_goes_by_its_new_name(sync) -> None:
    judged_no_lead(sync, "o1")
    sync.fake.put("workflow_status", "intake", name="Website")
    set_rule(sync.company.id, Rule(columns=("Website",)), "Frances", NOW + timedelta(minutes=1))
    db.session.commit()
    assert looked_again(sync, NOW + timedelta(minutes=2)) == 1


def test_a_column_renamed_later_is_noticed_by_a_later_round(sync) -> None:
    judged_no_lead(sync, "o1")
    sync.fake.put("workflow_status", "intake", name="Website Leads")
    db.session.execute(update(WorkflowColumn).values(read_at=func.now() - timedelta(hours=2)))
    db.session.commit()
    assert looked_again(sync, NOW + HOUR) == 1


def test_a_quiet_round_costs_the_walk_and_nothing_for_each_order(sync) -> None:
    spread(sync, 50)
    sync.quote("elsewhere", locationId="nobody-added", workflowStatusId="leads")
    looked_again(sync, NOW)
    sync.fake.asked.clear()
    assert looked_again(sync, NOW + HOUR) == 0
    assert sync.fake.asked == ["order"]


def test_orders_of_stores_that_are_not_here_are_not_read_each_time(sync) -> None:
    set_rule(sync.company.id, Rule(), "Frances", NOW)
    sync.quote("elsewhere", locationId="nobody-added")
    sync.fake.asked.clear()
    assert looked_again(sync, NOW + HOUR) == 0
    assert sync.fake.asked == ["order"]


def test_an_order_older_than_the_rule_allows_stays_no_lead(sync) -> None:
    sync.quote("o1", workflowStatusId="leads", createdDate=(NOW - timedelta(hours=73)).isoformat())
    assert looked_again(sync, NOW) == 0
    assert leads() == set()


def test_a_run_makes_few_calls_and_the_next_goes_on_where_it_stopped(sync, monkeypatch) -> None:
    monkeypatch.setattr(second_looks, "MOST_CALLS", 3)
    spread(sync, 300)
    sync.quote("o0", workflowStatusId="leads")
    calls = []
    for _ in range(20):
        sync.fake.asked.clear()
        done = looked_again(sync, NOW + timedelta(minutes=1))
        calls.append(sync.fake.asked.count("order"))
        if done:
            break
    assert leads() == {"o0"}, "the newest comes last"
    assert max(calls) <= 4
    assert db.session.scalar(select(OrderWatermark.looked_again_until)) is None


def test_a_rate_limit_stops_the_round_and_the_next_run_loses_nothing(sync) -> None:
    judged_no_lead(sync, "o1")
    sync.quote("o1", workflowStatusId="leads")

    def slow_down(what: str) -> None:
        if what == "order/o1":
            raise ShopMonkeyError("429", permanent=False, status=429)

    sync.fake.before_answering = slow_down
    with pytest.raises(ShopMonkeyError):
        looked_again(sync, NOW + HOUR)
    sync.fake.before_answering = lambda what: None
    assert looked_again(sync, NOW + HOUR + timedelta(minutes=1)) == 1
    assert db.session.scalar(select(func.count()).select_from(UnreadOrder)) == 0


def test_one_that_cannot_be_read_is_set_aside_and_the_others_come_in(sync) -> None:
    judged_no_lead(sync, "o1", "o2")
    for order_id in ("o1", "o2"):
        sync.quote(order_id, workflowStatusId="leads")

    def fail(what: str) -> None:
        if what == "order/o1":
            raise ShopMonkeyError("/order/o1: 500", permanent=False, status=500)

    sync.fake.before_answering = fail
    assert looked_again(sync, NOW + HOUR) == 1
    aside = db.session.scalars(select(UnreadOrder)).one()
    assert (aside.shopmonkey_order_id, aside.error) == ("o1", "/order/o1: 500")
    assert aside.set_aside_at is not None


def test_only_one_worker_has_the_companys_turn(sync) -> None:
    db.session.add(SyncTurn(company_id=sync.company.id, job="second_looks", until=datetime(2999, 1, 1, tzinfo=UTC)))
    db.session.commit()
    judged_no_lead(sync, "o1")
    sync.quote("o1", workflowStatusId="leads")
    assert look_again(sync.company, NOW + HOUR) == 0


def test_a_lead_whose_order_was_at_a_store_nobody_had_added_comes_back_by_the_list(sync) -> None:
    sync.quote("o1", workflowStatusId="leads")
    take_order(sync.company, "o1", NOW)
    sync.quote("o1", locationId="boulder")
    poll(sync.company, NOW)
    with pytest.raises(UnknownStore):
        take_order(sync.company, "o1", NOW)
    assert looked_again(sync, NOW) == 0
    make_location(sync.company, name="Tint World Boulder", shopmonkey_id="boulder")
    assert looked_again(sync, NOW + HOUR) == 1
    assert db.session.scalar(select(Lead.stage)) == "new"
