"""What an order's lines say of prices. Pure.

Whether a line's total is before or after what is taken off or put on the whole order is not documented. Prices are told
only where it makes no difference: the lines add up to the order's own total, with or without its taxes (a price list is
before tax too), and nothing is taken off.
"""

from collections.abc import Sequence

from app.catalog.pricing import can_be_a_price
from app.leads.intake import Line
from app.shopmonkey import Order, OrderService


def lines_of(order: Order, services: Sequence[OrderService]) -> list[Line]:
    """The lines in their order, each with its price where that leaves no doubt."""
    there = [line for line in services if line.id and not line.deleted]
    there.sort(key=lambda line: (line.ordinal is None, line.ordinal or 0))
    sure = _adds_up(order, [line.total_cents or 0 for line in there])
    return [_line(line, sure) for line in there]


def _line(line: OrderService, sure: bool) -> Line:
    # A line of 0 is one that nobody has priced (ShopMonkey's own scheduler makes such lines), not a gift. One below
    # zero takes off from another line, and a slip of somebody's finger is no price to tell a customer.
    cents = line.total_cents if sure and can_be_a_price(line.total_cents) else None
    return Line(line.id, line.name or "Service", line.canned_service_id, cents, to_confirm=not sure)


def _adds_up(order: Order, cents: list[int]) -> bool:
    if order.discounted or any(one < 0 for one in cents):
        return False
    if order.total_cents is None:
        return not any(cents)
    return order.total_cents in (sum(cents), sum(cents) + order.taxes_cents)
