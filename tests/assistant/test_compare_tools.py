"""Two or three services side by side, for this customer's vehicle."""

from dataclasses import replace

import pytest

from app.assistant.brief import forget_stores, lead_brief, store_brief
from app.assistant.compare_tools import compare_options
from app.assistant.tooling import Desk
from tests.factories.booking import NOW
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location


@pytest.fixture
def desk(app) -> Desk:
    forget_stores()
    store = make_location()
    lead = make_lead(store)
    return Desk(store_brief(store.id), lead_brief(lead.id), NOW, lambda reason: True)


@pytest.fixture
def services(desk) -> list[int]:
    from app.db import db
    from app.locations.models import Location

    store = db.session.get_one(Location, desk.store.location_id)
    made = (
        make_service(store, by_class={"sedan": 39900, "suv": 47900}),
        make_service(store, name="Carbon Tint", kind="from", low_cents=22900, description="", duration_minutes=90),
        make_service(store, name="Fleet Tint", kind="ask", low_cents=None, description="", duration_minutes=None),
    )
    return [service.id for service in made]


def test_each_is_told_with_price_and_duration_the_cheapest_first(desk, services) -> None:
    outcome = compare_options(desk, {"service_ids": services})
    assert outcome.content.splitlines() == [
        "Side by side for 2021 Toyota Camry:",
        "- Carbon Tint: from $229 | about 1.5 h",
        "- Ceramic Tint, Full Car: $399 | about 3 h | Ceramic film on all side windows and the rear glass.",
        "- Fleet Tint: price on request",
    ]
    assert {fact.service_id for fact in outcome.learned.prices} == set(services[:2])


@pytest.mark.parametrize("given", [None, "all", [], [1], [1, 1], [1, 2, 3, 4], ["1", 2], [-1, 2**70]])
def test_odd_arguments_get_words(desk, services, given) -> None:
    ids = [services[one - 1] if isinstance(one, int) and 0 < one < 4 else one for one in given or []]
    told = compare_options(desk, {"service_ids": ids if isinstance(given, list) else given})
    assert told.content.startswith("Give the ids of two or three")
    assert not told.learned.prices


def test_another_store_s_services_are_not_compared(desk, services) -> None:
    other = make_service(make_location())
    assert compare_options(desk, {"service_ids": [services[0], other.id]}).content.startswith("Give the ids")


def test_an_unknown_vehicle_is_said(desk, services) -> None:
    unknown = replace(desk, lead=replace(desk.lead, vehicle_name="", vehicle_class=None))
    assert "a vehicle that is not known yet" in compare_options(unknown, {"service_ids": services[:2]}).content
