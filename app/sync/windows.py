"""Reading a stretch of time whole, through lists that are neither ordered nor complete. Pure.

ShopMonkey's walks repeat and drop rows (measured by ngsalmon/shopmonkey-api-quirks), so no list is walked: a window is
split until one call shows all of it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from app.shopmonkey import Order, Page

NARROWEST = timedelta(seconds=1)
LOOKS = 3

Ask = Callable[[datetime, datetime], Page]


def whole_windows(ask: Ask, since: datetime, until: datetime) -> Iterator[tuple[datetime, list[Order]]]:
    """The end of each window, in order of time, with all orders created in it."""
    open_windows = [(since, until)]
    while open_windows:
        start, end = open_windows.pop()
        page = ask(start, end)
        if page.complete:
            yield end, list(page.orders)
        elif end - start <= NARROWEST:
            yield end, _joined(ask, start, end, page)
        else:
            middle = start + (end - start) / 2
            open_windows += [(middle, end), (start, middle)]


def _joined(ask: Ask, start: datetime, end: datetime, first: Page) -> list[Order]:
    # `total` is known to count too much at times: a second that never adds up must not stop polling for good.
    found = {order.id: order for order in first.orders}
    for _ in range(LOOKS):
        found.update({order.id: order for order in ask(start, end).orders})
    return list(found.values())
