"""What the lead's own order prices is told where the whole order leaves no doubt of it."""

from datetime import UTC, datetime

import pytest

from app.chat.view import quote_of
from app.shopmonkey import Order, OrderService
from app.sync import take_order
from app.sync.quote_lines import lines_of

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


def priced(order: dict, *cents: object) -> list[tuple[int | None, bool]]:
    services = [
        OrderService.from_json({"id": f"s{number}", "name": "Tint", "totalCents": one, "ordinal": number})
        for number, one in enumerate(cents)
    ]
    return [(line.price_cents, line.to_confirm) for line in lines_of(Order.from_json({"id": "o1", **order}), services)]


SURE = [(39900, False), (9900, False)]
DOUBTFUL = [(None, True), (None, True)]


@pytest.mark.parametrize(
    "order",
    [
        {"totalCostCents": 49800},
        {"totalCostCents": 49800, "discountCents": 0, "discountPercent": 0, "appliedDiscountCents": None},
        {"totalCostCents": 53286, "taxCents": 3486},
        {"totalCostCents": 56274, "gstCents": 2490, "pstCents": 3984},
        {"totalCostCents": 49800, "taxCents": 3486, "couponOrderDiscount": None},
    ],
)
def test_lines_that_add_up_to_the_order_with_or_without_its_taxes_are_told(order) -> None:
    assert priced(order, 39900, 9900) == SURE


@pytest.mark.parametrize(
    "order",
    [
        {"totalCostCents": 49800, "discountCents": 1},
        {"totalCostCents": 49800, "discountPercent": 10.0},
        {"totalCostCents": 49800, "appliedDiscountCents": 4980},
        {"totalCostCents": 49800, "couponOrderDiscount": {"id": "c1"}},
        {"totalCostCents": 44820},
        {"totalCostCents": 51294, "shopSuppliesCents": 1494},
        {"totalCostCents": 49801},
        {"totalCostCents": 0},
        {},
    ],
)
def test_what_is_taken_off_or_put_on_the_whole_order_leaves_its_lines_to_be_confirmed(order) -> None:
    assert priced(order, 39900, 9900) == DOUBTFUL


def test_a_line_that_takes_off_leaves_the_others_to_be_confirmed() -> None:
    assert priced({"totalCostCents": 34900}, 39900, -5000) == DOUBTFUL


@pytest.mark.parametrize("order", [{}, {"totalCostCents": 0}])
def test_an_order_that_prices_nothing_leaves_its_lines_to_the_price_list(order) -> None:
    assert priced(order, 0, None) == [(None, False), (None, False)]


def test_an_order_with_a_total_and_lines_without_prices_leaves_them_to_be_confirmed() -> None:
    assert priced({"totalCostCents": 39900}, 0) == [(None, True)]


def test_a_discounted_quote_says_that_its_price_is_to_be_confirmed_and_not_the_price_lists(sync) -> None:
    sync.quote(discountPercent=10, totalCostCents=35910)
    lead = take_order(sync.company, "o1", NOW)
    [line] = quote_of(lead)
    assert (line.wording, line.source) == ("price to be confirmed", "your quote")
    sync.quote(discountPercent=0, totalCostCents=39900)
    [line] = quote_of(take_order(sync.company, "o1", NOW))
    assert (line.wording, line.source) == ("$399", "your quote")
