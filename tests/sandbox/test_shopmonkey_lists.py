"""The stand-in's lists are as unreliable as the real ones: nothing that works here only by luck may be relied on."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from app.sandbox.shopmonkey import orders
from app.sandbox.shopmonkey.orders import Quote
from tests.sandbox.conftest import KEY, NOW

AUTH = {"Authorization": f"Bearer {KEY}"}
BASE = "/sandbox/shopmonkey/v3"
LONG_AGO = NOW - timedelta(days=4000)
CAMRY = {"year": 2021, "make": "Toyota", "model": "Camry", "type": "Sedan"}


def ask(visitor: FlaskClient, path: str, **asked: object):
    return visitor.get(f"{BASE}{path}?{urlencode(asked, doseq=True)}", headers=AUTH)


def old_orders(count: int) -> set[str]:
    """Orders of a day of their own, ten years back."""
    quote = Quote("boulder", {"firstName": "Ann"}, CAMRY, (), "New Quote", {})
    return {orders.place(quote, LONG_AGO + timedelta(seconds=number))["id"] for number in range(count)}


@pytest.fixture
def window(visitor: FlaskClient) -> dict[str, str]:
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    until = LONG_AGO + timedelta(hours=1)
    return {"gte": LONG_AGO.strftime(stamp), "lte": until.strftime(stamp)}


def test_a_limit_over_a_hundred_is_silently_a_hundred(visitor: FlaskClient) -> None:
    answer = ask(visitor, "/canned_service", limit=500).json
    assert len(answer["data"]) == 100
    assert answer["meta"] == {"total": 200, "hasMore": True}


def test_identical_calls_come_in_different_orders(visitor: FlaskClient) -> None:
    pages = [[row["id"] for row in ask(visitor, "/canned_service", limit=50).json["data"]] for _ in range(3)]
    assert len({tuple(page) for page in pages}) == 3
    assert len({frozenset(page) for page in pages}) == 3


def test_past_the_end_there_is_nothing_and_the_total_stays(visitor: FlaskClient) -> None:
    answer = ask(visitor, "/location", skip=10).json
    assert answer["data"] == []
    assert answer["meta"] == {"total": 2, "hasMore": False}


def test_offset_is_ignored(visitor: FlaskClient) -> None:
    assert len(ask(visitor, "/location", offset=10).json["data"]) == 2


def test_only_bare_operators_bound_a_list(visitor: FlaskClient, window: dict[str, str]) -> None:
    made = old_orders(3)
    bare = ask(visitor, "/order", limit=100, where=json.dumps({"createdDate": window})).json
    assert {row["id"] for row in bare["data"]} >= made
    assert all(row["createdDate"] <= window["lte"] for row in bare["data"])
    dollars = {f"${name}": value for name, value in window.items()}
    ignored = ask(visitor, "/order", limit=100, where=json.dumps({"createdDate": dollars})).json
    assert ignored["meta"]["total"] > bare["meta"]["total"]


def test_equality_works_on_top_level_fields_but_not_on_contact_data(visitor: FlaskClient) -> None:
    one = ask(visitor, "/canned_service", where=json.dumps({"name": "Pet Hair Removal"})).json
    assert one["meta"]["total"] == 2
    everyone = ask(visitor, "/customer").json["meta"]["total"]
    assert (
        ask(visitor, "/customer", where=json.dumps({"email": "nobody@example.com"})).json["meta"]["total"] == everyone
    )


def test_a_store_sees_its_own_services(visitor: FlaskClient) -> None:
    store = ask(visitor, "/location").json["data"][0]
    answer = ask(visitor, "/canned_service", locationId=store["id"], limit=100).json
    assert answer["meta"]["total"] == 100
    assert {row["locationId"] for row in answer["data"]} == {store["id"]}


@pytest.mark.parametrize(
    "asked",
    [
        {"orderby": "id"},
        {"limit": "many"},
        {"limit": 0},
        {"where": "{broken"},
        {"where": json.dumps({"createdDate": {"gte": "yesterday"}})},
        {"ids": [str(number) for number in range(21)]},
    ],
)
def test_odd_queries_are_refused_in_the_validators_words(visitor: FlaskClient, asked: dict[str, object]) -> None:
    answer = ask(visitor, "/order", **asked)
    assert answer.status_code == 400
    assert answer.json["success"] is False
    assert answer.json["message"].startswith("querystring")


def test_twenty_ids_are_taken(visitor: FlaskClient) -> None:
    stores = [row["id"] for row in ask(visitor, "/location").json["data"]]
    found = ask(visitor, "/location", ids=[stores[0], *("x" for _ in range(19))]).json["data"]
    assert [row["id"] for row in found] == [stores[0]]
