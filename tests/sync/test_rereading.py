"""Known orders are read again, so that a lost webhook does not leave a lead behind."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from app.db import db
from app.leads.models import Lead, LeadEvent
from app.leads.moves import move
from app.shopmonkey import ShopMonkeyError
from app.sync import attempts, freshen, take_order
from app.sync.models import SyncTurn, UnreadOrder
from app.sync.rereading import reread
from tests.factories.locations import make_company, make_location

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
LATER = NOW + timedelta(minutes=16)


def next_turn() -> None:
    db.session.execute(delete(SyncTurn))
    db.session.commit()


def take(sync, *order_ids: str) -> None:
    for order_id in order_ids:
        sync.quote(order_id)
        take_order(sync.company, order_id, NOW)
    sync.fake.asked.clear()


def stage(order_id: str = "o1") -> str:
    db.session.expire_all()
    return db.session.scalar(select(Lead.stage).where(Lead.shopmonkey_order_id == order_id))


def test_a_change_that_no_webhook_told_is_noticed(sync) -> None:
    take(sync, "o1", "o2")
    sync.quote("o1", authorized=True)
    assert reread(sync.company, LATER) == 2
    assert (stage("o1"), stage("o2")) == ("booked", "new")
    assert sync.fake.asked[0] == "order", "twenty a call, not one by one"
    assert "order/o2" not in sync.fake.asked


def test_what_was_read_lately_is_left_alone(sync) -> None:
    take(sync, "o1")
    assert reread(sync.company, NOW + timedelta(minutes=14)) == 0
    next_turn()
    assert reread(sync.company, LATER) == 1
    next_turn()
    assert reread(sync.company, LATER + timedelta(minutes=1)) == 0


def test_forty_five_orders_take_three_calls(sync) -> None:
    take(sync, *(f"o{number}" for number in range(45)))
    assert reread(sync.company, LATER) == 45
    assert len(sync.fake.asked) == 3


def test_one_that_is_not_shown_is_looked_up_before_it_counts_as_gone(sync) -> None:
    take(sync, "o1", "o2")
    shown = sync.fake.orders_by_ids
    sync.fake.orders_by_ids = lambda ids: [order for order in shown(ids) if order.id != "o1"]
    sync.fake.remove("order", "o2")
    reread(sync.company, LATER)
    assert (stage("o1"), stage("o2")) == ("new", "lost")


def test_a_closed_lead_is_looked_at_daily_for_a_month(sync) -> None:
    take(sync, "o1")
    sync.quote("o1", archived=True)
    reread(sync.company, LATER)
    assert stage() == "lost"
    next_turn()
    assert reread(sync.company, LATER + timedelta(hours=23)) == 0
    sync.quote("o1", archived=False)
    next_turn()
    assert reread(sync.company, LATER + timedelta(hours=25)) == 1
    assert stage() == "new"


def silently(sync, order_id: str, **fields) -> None:
    """A change by ShopMonkey itself, which raises neither version nor date."""
    sync.fake.tables["order"][order_id].update(fields)


@pytest.mark.parametrize(
    ("flag", "becomes"),
    [("archived", "lost"), ("deleted", "lost"), ("paid", "won"), ("invoiced", "won")],
)
def test_what_changed_without_a_newer_version_is_noticed(sync, flag, becomes) -> None:
    take(sync, "o1", "o2")
    silently(sync, "o1", **{flag: True})
    reread(sync.company, LATER)
    assert (stage("o1"), stage("o2")) == (becomes, "new")
    assert "order/o2" not in sync.fake.asked


def test_what_leaves_the_archive_without_a_newer_version_is_open_again(sync) -> None:
    take(sync, "o1")
    silently(sync, "o1", archived=True)
    reread(sync.company, LATER)
    silently(sync, "o1", archived=False)
    next_turn()
    reread(sync.company, LATER + timedelta(hours=25))
    assert stage() == "new"


def test_a_lead_that_staff_have_lost_is_not_booked_by_an_old_authorization(sync) -> None:
    take(sync, "o1")
    sync.quote("o1", authorized=True)
    reread(sync.company, LATER)
    move(db.session.scalars(select(Lead)).one(), "lost", "called and did not want it", LATER, "Sam")
    db.session.commit()
    next_turn()
    reread(sync.company, LATER + timedelta(hours=25))
    assert stage() == "lost"


def test_an_order_whose_flags_say_no_more_than_its_lead_is_not_read_by_itself(sync) -> None:
    take(sync, "o1", "o2", "o3")
    sync.quote("o1", authorized=True)
    sync.quote("o2", paid=True)
    sync.quote("o3", archived=True)
    reread(sync.company, LATER)
    sync.fake.asked.clear()
    next_turn()
    assert reread(sync.company, LATER + timedelta(hours=25)) == 3
    assert not [what for what in sync.fake.asked if what.startswith("order/")]


def test_a_deleted_order_is_never_looked_at_again(sync) -> None:
    take(sync, "o1")
    sync.fake.remove("order", "o1")
    reread(sync.company, LATER)
    next_turn()
    assert reread(sync.company, LATER + timedelta(days=2)) == 0


def test_only_one_worker_has_the_companys_turn(sync) -> None:
    take(sync, "o1")
    db.session.add(SyncTurn(company_id=sync.company.id, job="rereading", until=datetime(2999, 1, 1, tzinfo=UTC)))
    db.session.commit()
    assert reread(sync.company, LATER) == 0


def test_a_failure_leaves_the_rest_for_the_next_turn(sync) -> None:
    take(sync, "o1")
    sync.fake.failing = ShopMonkeyError("down", permanent=False, status=503)
    with pytest.raises(ShopMonkeyError):
        reread(sync.company, LATER)
    sync.fake.failing = None
    next_turn()
    assert reread(sync.company, LATER) == 1


def test_an_order_that_moved_to_a_store_nobody_added_ends_the_contacts_and_says_why(sync) -> None:
    take(sync, "o1")
    sync.told.clear()
    sync.quote("o1", locationId="nobody-added")
    assert reread(sync.company, LATER) == 1
    assert (stage(), sync.told_kinds()) == ("lost", ["LeadClosed"])
    told = db.session.scalars(select(LeadEvent.text)).all()
    assert "Lost: its order moved to a store that has not been added here" in told


def test_before_a_touch_it_is_noticed_too(sync) -> None:
    take(sync, "o1")
    sync.quote("o1", locationId="nobody-added")
    freshen(db.session.scalar(select(Lead.id)), LATER)
    assert stage() == "lost"


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [({"paid": True}, "won"), ({"authorized": True}, "booked"), ({"deleted": True}, "lost")],
)
def test_what_it_earned_at_that_store_counts_first(sync, fields, wanted) -> None:
    take(sync, "o1")
    sync.quote("o1", locationId="nobody-added", **fields)
    reread(sync.company, LATER)
    lead = db.session.scalars(select(Lead).execution_options(populate_existing=True)).one()
    assert (lead.stage, lead.order_deleted_at is not None) == (wanted, "deleted" in fields)


def test_an_order_that_names_no_store_leaves_its_lead_where_it_is(sync) -> None:
    take(sync, "o1")
    sync.quote("o1", locationId=None)
    reread(sync.company, LATER)
    assert stage() == "new"


def test_a_lead_is_open_again_once_its_orders_store_is_added(sync) -> None:
    take(sync, "o1")
    sync.quote("o1", locationId="boulder")
    reread(sync.company, LATER)
    boulder = make_location(sync.company, name="Tint World Boulder", shopmonkey_id="boulder")
    next_turn()
    reread(sync.company, LATER + timedelta(days=1))
    lead = db.session.scalars(select(Lead).execution_options(populate_existing=True)).one()
    assert (lead.stage, lead.location_id) == ("new", boulder.id)


def test_a_lead_is_open_again_once_its_order_comes_back(sync) -> None:
    take(sync, "o1")
    sync.quote("o1", locationId="nobody-added")
    reread(sync.company, LATER)
    sync.quote("o1", locationId=sync.store.shopmonkey_id)
    next_turn()
    reread(sync.company, LATER + timedelta(days=1))
    assert stage() == "new"


def test_one_order_that_cannot_be_read_keeps_no_other_waiting(sync) -> None:
    orders = [f"o{number}" for number in range(25)]
    take(sync, *orders)
    for order_id in orders:
        sync.quote(order_id, paid=True, customerId="bad" if order_id == "o0" else "c1")

    def fail(what: str) -> None:
        if what == "customer/bad":
            raise ShopMonkeyError("/customer/bad: 500", permanent=False, status=500)

    sync.fake.before_answering = fail
    assert reread(sync.company, LATER) == 25
    assert [stage(order_id) for order_id in orders] == ["new"] + ["won"] * 24
    aside = db.session.scalars(select(UnreadOrder)).one()
    assert (aside.shopmonkey_order_id, aside.error, aside.store) == (
        "o0", "/customer/bad: 500", sync.store.shopmonkey_id
    )  # fmt: skip
    next_turn()
    assert reread(sync.company, LATER + timedelta(minutes=1)) == 0
    assert db.session.scalar(select(Lead.order_read_at).where(Lead.shopmonkey_order_id == "o0")) == NOW, "not fresh"


def test_once_it_can_be_read_its_failure_is_forgotten(sync) -> None:
    take(sync, "o1")
    sync.quote("o1", paid=True)
    sync.fake.customer = lambda customer_id: (_ for _ in ()).throw(ShopMonkeyError("500", permanent=False, status=500))
    reread(sync.company, LATER)
    del sync.fake.customer
    next_turn()
    reread(sync.company, LATER + timedelta(minutes=16))
    assert (stage(), db.session.scalar(select(UnreadOrder))) == ("won", None)


def test_a_rate_limit_stops_the_run_and_the_order_it_met_lets_the_others_pass(sync) -> None:
    take(sync, "o1", "o2")
    sync.quote("o1", paid=True)
    sync.quote("o2", paid=True)
    slow = ["order/o1", "order/o2"]

    def slow_down(what: str) -> None:
        if what in slow:
            slow.remove("order/o2" if what == "order/o1" else "order/o1")
            raise ShopMonkeyError("429", permanent=False, status=429)

    sync.fake.before_answering = slow_down
    with pytest.raises(ShopMonkeyError):
        reread(sync.company, LATER)
    next_turn()
    assert reread(sync.company, LATER + timedelta(minutes=1)) == 1
    assert sorted([stage("o1"), stage("o2")]) == ["new", "won"]
    assert db.session.scalar(select(UnreadOrder)) is None


def test_before_a_touch_the_order_is_read_again_unless_that_was_just_done(sync) -> None:
    take(sync, "o1")
    lead_id = db.session.scalar(select(Lead.id))
    freshen(lead_id, NOW + timedelta(minutes=5))
    assert sync.fake.asked == []
    sync.quote("o1", paid=True)
    freshen(lead_id, LATER)
    assert stage() == "won"


def test_a_company_that_is_not_read_from_shopmonkey_is_not_asked(sync) -> None:
    from tests.factories.leads import make_lead

    lead = make_lead(make_location(make_company()))
    freshen(lead.id, NOW)
    assert sync.fake.asked == []


@pytest.mark.parametrize("gone", [True, False])
def test_late_news_of_a_deleted_order_do_not_revive_it(sync, gone) -> None:
    take(sync, "o1")
    late = dict(sync.quote("o1", authorized=True))
    if gone:
        sync.fake.remove("order", "o1")
    else:
        sync.quote("o1", deleted=True)
    assert take_order(sync.company, "o1", NOW).stage == "lost"
    sync.fake.tables["order"]["o1"] = late | {"meta": {"version": 99}}
    lead = take_order(sync.company, "o1", NOW)
    assert (lead.stage, lead.closed_reason) == (
        "lost",
        "not in ShopMonkey any more" if gone else "deleted in ShopMonkey",
    )


def test_what_is_taken_out_of_the_archive_is_open_again_and_says_so(sync) -> None:
    take(sync, "o1")
    lead = db.session.scalars(select(Lead)).one()
    lead.first_engaged_at = NOW
    sync.quote("o1", archived=True)
    assert take_order(sync.company, "o1", NOW).stage == "lost"
    sync.quote("o1", archived=False)
    again = take_order(sync.company, "o1", NOW)
    assert (again.stage, again.closed_reason) == ("engaged", None)
    told = db.session.scalars(select(LeadEvent.text).where(LeadEvent.lead_id == lead.id)).all()
    assert "Engaged again: taken out of the archive in ShopMonkey" in told


def test_a_lead_lost_for_another_reason_stays_lost_when_its_order_changes(sync) -> None:
    take(sync, "o1")
    lead = db.session.scalars(select(Lead)).one()
    lead.stage, lead.closed_reason = "lost", "chose another shop"
    sync.quote("o1", name="Another name")
    assert take_order(sync.company, "o1", NOW).stage == "lost"


def test_one_order_that_is_odd_in_no_foreseen_way_keeps_no_other_from_being_read_again(sync, monkeypatch) -> None:
    take(sync, "o1", "o2")
    for order_id in ("o1", "o2"):
        sync.quote(order_id, authorized=True)
    taken = attempts.take_order

    def odd(company, order_id, now, client, store):
        if order_id == "o1":
            raise ValueError("odd")
        return taken(company, order_id, now, client)

    monkeypatch.setattr(attempts, "take_order", odd)
    assert reread(sync.company, LATER) == 2
    assert (stage("o1"), stage("o2")) == ("new", "booked")
    monkeypatch.undo()
    next_turn()
    reread(sync.company, LATER + timedelta(minutes=16))
    assert stage("o1") == "booked"
