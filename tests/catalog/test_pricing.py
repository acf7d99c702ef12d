"""What a price says, and for whom."""

import pytest

from app.catalog.pricing import Price, vehicle_class
from tests.factories.catalog import make_service
from tests.factories.locations import make_location


@pytest.mark.parametrize(
    ("price", "wording", "amounts"),
    [
        (Price("exact", 29900, None), "$299", {29900}),
        (Price("from", 29950, None), "from $299.50", {29950}),
        (Price("range", 34900, 154900), "$349 to $1,549", {34900, 154900}),
        (Price("ask", None, None), "price on request", set()),
        (Price("ask", 100, 200), "price on request", set()),
    ],
)
def test_a_price_words_what_it_is_and_names_no_other_amount(price, wording, amounts):
    assert price.wording == wording
    assert price.amounts == amounts


@pytest.mark.parametrize(
    ("said", "meant"),
    [("SUV", "suv"), (" Sedan ", "sedan"), ("Pickup", "truck"), ("Spaceship", None), ("", None), (None, None)],
)
def test_a_vehicle_falls_into_the_class_its_type_names(said, meant):
    assert vehicle_class(said) == meant


def test_the_price_for_a_class_wins_over_the_span_of_all(app):
    service = make_service(
        make_location(), kind="range", low_cents=34900, high_cents=54900, by_class={"sedan": 39900, "suv": 47900}
    )
    assert service.price_for("sedan").wording == "$399"
    assert service.price_for("van").wording == "$349 to $549"
    assert service.price_for(None).wording == "$349 to $549"
