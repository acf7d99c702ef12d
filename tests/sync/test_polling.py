from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from app.db import db
from app.leads.models import Lead
from app.shopmonkey import Order, Page, ShopMonkeyError
from app.sync import poll_orders
from app.sync.models import OrderWatermark, SyncTurn
from app.sync.polling import poll
from app.sync.windows import whole_windows
from tests.factories.locations import make_company

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


def leads() -> int:
    return db.session.scalar(select(func.count()).select_from(Lead))


def watermark(company) -> OrderWatermark:
    db.session.expire_all()
    return db.session.get(OrderWatermark, company.id)


def next_turn() -> None:
    db.session.execute(delete(SyncTurn))
    db.session.commit()


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


def test_only_one_worker_polls_a_company_at_a_time(sync) -> None:
    poll(sync.company, NOW)
    sync.quote()
    assert poll(sync.company, NOW) == 0
    assert leads() == 0


def test_every_company_with_a_key_is_polled_whatever_happens_to_another(app, sync) -> None:
    make_company(shopmonkey_api_key=None)
    broken = make_company(shopmonkey_api_key="revoked")
    broken_id, fake = broken.id, sync.fake

    def client(company):
        if company.id == broken_id:
            raise ShopMonkeyError("401", permanent=True, status=401)
        return fake

    app.extensions["shopmonkey"] = client
    sync.quote()
    assert poll_orders(NOW) == 1
    assert watermark(broken).error == "401"


def test_a_window_that_never_adds_up_ends() -> None:
    asked = []

    def ask(since: datetime, until: datetime) -> Page:
        asked.append((since, until))
        return Page((Order(id=f"o{len(asked) % 3}"),), 4)

    windows = list(whole_windows(ask, NOW - timedelta(seconds=2), NOW))
    assert windows[-1][0] == NOW
    assert {order.id for order in windows[-1][1]} == {"o0", "o1", "o2"}
    assert len(asked) < 20


def test_windows_come_in_order_of_time_without_a_gap() -> None:
    moments = [NOW - timedelta(seconds=second * 7) for second in range(500)]
    asked = []

    def ask(since: datetime, until: datetime) -> Page:
        asked.append((since, until))
        found = tuple(Order(id=str(moment)) for moment in moments if since <= moment <= until)
        return Page(found[:100], len(found))

    windows = list(whole_windows(ask, NOW - timedelta(hours=2), NOW))
    ends = [end for end, _ in windows]
    assert ends == sorted(ends)
    assert {order.id for _, orders in windows for order in orders} == {str(moment) for moment in moments}
