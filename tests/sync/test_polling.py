import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select, update

from app.db import db
from app.leads.models import Lead
from app.schedule import JOBS
from app.shopmonkey import Order, Page, ShopMonkeyError
from app.shopmonkey.fake import FakeShopMonkey
from app.sync import attempts, poll_orders, take_order
from app.sync.models import OrderWatermark, SyncTurn
from app.sync.polling import poll
from app.sync.turns import turn_at
from app.sync.windows import Window, whole_windows
from tests.factories.locations import make_company, make_location

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


def leads() -> int:
    return db.session.scalar(select(func.count()).select_from(Lead))


def watermark(company) -> OrderWatermark:
    db.session.expire_all()
    return db.session.get(OrderWatermark, company.id)


def next_turn() -> None:
    db.session.execute(delete(SyncTurn))
    db.session.commit()


def ids_of(windows: list[Window]) -> set[str]:
    return {order.id for window in windows for order in window.orders}


def created(moment: datetime) -> str:
    return moment.isoformat()


def test_what_webhooks_missed_comes_in_by_polling(sync) -> None:
    sync.quote()
    assert poll(sync.company, NOW) == 1
    assert leads() == 1
    assert (watermark(sync.company).complete_until, watermark(sync.company).error) == (NOW, None)


def test_more_orders_than_one_call_shows_are_all_read(sync) -> None:
    for number in range(130):
        sync.quote(f"o{number}", createdDate=created(NOW - timedelta(seconds=number)))
    assert poll(sync.company, NOW) == 130
    assert leads() == 130


def test_a_second_poll_reads_nothing_again_and_starts_a_little_before_the_first_ended(sync) -> None:
    sync.quote()
    poll(sync.company, NOW)
    sync.quote("late", createdDate=created(NOW - timedelta(minutes=5)))
    sync.fake.asked.clear()
    next_turn()
    assert poll(sync.company, NOW + timedelta(minutes=1)) == 1
    assert "order/o1" not in sync.fake.asked
    assert leads() == 2


def test_a_failure_keeps_the_watermark_and_says_why(sync) -> None:
    poll(sync.company, NOW)
    next_turn()
    sync.fake.failing = ShopMonkeyError("/order: 503", permanent=False, status=503)
    with pytest.raises(ShopMonkeyError):
        poll(sync.company, NOW + timedelta(minutes=5))
    assert (watermark(sync.company).complete_until, watermark(sync.company).error) == (NOW, "/order: 503")
    sync.fake.failing = None
    sync.quote(createdDate=created(NOW + timedelta(minutes=2)))
    next_turn()
    poll(sync.company, NOW + timedelta(minutes=6))
    assert leads() == 1
    assert watermark(sync.company).error is None


def test_a_failure_at_one_order_does_not_skip_it(sync) -> None:
    sync.quote()

    def fail_once(what: str) -> None:
        if what == "customer/c1":
            sync.fake.before_answering = lambda what: None
            raise ShopMonkeyError("hiccup", permanent=False)

    sync.fake.before_answering = fail_once
    with pytest.raises(ShopMonkeyError):
        poll(sync.company, NOW)
    assert watermark(sync.company).complete_until < NOW
    next_turn()
    poll(sync.company, NOW)
    assert leads() == 1


def test_an_order_at_an_unknown_store_does_not_hold_up_the_others(sync) -> None:
    sync.quote("o1", locationId="nobody-added")
    sync.quote("o2")
    poll(sync.company, NOW)
    assert leads() == 1
    assert watermark(sync.company).complete_until == NOW


def test_after_a_failure_the_next_look_does_not_wait_a_whole_pause(sync) -> None:
    # 30 s of a call that hangs, 20 s to the job's next run, and this pause: within the minute that is promised.
    sync.fake.failing = ShopMonkeyError("/order: 503", permanent=False, status=503)
    with pytest.raises(ShopMonkeyError):
        poll(sync.company, NOW)
    wait = db.session.scalar(select(func.extract("epoch", SyncTurn.until - func.now())))
    assert wait < 60 - 30 - next(job.seconds for job in JOBS if job.name == "orders")


def test_only_one_worker_polls_a_company_at_a_time(sync) -> None:
    poll(sync.company, NOW)
    sync.quote()
    assert poll(sync.company, NOW) == 0
    assert leads() == 0


def test_every_company_with_a_key_is_polled_whatever_happens_to_another(app, sync) -> None:
    make_company(shopmonkey_api_key=None)
    broken = make_company(shopmonkey_api_key="revoked")
    broken_id, fake, refused = broken.id, sync.fake, FakeShopMonkey()
    refused.failing = ShopMonkeyError("401", permanent=True, status=401)
    app.extensions["shopmonkey"] = lambda company: refused if company.id == broken_id else fake
    sync.quote()
    assert poll_orders(NOW) == 1
    assert (watermark(broken).error, watermark(broken).refused) == ("401", True)


def test_a_window_that_never_adds_up_ends() -> None:
    asked = []

    def ask(since: datetime, until: datetime) -> Page:
        asked.append((since, until))
        return Page((Order(id=f"o{len(asked) % 3}"),), 4)

    windows = list(whole_windows(ask, NOW - timedelta(seconds=2), NOW))
    assert windows[-1].end == NOW
    assert {order.id for order in windows[-1].orders} == {"o0", "o1", "o2"}
    assert len(asked) < 20


def test_windows_come_in_order_of_time_without_a_gap() -> None:
    moments = [NOW - timedelta(seconds=second * 7) for second in range(500)]
    asked = []

    def ask(since: datetime, until: datetime) -> Page:
        asked.append((since, until))
        found = tuple(Order(id=str(moment)) for moment in moments if since <= moment <= until)
        return Page(found[:100], len(found))

    windows = list(whole_windows(ask, NOW - timedelta(hours=2), NOW))
    ends = [window.end for window in windows]
    assert ends == sorted(ends)
    assert ids_of(windows) == {str(moment) for moment in moments}


def test_a_burst_is_split_to_size_at_once_not_halved_again_and_again() -> None:
    moments = [NOW - timedelta(seconds=second) for second in range(2000)]
    asked = []

    def ask(since: datetime, until: datetime) -> Page:
        asked.append((since, until))
        found = tuple(Order(id=str(moment)) for moment in moments if since <= moment <= until)
        return Page(found[:100], len(found))

    windows = list(whole_windows(ask, NOW - timedelta(seconds=2000), NOW))
    assert ids_of(windows) == {str(moment) for moment in moments}
    assert len(asked) < 45


def test_rows_that_single_looks_leave_out_are_found_by_looking_again() -> None:
    everything = {f"o{number}" for number in range(50)}
    looks = iter(range(1000))

    def ask(since: datetime, until: datetime) -> Page:
        look = next(looks)
        shown = tuple(Order(id=f"o{number}") for number in range(50) if (number + look) % 7)
        return Page(shown, 50)

    [window] = whole_windows(ask, NOW - timedelta(hours=1), NOW)
    assert (window.end, ids_of([window]), window.whole) == (NOW, everything, True)
    assert next(looks) == 2


@pytest.mark.parametrize("span", [timedelta(minutes=10), timedelta(hours=1), timedelta(days=3)])
def test_a_count_that_is_always_one_too_high_costs_three_calls(span) -> None:
    calls = []
    rows = tuple(Order(id=f"o{number}") for number in range(5))

    def ask(since: datetime, until: datetime) -> Page:
        calls.append(since)
        return Page(rows, len(rows) + 1)

    [window] = whole_windows(ask, NOW - span, NOW)
    assert (len(window.orders), window.whole, len(calls)) == (5, True, 3)


def test_a_count_one_too_high_over_lists_that_leave_rows_out_stays_cheap_and_loses_nothing() -> None:
    chance, calls = random.Random(3), []

    def ask(since: datetime, until: datetime) -> Page:
        calls.append(since)
        return Page(tuple(Order(id=f"o{number}") for number in range(40) if chance.random() < 0.7), 41)

    [window] = whole_windows(ask, NOW - timedelta(hours=1), NOW)
    assert (len(window.orders), window.whole) == (40, True)
    assert len(calls) <= 30


def test_orders_of_one_second_are_told_apart_by_the_millisecond() -> None:
    moments = [NOW - timedelta(hours=3, milliseconds=number) for number in range(250)]

    def ask(since: datetime, until: datetime) -> Page:
        found = tuple(Order(id=str(moment)) for moment in moments if since <= moment <= until)
        return Page(found[:100], len(found))

    windows = list(whole_windows(ask, NOW - timedelta(hours=6), NOW))
    assert len(ids_of(windows)) == 250
    assert all(window.whole for window in windows)


def test_more_orders_of_one_moment_than_a_call_shows_are_all_found() -> None:
    chance, at = random.Random(3), NOW - timedelta(hours=3)
    everything = [f"o{number}" for number in range(250)]

    def ask(since: datetime, until: datetime) -> Page:
        here = chance.sample(everything, 100) if since <= at <= until else []
        return Page(tuple(Order(id=order_id) for order_id in here), 250 if here else 0)

    windows = list(whole_windows(ask, NOW - timedelta(hours=6), NOW))
    assert ids_of(windows) == set(everything)
    assert all(window.whole for window in windows)


def test_the_watermark_stays_before_a_moment_whose_orders_are_not_all_shown(sync) -> None:
    poll(sync.company, NOW)
    at = NOW + timedelta(minutes=30)
    for number in range(130):
        sync.quote(f"o{number}", createdDate=created(at))
    sync.quote("later", createdDate=created(at + timedelta(minutes=30)))
    next_turn()
    with pytest.raises(ShopMonkeyError, match="100 of the 130 orders"):
        poll(sync.company, NOW + timedelta(hours=2))
    assert watermark(sync.company).complete_until < at
    assert leads() == 101, "what is shown comes in all the same"


def test_one_order_that_cannot_be_read_keeps_no_other_waiting(sync) -> None:
    for number in range(3):
        sync.quote(f"o{number}", customerId=f"c{number}")
        sync.fake.put("customer", f"c{number}", firstName="Maria")

    def fail(what: str) -> None:
        if what == "customer/c1":
            raise ShopMonkeyError("hiccup", permanent=False, status=502)

    sync.fake.before_answering = fail
    with pytest.raises(ShopMonkeyError):
        poll(sync.company, NOW)
    assert leads() == 2
    assert watermark(sync.company).complete_until < NOW
    sync.fake.before_answering = lambda what: None
    next_turn()
    poll(sync.company, NOW)
    assert leads() == 3


def test_one_that_never_can_be_read_does_not_hold_the_watermark_for_good(sync) -> None:
    sync.quote("o1")

    def refuse(what: str) -> None:
        if what == "order/o1":
            raise ShopMonkeyError("/order/o1: 400", permanent=True, status=400)

    sync.fake.before_answering = refuse
    poll(sync.company, NOW)
    assert watermark(sync.company).complete_until == NOW


def test_a_store_that_was_added_meanwhile_is_looked_back_for(sync) -> None:
    sync.quote("o1", locationId="new-store", createdDate=created(NOW - timedelta(hours=5)))
    poll(sync.company, NOW)
    assert leads() == 0
    make_location(sync.company, shopmonkey_id="new-store", created_at=datetime(2999, 1, 1, tzinfo=UTC))
    next_turn()
    poll(sync.company, NOW + timedelta(minutes=1))
    assert leads() == 1


def test_a_clock_that_was_ahead_for_one_poll_hides_no_later_gap(sync) -> None:
    poll(sync.company, NOW + timedelta(hours=20))
    next_turn()
    poll(sync.company, NOW)
    assert watermark(sync.company).complete_until == NOW
    sync.quote(createdDate=created(NOW + timedelta(minutes=30)))
    next_turn()
    poll(sync.company, NOW + timedelta(hours=2))
    assert leads() == 1


def test_a_killed_workers_turn_runs_out(sync) -> None:
    sync.quote()
    with turn_at(sync.company.id, "orders", timedelta(0)):
        assert poll(sync.company, NOW) == 0
        db.session.execute(update(SyncTurn).values(until=func.now() - timedelta(seconds=1)))
        db.session.commit()
        assert poll(sync.company, NOW) == 1


def test_an_order_too_old_for_the_rule_is_never_made_a_lead_by_a_first_look(sync) -> None:
    sync.quote("old", createdDate=created(NOW - timedelta(days=4)))
    assert take_order(sync.company, "old", NOW) is None
    sync.quote("old", name="Called back")
    assert take_order(sync.company, "old", NOW) is None
    assert leads() == 0


def test_one_order_that_is_odd_in_no_foreseen_way_keeps_no_other_waiting_and_is_tried_again(sync, monkeypatch) -> None:
    for number in range(3):
        sync.quote(f"o{number}")
    take = attempts.take_order
    tried = []

    def odd(company, order_id, now, client, store):
        tried.append(order_id)
        if order_id == "o1" and tried.count("o1") == 1:
            raise ValueError("odd")
        return take(company, order_id, now, client)

    monkeypatch.setattr(attempts, "take_order", odd)
    with pytest.raises(ShopMonkeyError, match="o1"):
        poll(sync.company, NOW)
    assert leads() == 2
    assert watermark(sync.company).complete_until < NOW
    assert watermark(sync.company).error == "order o1: ValueError"
    next_turn()
    poll(sync.company, NOW)
    assert leads() == 3
    assert (watermark(sync.company).complete_until, watermark(sync.company).error) == (NOW, None)


def test_an_order_whose_name_no_database_holds_comes_in_without_the_odd_characters(sync) -> None:
    sync.quote(name="Quote\x00 for \ud800tint")
    assert poll(sync.company, NOW) == 1
    assert db.session.scalar(select(Lead.order_name)) == "Quote for tint"
