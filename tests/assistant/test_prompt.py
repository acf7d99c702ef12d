"""What a model is told."""

from datetime import UTC, date, datetime, time, timedelta

from flask import Flask

from app.ai.port import AssistantTurn, CustomerTurn
from app.assistant.brief import forget_stores, lead_brief, store_brief
from app.assistant.facts import Learned
from app.assistant.prompt import build_prompt, turns_of
from app.assistant.toolbox import Toolbox
from app.assistant.tooling import Desk
from app.db import db
from app.leads.models import RequestedService
from app.lib import clock
from app.locations.days import add_special_days
from app.locations.models import OpeningHours
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def test_two_leads_of_a_store_share_the_cached_part(app: Flask) -> None:
    forget_stores()
    location = make_location()
    make_service(location)
    maria, dan = make_lead(location), make_lead(location, order_name="New Quote PPF")
    first = build_prompt(store_brief(location.id), lead_brief(maria.id), (), NOW)
    second = build_prompt(store_brief(location.id), lead_brief(dan.id), (), NOW)
    assert first.system[:2] == second.system[:2]
    assert first.cache_key == second.cache_key
    assert first.safety_id != second.safety_id
    assert maria.public_id not in str(first)


def test_the_prompt_names_no_catalogue_price(app: Flask) -> None:
    forget_stores()
    location = make_location()
    make_service(location, low_cents=77700)
    lead = make_lead(location)
    built = build_prompt(store_brief(location.id), lead_brief(lead.id), (), NOW)
    assert "Ceramic Tint, Full Car" in built.system[1]
    assert "777" not in str(built.system)


def test_the_order_s_own_quote_is_told_and_proven(app: Flask) -> None:
    forget_stores()
    location = make_location()
    lead = make_lead(location)
    lead.services = [RequestedService(shopmonkey_id="l1", name="Tint", price_cents=35000)]
    db.session.flush()
    brief = lead_brief(lead.id)
    assert brief.quoted_amounts == {35000}
    assert "Tint ($350)" in build_prompt(store_brief(location.id), brief, (), NOW).system[2]


def test_lines_of_the_order_that_share_a_name_keep_their_own_prices(app: Flask) -> None:
    lead = make_lead(make_location())
    lines = [("Tint", 35000), ("Tint", 12000), ("Wash", None)]
    lead.services = [
        RequestedService(shopmonkey_id=f"l{at}", name=name, price_cents=cents, position=at)
        for at, (name, cents) in enumerate(lines)
    ]
    db.session.flush()
    told = lead_brief(lead.id).quote_wording("USD")
    assert told == "Tint ($350); Tint ($120); Wash (no price on the order)"


def test_a_closure_is_told_and_wins_over_the_week(app: Flask) -> None:
    forget_stores()
    location = make_location()
    weekday = NOW.weekday()
    location.hours = [OpeningHours(weekday=weekday, opens=time(9), closes=time(18))]
    add_special_days(location.id, "Inventory", NOW.date(), NOW.date() + timedelta(days=1))
    add_special_days(location.id, "Late night", date(2026, 12, 23), date(2026, 12, 23), [(time(12), time(21, 30))])
    lead = make_lead(location)
    with clock.standing_at(NOW):
        store = store_brief(location.id)
    told = build_prompt(store, lead_brief(lead.id), (), NOW).system
    assert "Monday, November 23, 2026 to Tuesday, November 24, 2026 (Inventory): closed" in told[1]
    assert "Wednesday, December 23, 2026 (Late night): 12 PM to 9:30 PM" in told[1]
    assert "Opens Monday at 9 AM" in told[2]
    assert "Open until" not in told[2]


def test_turns_join_bursts_and_mark_what_staff_said() -> None:
    turns = turns_of(
        [("assistant", "Hi!"), ("customer", "One"), ("customer", "Two"), ("system", "Alex joined."), ("staff", "Hello")]
    )
    assert turns == (CustomerTurn("One\n\nTwo"), AssistantTurn("[A person of the store wrote:] Hello"))


def box(app: Flask, asked: list[str] | None = None) -> tuple[Toolbox, int, int]:
    forget_stores()
    location, stranger = make_location(), make_location(name="Other store")
    mine = make_service(location, by_class={"sedan": 39900, "suv": 49900}, kind="from")
    other = make_service(stranger, name="Secret Tint", low_cents=100)
    lead = make_lead(location)
    db.session.commit()
    reasons = asked if asked is not None else []
    desk = Desk(store_brief(location.id), lead_brief(lead.id), NOW, lambda reason: not reasons.append(reason))
    toolbox = Toolbox(desk)
    return toolbox, mine.id, other.id


def test_a_price_is_the_vehicles_own_and_thereby_proven(app: Flask) -> None:
    toolbox, mine, _ = box(app)
    found = toolbox.call("price_for_vehicle", {"service_id": mine})
    assert found.content == "Ceramic Tint, Full Car for 2021 Toyota Camry: $399."
    assert [(fact.service_id, fact.vehicle_class, fact.price.low_cents) for fact in found.learned.prices] == [
        (mine, "sedan", 39900)
    ]


def test_another_stores_service_is_out_of_reach(app: Flask) -> None:
    toolbox, _, other = box(app)
    assert "No service" in toolbox.call("price_for_vehicle", {"service_id": other}).content
    assert "Secret" not in toolbox.call("search_services", {"query": "secret tint"}).content


def test_odd_calls_get_words_not_errors(app: Flask) -> None:
    toolbox, _, _ = box(app)
    for name, arguments in [
        ("price_for_vehicle", {"service_id": "1; drop"}),
        ("price_for_vehicle", {"service_id": 10**30}),
        ("price_for_vehicle", {}),
        ("search_services", {"query": None}),
        ("book_slot", {}),
        ("quote_total", {"service_ids": ["1", None, 10**30]}),
        ("quote_total", {"service_ids": 7}),
    ]:
        assert toolbox.call(name, arguments).learned == Learned()


def test_asking_for_a_person_calls_the_team_with_the_reason(app: Flask) -> None:
    asked: list[str] = []
    toolbox, _, _ = box(app, asked)
    assert "has been asked" in toolbox.call("hand_over", {"reason": "wants to book"}).content
    assert asked == ["wants to book"]


def test_store_facts_are_finished_wording(app: Flask) -> None:
    toolbox, _, _ = box(app)
    told = toolbox.call("store_facts", {}).content
    assert "Monday 9 AM to 6 PM" in told
    assert "Sunday closed" in told
    assert "100 Atlantic Blvd" in told
