"""What ShopMonkey is answered, and what is kept."""

import json
import time

import pytest
from sqlalchemy import create_engine, func, select

from app.db import db
from app.live.notify import WAKE
from app.webhooks import senders
from app.webhooks.models import WebhookEvent
from tests.databases import listening
from tests.factories.locations import make_company
from tests.factories.webhooks import SECRET, body_for, deliver, headers_for


@pytest.fixture
def company(app):
    senders().forget()
    yield make_company(shopmonkey_webhook_secret=SECRET)
    senders().forget()


def stored() -> int:
    return db.session.scalar(select(func.count()).select_from(WebhookEvent))


def test_a_signed_delivery_is_stored_and_answered_with_an_empty_object(client, company) -> None:
    answer = deliver(client, body_for(company.shopmonkey_id), delivery="wh_1")
    assert (answer.status_code, answer.json) == (200, {})
    event = db.session.scalars(select(WebhookEvent)).one()
    assert (event.account, event.object_table, event.object_id) == (company.shopmonkey_id, "order", "o1")
    assert (event.operation, event.version, event.delivery_id) == ("INSERT", "v1", "wh_1")
    assert (event.status, event.company_id, event.request_id) == ("new", company.id, "request-wh_1")


def test_of_a_row_only_whose_it_is_is_kept_never_what_the_shop_paid(client, company) -> None:
    row = {"locationId": "boulder", "number": 1042, "wholesaleCostCents": 1234, "parts": [{"costCents": 99}]}
    assert deliver(client, body_for(company.shopmonkey_id, data=row, diff=["costRateCents"])).status_code == 200
    told = {"id": "o1", "companyId": company.shopmonkey_id, "locationId": "boulder", "number": "1042"}
    assert db.session.scalars(select(WebhookEvent)).one().payload == {"data": told}


@pytest.mark.parametrize("table", ["canned_service", "purchase_order", "order_service"])
def test_a_table_that_nobody_reads_is_answered_and_not_kept(client, company, table) -> None:
    assert deliver(client, body_for(company.shopmonkey_id, table=table)).status_code == 200
    assert stored() == 0


def test_the_tables_that_are_read_are_kept(client, company) -> None:
    for table in ("order", "customer", "vehicle"):
        assert deliver(client, body_for(company.shopmonkey_id, table=table)).status_code == 200
    assert stored() == 3


@pytest.mark.parametrize("style", ["v1-base64", "v1-hex", "base64", "hex"])
def test_each_signature_style_is_taken(client, company, style: str) -> None:
    assert deliver(client, body_for(company.shopmonkey_id), style=style).status_code == 200


def test_the_same_delivery_twice_is_stored_once(client, company) -> None:
    body = body_for(company.shopmonkey_id)
    headers = headers_for(body)
    for _ in range(3):
        assert client.post("/webhooks/shopmonkey", data=body, headers=headers).status_code == 200
    assert stored() == 1


def test_the_same_change_by_two_webhooks_is_stored_once_and_a_new_version_again(client, company) -> None:
    account = company.shopmonkey_id
    assert deliver(client, body_for(account, version=1), delivery="wh_a").status_code == 200
    assert deliver(client, body_for(account, version=1), delivery="wh_b").status_code == 200
    assert stored() == 1
    assert deliver(client, body_for(account, version=2), delivery="wh_c").status_code == 200
    assert deliver(client, body_for(account, version=2, operation="UPDATE"), delivery="wh_d").status_code == 200
    assert stored() == 3


def test_without_a_version_the_change_date_and_then_the_data_tell_changes_apart(client, company) -> None:
    account = company.shopmonkey_id
    for name, date in (("a", "2026-11-02"), ("b", "2026-11-02"), ("c", "2026-11-03"), ("d", None), ("e", None)):
        more = {"meta": None, "name": name, **({"updatedDate": date} if date else {})}
        assert deliver(client, body_for(account, data=more)).status_code == 200
    assert stored() == 4


def test_a_secret_of_the_company_wins_over_the_environments(client, company) -> None:
    senders().default_secret = "the-environments-secret"
    try:
        body = body_for(company.shopmonkey_id)
        assert deliver(client, body, secret="the-environments-secret").status_code == 401
        assert deliver(client, body_for("unknown-company"), secret="the-environments-secret").status_code == 200
    finally:
        senders().default_secret = ""
    event = db.session.scalars(select(WebhookEvent)).one()
    assert (event.account, event.company_id) == ("unknown-company", None)


def test_without_any_secret_nothing_is_believed(client, company) -> None:
    body = body_for("unknown-company")
    assert deliver(client, body, secret="").status_code == 401
    assert stored() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another-secret"},
        {"at": int(time.time()) - 400},
        {"webhook-id": "wh_swapped"},
        {"webhook-signature": ""},
        {"webhook-timestamp": "now"},
    ],
)
def test_a_bad_signature_is_401_and_leaves_nothing(client, company, wrong) -> None:
    assert deliver(client, body_for(company.shopmonkey_id), **wrong).status_code == 401
    assert stored() == 0


def test_a_changed_body_is_401(client, company) -> None:
    body = body_for(company.shopmonkey_id)
    headers = headers_for(body)
    assert client.post("/webhooks/shopmonkey", data=body + b" ", headers=headers).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b"null", b"[" * 5000])
def test_garbage_is_400(client, company, body: bytes) -> None:
    assert deliver(client, body).status_code == 400
    assert stored() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"table": None},
        {"operation": ""},
        {"table": 7},
        {"table": "x" * 300},
        {"data": {"id": None}},
        {"data": {"id": ""}},
    ],
)
def test_a_signed_body_with_a_missing_field_is_400(client, company, change) -> None:
    assert deliver(client, body_for(company.shopmonkey_id, **change)).status_code == 400
    assert stored() == 0


def test_a_body_over_one_megabyte_is_refused(client, company) -> None:
    body = body_for(company.shopmonkey_id, data={"note": "x" * 1024 * 1024})
    assert deliver(client, body).status_code == 413


@pytest.mark.parametrize("note", ["a\x00b", "\\u0000", "\\\x00", "\\\\u0000\x00"])
def test_characters_that_postgresql_cannot_hold_do_not_lose_the_delivery(client, company, note: str) -> None:
    assert deliver(client, body_for(company.shopmonkey_id, data={"number": note})).status_code == 200
    assert db.session.scalars(select(WebhookEvent)).one().payload["data"]["number"] == note.replace("\x00", "")


def test_another_webhook_version_is_kept_parked_with_its_reason(client, company) -> None:
    old = json.dumps({"costCents": 5, "data": {"companyId": company.shopmonkey_id, "costCents": 7}}).encode()
    assert deliver(client, old, **{"webhook-version": "2"}).status_code == 200
    event = db.session.scalars(select(WebhookEvent)).one()
    assert (event.status, event.payload) == ("parked", {"data": {"companyId": company.shopmonkey_id}})
    assert "version 2" in event.last_error


def test_storage_down_is_503_so_that_shopmonkey_tries_again(app, client, company) -> None:
    body = body_for(company.shopmonkey_id)
    senders().of(company.shopmonkey_id)
    engines = db.engines
    working = engines[None]
    engines[None] = create_engine("postgresql+psycopg2://nobody@127.0.0.1:9/none")
    db.session.remove()
    try:
        answer = deliver(client, body)
        senders().forget()
        cold = deliver(client, body)
    finally:
        engines[None].dispose()
        engines[None] = working
        db.session.remove()
    assert (answer.status_code, cold.status_code) == (503, 503)
    assert answer.headers["Retry-After"]


def test_a_connection_that_died_in_the_pool_costs_nothing(live_app) -> None:
    make_company(shopmonkey_id="co", shopmonkey_webhook_secret=SECRET)
    db.session.commit()
    client = live_app.test_client()
    assert deliver(client, body_for("co", "o1")).status_code == 200
    db.session.remove()
    killer = create_engine(live_app.config["SQLALCHEMY_DATABASE_URI"])
    with killer.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        connection.exec_driver_sql(f"{others} AND pid <> pg_backend_pid()")
    killer.dispose()
    assert deliver(client, body_for("co", "o2")).status_code == 200


def test_a_stored_delivery_wakes_the_worker_and_a_repeated_one_does_not(live_app) -> None:
    make_company(shopmonkey_id="co", shopmonkey_webhook_secret=SECRET)
    db.session.commit()
    client = live_app.test_client()
    with listening(db.engine, WAKE) as heard:
        for _ in range(2):
            assert deliver(client, body_for("co", "o1")).status_code == 200
        assert heard() == ["webhooks"]


def test_only_post_is_answered(client) -> None:
    assert client.get("/webhooks/shopmonkey").status_code == 405


@pytest.mark.parametrize("depth", [150, 600, 900])
def test_a_body_nested_too_deep_to_be_written_again_is_400(client, company, depth: int) -> None:
    for version in (1, None):
        nested = json.loads("[" * depth + "]" * depth)
        body = body_for(company.shopmonkey_id, version=version, data={"nested": nested})
        assert deliver(client, body).status_code == 400
    assert stored() == 0


def test_a_body_nested_as_deep_as_ours_ever_are_is_stored(client, company) -> None:
    assert deliver(client, body_for(company.shopmonkey_id, data={"nested": [[[[{"a": [1]}]]]]})).status_code == 200
