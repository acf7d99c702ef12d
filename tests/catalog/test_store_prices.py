import pytest

from app.catalog.pricing import Price
from app.catalog.store_prices import PriceProblem, StorePrice


def test_a_price_keeps_only_what_its_kind_has_a_use_for():
    assert StorePrice("ask", 100, 200).checked() == StorePrice("ask")
    assert StorePrice("from", 19900, 5).checked() == StorePrice("from", 19900)
    assert StorePrice("range", 19900, 29900).checked() == StorePrice("range", 19900, 29900)


def test_prices_per_class_span_them_in_general():
    span = StorePrice("exact", by_class={"suv": 39900, "sedan": 29900}).checked()
    assert (span.kind, span.low_cents, span.high_cents) == ("range", 29900, 39900)
    same = StorePrice("range", by_class={"suv": 39900}).checked()
    assert (same.kind, same.low_cents, same.high_cents) == ("exact", 39900, None)


@pytest.mark.parametrize(
    ("price", "field"),
    [
        (StorePrice("exact"), "low"),
        (StorePrice("exact", 0), "low"),
        (StorePrice("from", 99), "low"),
        (StorePrice("range", 200, 200), "high"),
        (StorePrice("range", 200), "high"),
        (StorePrice("to_confirm", 200), "kind"),
        (StorePrice("range", by_class={"spaceship": 200}), "kind"),
        (StorePrice("range", by_class={"suv": -1}), "class_suv"),
        (StorePrice("exact", 5_000_001), "low"),
    ],
)
def test_a_price_that_cannot_stand_names_the_input_that_is_wrong(price, field):
    with pytest.raises(PriceProblem) as problem:
        price.checked()
    assert problem.value.field == field


def test_only_a_price_that_may_be_told_has_amounts():
    assert Price("to_confirm", 53500, None).amounts == frozenset()
    assert Price("to_confirm", None, None).wording == "price to be confirmed"
    assert Price("range", 100, 200).amounts == {100, 200}
