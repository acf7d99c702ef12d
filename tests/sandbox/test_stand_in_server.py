"""The stand-in as a process of its own, asked by our own client: each bad manner can be switched on and met."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from app.shopmonkey import Page, ShopMonkey, ShopMonkeyError
from app.sync.windows import whole_windows
from tests.conftest import fresh_database_url
from tests.wire.stand_in import KEY, StandIn, stand_in

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
STORE = "store-1"


@pytest.fixture(scope="module")
def running() -> Iterator[StandIn]:
    with fresh_database_url() as url, stand_in(url) as server:
        server.put("location", [{"id": STORE, "name": "Boulder", "timezone": "America/Denver"}])
        server.put("canned_service", [service(number) for number in range(150)])
        server.put("order", [order(number) for number in range(300)])
        yield server


@pytest.fixture
def server(running: StandIn) -> StandIn:
    running.behave(fresh=True, seed=7)
    return running


@pytest.fixture
def client(server: StandIn) -> Iterator[ShopMonkey]:
    made = server.client(timeout=5, sleep=lambda seconds: None)
    yield made
    made.session.close()


def service(number: int, **given: object) -> dict[str, object]:
    named = {"id": f"cs-{number:03}", "name": f"Service {number}", "locationId": STORE, "bookable": number % 2 == 0}
    return {**named, "pricing": "FixedPrice", "fixedPriceCents": 10_000 + number, **given}


def order(number: int, **given: object) -> dict[str, object]:
    at = (NOW + timedelta(minutes=number)).isoformat()
    return {"id": f"o-{number:04}", "name": "New Quote", "locationId": STORE, "createdDate": at, **given}


def ask(server: StandIn, method: str, path: str, key: str = KEY, **given: object) -> requests.Response:
    headers = {"Authorization": f"Bearer {key}"}
    return requests.request(method, f"{server.url}/v3{path}", headers=headers, timeout=5, **given)


def test_a_walk_is_incomplete_until_lists_are_kept_in_order(server: StandIn, client: ShopMonkey) -> None:
    walks = [client.canned_services(STORE) for _ in range(3)]
    assert {walk.total for walk in walks} == {150}
    assert any(not walk.complete for walk in walks)
    server.behave(shuffled=False)
    assert client.canned_services(STORE).complete
    server.behave(missing=0.2)
    assert not client.canned_services(STORE).complete


def test_only_the_bookable_are_shown_when_asked_for(server: StandIn, client: ShopMonkey) -> None:
    server.behave(shuffled=False)
    walk = client.canned_services(STORE, bookable=True)
    assert (len(walk.services), walk.total) == (75, 75)


def test_a_total_may_count_too_many(server: StandIn, client: ShopMonkey) -> None:
    server.behave(overcount=3)
    page = client.orders_created(NOW, NOW + timedelta(minutes=9))
    assert (len(page.orders), page.total, page.complete) == (10, 13, False)


@pytest.mark.parametrize("manners", [{}, {"missing": 0.2}])
def test_a_total_that_always_counts_too_many_does_not_have_windows_split_without_end(
    server: StandIn, client: ShopMonkey, manners: dict[str, float]
) -> None:
    server.behave(overcount=1, **manners)
    calls: list[datetime] = []

    def counted(since: datetime, until: datetime) -> Page:
        calls.append(since)
        return client.orders_created(since, until)

    windows = list(whole_windows(counted, NOW - timedelta(hours=1), NOW + timedelta(minutes=150)))
    assert len({one.id for window in windows for one in window.orders}) == 151
    assert all(window.whole for window in windows)
    assert len(calls) <= (80 if manners else 20)


def test_a_window_of_time_is_whole_whatever_the_order(server: StandIn, client: ShopMonkey) -> None:
    page = client.orders_created(NOW, NOW + timedelta(minutes=99))
    assert page.complete
    assert len(page.orders) == 100
    assert client.orders_created(NOW, NOW + timedelta(minutes=150)).total == 151


def test_dollars_are_dropped_unless_switched(server: StandIn) -> None:
    where = '{"createdDate": {"$gte": "2099-01-01T00:00:00Z"}}'
    assert ask(server, "GET", "/order", params={"where": where}).json()["meta"]["total"] == 300
    server.behave(dollars_dropped=False)
    assert ask(server, "GET", "/order", params={"where": where}).json()["meta"]["total"] == 0


def test_orders_are_read_by_ids_twenty_at_a_time(server: StandIn, client: ShopMonkey) -> None:
    wanted = [f"o-{number:04}" for number in range(45)]
    assert {one.id for one in client.orders_by_ids([*wanted, "nobody"])} == set(wanted)
    refused = ask(server, "GET", "/order", params={"ids": wanted[:21]})
    assert refused.status_code == 400
    server.behave(ids_at_most=0)
    assert ask(server, "GET", "/order", params={"ids": wanted[:21]}).status_code == 200


def test_too_many_calls_a_minute_are_429_with_the_headers(server: StandIn) -> None:
    server.allow("hasty")
    server.behave(calls_a_minute=3)
    answers = [ask(server, "GET", "/location", key="hasty") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["X-RateLimit-Remaining-Minute"] for answer in answers] == ["2", "1", "0", "0", "0"]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 61
    assert "Retry-After" not in answers[0].headers


def test_a_revoked_key_is_refused_for_good(server: StandIn) -> None:
    server.allow("leaver")
    leaver = server.client("leaver")
    assert leaver.key_status()
    server.allow("leaver", revoked=True)
    with pytest.raises(ShopMonkeyError) as caught:
        leaver.key_status()
    assert caught.value.key_refused
    leaver.session.close()


def test_a_stores_own_key_reads_its_store_only(server: StandIn) -> None:
    server.put("location", [{"id": "store-2", "name": "Denver"}])
    server.allow("store-2-key", locationIds=["store-2"])
    own = server.client("store-2-key")
    assert [place.id for place in own.locations()] == ["store-2"]
    assert own.canned_services(STORE).services == ()
    with pytest.raises(ShopMonkeyError) as caught:
        own.order("o-0001")
    assert caught.value.gone
    own.session.close()


def test_failures_pass_and_the_firewall_is_no_verdict(server: StandIn, client: ShopMonkey) -> None:
    server.behave(failing=0.3, seed=1)
    assert len({client.order(f"o-{number:04}").id for number in range(8)}) == 8
    server.behave(failing=0.0, blocked=1.0)
    with pytest.raises(ShopMonkeyError, match="firewall") as caught:
        client.order("o-0001")
    assert not caught.value.permanent


def test_an_outage_answers_503(server: StandIn, client: ShopMonkey) -> None:
    server.behave(down=True)
    with pytest.raises(ShopMonkeyError) as caught:
        client.order("o-0001")
    assert (caught.value.status, caught.value.permanent) == (503, False)


def test_a_hang_ends_at_the_clients_patience(server: StandIn) -> None:
    server.behave(hanging=1.0, hang_seconds=0.6)
    hasty = server.client(timeout=0.2)
    with pytest.raises(ShopMonkeyError, match="Timeout"):
        hasty.order("o-0001")
    hasty.session.close()


def test_deleted_rows_stay_in_lists_until_switched(server: StandIn, client: ShopMonkey) -> None:
    server.put("location", [{"id": "store-3", "name": "Gone"}])
    ask(server, "DELETE", "/location/store-3", json={})
    assert client.location("store-3").deleted
    assert "store-3" in {place.id for place in client.locations() if place.deleted}
    server.behave(deleted_listed=False, deleted_is_404=True)
    assert "store-3" not in {place.id for place in client.locations()}
    with pytest.raises(ShopMonkeyError) as caught:
        client.location("store-3")
    assert caught.value.gone


def test_columns_are_a_stores_own(server: StandIn, client: ShopMonkey) -> None:
    server.put(
        "workflow_status",
        [{"id": f"{place}-leads", "name": "Website Leads", "locationId": place} for place in ("store-1", "store-2")],
    )
    assert [(column.id, column.name) for column in client.workflow_statuses(STORE)] == [
        ("store-1-leads", "Website Leads")
    ]


def test_a_service_changes_price_goes_and_comes_back_under_another_id(server: StandIn, client: ShopMonkey) -> None:
    made = ask(server, "POST", "/canned_service", json=service(900, locationId="store-2")).json()["data"]
    ask(server, "PUT", f"/canned_service/{made['id']}", json={"fixedPriceCents": 19_900})
    seen = client.canned_service(made["id"])
    assert (seen.fixed_price_cents, seen.total_cents) == (19_900, 19_900)
    assert seen.version > made["meta"]["version"]
    ask(server, "DELETE", f"/canned_service/{made['id']}", json={})
    assert client.canned_service(made["id"]).deleted
    again = ask(server, "POST", "/canned_service", json=service(900, locationId="store-2")).json()["data"]
    assert again["id"] != made["id"]


def test_limits_are_clamped_and_strange_parameters_refused_until_switched(server: StandIn) -> None:
    assert len(ask(server, "GET", "/order", params={"limit": 300}).json()["data"]) == 100
    assert ask(server, "GET", "/order", params={"orderby": "id"}).status_code == 400
    server.behave(clamped=False, orderby_refused=False)
    assert len(ask(server, "GET", "/order", params={"limit": 300, "orderby": "id"}).json()["data"]) == 300


def test_a_store_that_is_ignored_shows_strangers_services_and_we_leave_them_out(server: StandIn) -> None:
    server.behave(shuffled=False, location_ignored=True)
    server.put("canned_service", [service(990, id="stranger", locationId="store-9")])
    client = server.client()
    walk = client.canned_services(STORE)
    assert walk.complete
    assert "stranger" not in {one.id for one in walk.services}
    client.session.close()
    server.remove("canned_service", "stranger")


@pytest.mark.parametrize("odd", [{"no_such_switch": True}, {"failing": "often"}, {"down": 1}, {"calls_a_minute": True}])
def test_an_odd_switch_is_refused(server: StandIn, odd: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="400"):
        server.behave(**odd)


def test_the_same_seed_draws_the_same_page(server: StandIn) -> None:
    def page() -> list[str]:
        server.behave(seed=11)
        return [row["id"] for row in ask(server, "GET", "/order", params={"limit": 20}).json()["data"]]

    assert page() == page()
