"""The stand-in's calendar, written by our own client: what it refuses, drops, hides, and loses on the way back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests

from app.shopmonkey import ShopMonkey, ShopMonkeyError
from tests.conftest import fresh_database_url
from tests.wire.stand_in import KEY, StandIn, stand_in

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
VISIT = {
    "name": "Ceramic tint",
    "color": "blue",
    "startDate": "2026-11-10T13:00:00.000-05:00",
    "endDate": "2026-11-10T15:00:00.000-05:00",
    "orderId": "o-1",
    "note": "Booked in the chat",
    "sendConfirmation": False,
    "metadata": {"visit": "v-1"},
}


@pytest.fixture(scope="module")
def running() -> Iterator[StandIn]:
    with fresh_database_url() as url, stand_in(url) as server:
        yield server


@pytest.fixture
def server(running: StandIn) -> StandIn:
    running.behave(fresh=True)
    return running


@pytest.fixture
def client(server: StandIn) -> Iterator[ShopMonkey]:
    made = server.client(timeout=5, sleep=lambda seconds: None)
    yield made
    made.session.close()


def on(order_id: str, **given: object) -> dict[str, object]:
    return {**VISIT, "orderId": order_id, **given}


def ask(server: StandIn, method: str, path: str, **given: object) -> requests.Response:
    headers = {"Authorization": f"Bearer {KEY}"}
    return requests.request(method, f"{server.url}/v3{path}", headers=headers, timeout=5, **given)


def test_a_visit_is_booked_found_moved_and_taken_off(client: ShopMonkey) -> None:
    booked = client.create_appointment(VISIT)
    assert booked.starts_at == datetime(2026, 11, 10, 18, tzinfo=UTC)
    [found] = client.appointments_of_order("o-1")
    assert (found.id, found.metadata, found.note) == (booked.id, {"visit": "v-1"}, "Booked in the chat")
    moved = client.update_appointment(booked.id, {"startDate": "2026-11-11T18:00:00.000Z"})
    assert moved.starts_at == datetime(2026, 11, 11, 18, tzinfo=UTC)
    assert moved.ends_at == booked.ends_at
    around = client.appointments_starting(moved.starts_at - timedelta(hours=1), moved.starts_at + timedelta(hours=1))
    assert [one.id for one in around] == [booked.id]
    client.cancel_appointment(booked.id)
    client.cancel_appointment(booked.id)
    assert [one.deleted for one in client.appointments_of_order("o-1")] == [True]


def test_a_key_that_may_not_delete_cancels(server: StandIn) -> None:
    server.allow("careful", mayDelete=False)
    careful = server.client("careful")
    booked = careful.create_appointment(on("o-2"))
    careful.cancel_appointment(booked.id)
    [left] = careful.appointments_of_order("o-2")
    assert (left.deleted, left.confirmation_status) == (False, "Declined")
    careful.session.close()


@pytest.mark.parametrize("missing", ["name", "color", "startDate", "endDate"])
def test_what_the_calendar_needs_is_refused_in_the_validators_words(client: ShopMonkey, missing: str) -> None:
    with pytest.raises(ShopMonkeyError, match=f"body must have required property '{missing}'") as caught:
        client.create_appointment({name: value for name, value in VISIT.items() if name != missing})
    assert (caught.value.permanent, caught.value.unknown) == (True, False)


def test_an_answer_that_is_lost_leaves_one_visit_and_says_that_it_may_have(server: StandIn, client: ShopMonkey) -> None:
    for number, way in enumerate(("502", "cut", "hang")):
        server.behave(lost=1.0, lost_as=way, hang_seconds=0.4)
        hasty = server.client(timeout=0.2, sleep=lambda seconds: None) if way == "hang" else client
        with pytest.raises(ShopMonkeyError) as caught:
            hasty.create_appointment(on(f"o-lost-{number}"))
        assert caught.value.unknown
        assert not caught.value.permanent
        server.behave(lost=0.0)
        assert len(client.appointments_of_order(f"o-lost-{number}")) == 1


def test_unknown_fields_and_the_wrong_technician_are_dropped_without_a_word(server: StandIn) -> None:
    body = on("o-3", title="no such field", technicianId="t-1")
    assert "title" not in ask(server, "POST", "/appointment", json=body).json()["data"]
    assert ask(server, "POST", "/appointment", json=body).json()["data"]["technicianIds"] == []
    server.behave(technician_dropped=False)
    assert ask(server, "POST", "/appointment", json=body).json()["data"]["technicianIds"] == ["t-1"]
    server.behave(unknown_dropped=False)
    assert ask(server, "POST", "/appointment", json=body).status_code == 400


def test_recurring_visits_are_hidden_from_all_but_the_web_calendar(server: StandIn, client: ShopMonkey) -> None:
    start = NOW + timedelta(days=400)
    dates = {"startDate": start.isoformat(), "endDate": (start + timedelta(hours=1)).isoformat()}
    weekly = client.create_appointment(on("o-4", rruleset="RRULE:FREQ=WEEKLY", **dates))
    assert client.appointments_of_order("o-4") == []
    assert client.appointments_starting(start, start) == []
    span = {"dateMin": start.isoformat(), "dateMax": (start + timedelta(days=1)).isoformat(), "technicians": []}
    shown = ask(server, "POST", "/appointment/search_replacement", json=span).json()["data"]
    assert [one["id"] for one in shown] == [weekly.id]
    server.behave(recurring_hidden=False)
    assert len(client.appointments_of_order("o-4")) == 1


def test_a_delete_with_a_json_type_and_no_body_is_refused(server: StandIn, client: ShopMonkey) -> None:
    booked = client.create_appointment(on("o-5"))
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    address = f"{server.url}/v3/appointment/{booked.id}"
    assert requests.delete(address, headers=headers, timeout=5).status_code == 400
    assert requests.delete(address, headers=headers, data="{}", timeout=5).status_code == 200


def test_a_vehicle_needs_its_size_and_contact_data_goes_in_lists(server: StandIn, client: ShopMonkey) -> None:
    assert ask(server, "POST", "/vehicle", json={"make": "Toyota"}).status_code == 400
    person = {"firstName": "Ann", "phone": "+19545550101", "emails": [{"email": "ann@example.com"}]}
    kept = ask(server, "POST", "/customer", json=person).json()["data"]
    seen = client.customer(kept["id"])
    assert (kept["phone"], [email.email for email in seen.emails]) == (None, ["ann@example.com"])
