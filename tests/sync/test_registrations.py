"""Our webhook in ShopMonkey is there, tells of the right things, and is switched on."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from app.config import Settings
from app.db import db
from app.shopmonkey import ShopMonkeyError
from app.sync.models import SyncTurn, WebhookRegistration
from app.sync.registrations import NAME, NOT_PUBLIC, TRIGGERS, check_registration

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
PUBLIC = "https://leads.example.com"
DOOR = f"{PUBLIC}/webhooks/shopmonkey"


@pytest.fixture(autouse=True)
def _public(app, sync):
    before: Settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = before.model_copy(update={"public_url": PUBLIC})
    sync.company.shopmonkey_webhook_secret = "a-secret"
    yield
    app.config["SETTINGS"] = before


def check(sync) -> WebhookRegistration:
    db.session.execute(delete(SyncTurn))
    db.session.commit()
    check_registration(sync.company, NOW)
    db.session.expire_all()
    return db.session.get(WebhookRegistration, sync.company.id)


def hooks(sync) -> list[dict]:
    return list(sync.fake.tables.get("webhook", {}).values())


def put_hook(sync, **fields) -> None:
    ours = {"url": DOOR, "triggers": list(TRIGGERS), "enabled": True, "error": False, "name": NAME}
    sync.fake.put("webhook", "w1", **{**ours, **fields})


def test_one_that_works_is_left_alone(sync) -> None:
    put_hook(sync)
    kept = check(sync)
    assert (kept.shopmonkey_id, kept.problem, kept.mended_at) == ("w1", None, None)
    assert len(hooks(sync)) == 1


@pytest.mark.parametrize("change", [{"enabled": False}, {"error": True}])
def test_one_that_was_switched_off_is_switched_on_again(sync, change) -> None:
    put_hook(sync, **change)
    kept = check(sync)
    assert (kept.shopmonkey_id, kept.mended_at) == ("w1", NOW)
    assert hooks(sync)[0]["enabled"] is True
    assert len(hooks(sync)) == 1


def test_it_is_switched_on_with_the_secret_that_we_have_now(sync) -> None:
    put_hook(sync, enabled=False, error=True, secret="rotated-since")
    check(sync)
    assert (hooks(sync)[0]["enabled"], hooks(sync)[0]["secret"]) == (True, "a-secret")


@pytest.mark.parametrize(
    "other", [None, {"url": "https://elsewhere.example.com"}, {"triggers": ["PaymentInsert"]}, {"locationId": "one"}]
)
def test_where_none_tells_us_of_all_orders_one_is_made(sync, other) -> None:
    if other:
        put_hook(sync, **other)
    kept = check(sync)
    [made] = [hook for hook in hooks(sync) if hook["id"] == kept.shopmonkey_id]
    assert (made["url"], set(made["triggers"])) == (DOOR, set(TRIGGERS))
    assert (kept.problem, kept.mended_at) == (None, NOW)


def test_an_address_that_shopmonkey_cannot_call_is_said_so(app, sync) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"public_url": "http://127.0.0.1:8000"})
    assert check(sync).problem == NOT_PUBLIC
    assert hooks(sync) == []


def test_a_failure_is_kept_and_tried_again_within_a_minute(sync) -> None:
    sync.fake.failing = ShopMonkeyError("/webhook: 503", permanent=False, status=503)
    problem = check(sync).problem
    assert "does not answer" in problem
    assert "/webhook: 503" in problem
    sync.fake.failing = None
    later = update(SyncTurn).values(until=SyncTurn.until - timedelta(minutes=1))
    db.session.execute(later)
    db.session.commit()
    assert check_registration(sync.company, NOW) is None
    assert len(hooks(sync)) == 1


def test_it_is_looked_at_once_an_hour(sync) -> None:
    put_hook(sync)
    check(sync)
    sync.fake.asked.clear()
    check_registration(sync.company, NOW + timedelta(minutes=5))
    assert sync.fake.asked == []
