"""Finding services by what customers say."""

import pytest

from app.catalog.search import by_category, search, services_of
from app.lib import clock
from tests.factories.catalog import make_service
from tests.factories.locations import make_location


@pytest.fixture
def store(app):
    store = make_location()
    make_service(store, name="Ceramic Tint, Full Car")
    make_service(store, name="Fleet Ceramic Tint", kind="ask", low_cents=None)
    make_service(store, name="Spray-on Bedliner, Standard Bed", category="Truck Bedliners", description="")
    make_service(store, name="Full Front Clear Film", category="Paint Protection Film", description="")
    make_service(store, name="Remote Starter", category="Remote Starters", description="Warm on cold mornings.")
    return store


def names(store, query, **limit):
    return [service.name for service in search(services_of(store.id), query, **limit)]


def test_what_was_asked_for_comes_before_what_is_more_special(store):
    assert names(store, "ceramic tint full car")[:2] == ["Ceramic Tint, Full Car", "Fleet Ceramic Tint"]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("How much is a bedliner for my truck?", "Spray-on Bedliner, Standard Bed"),
        ("ppf", "Full Front Clear Film"),
        ("remote starters", "Remote Starter"),
        ("CERAMIC TINTING", "Ceramic Tint, Full Car"),
    ],
)
def test_customers_find_services_in_their_own_words(store, query, best):
    assert names(store, query)[0] == best


@pytest.mark.parametrize("query", ["", "how much is it for my car?", "banana pancakes", "%"])
def test_nothing_is_found_for_words_that_tell_nothing(store, query):
    assert names(store, query) == []


def test_as_many_as_wanted(store):
    assert len(names(store, "ceramic tint", limit=1)) == 1


def test_a_store_offers_its_own_services_that_are_still_there(store):
    make_service(make_location(), name="Elsewhere")
    make_service(store, name="No longer", gone_at=clock.now())
    offered = {service.name for service in services_of(store.id)}
    assert offered.isdisjoint({"Elsewhere", "No longer"})
    assert len(offered) == 5


def test_the_catalogue_is_grouped_in_the_order_of_its_categories(store):
    groups = by_category(services_of(store.id))
    assert [category for category, _ in groups] == sorted(category for category, _ in groups)
    assert [service.name for service in dict(groups)["Ceramic Tint"]] == [
        "Ceramic Tint, Full Car",
        "Fleet Ceramic Tint",
    ]
