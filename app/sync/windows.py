"""Reading a stretch of time whole, through lists that are neither ordered nor complete. Pure.

ShopMonkey's walks repeat and drop rows (measured by ngsalmon/shopmonkey-api-quirks), so no list is walked: a window is
split until one call shows all of it, or several calls together do.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

from app.shopmonkey import Order, Page

NARROWEST = timedelta(seconds=1)
# How often a short window is looked at before it is split: each look shows other rows.
LOOKS = 4
# A window is split so that each part holds about this many of the hundred that a call shows: orders come in bursts.
AIM = 60
MOST_PARTS = 64

Ask = Callable[[datetime, datetime], Page]


def whole_windows(ask: Ask, since: datetime, until: datetime) -> Iterator[tuple[datetime, list[Order]]]:
    """The end of each window, in order of time, with all orders created in it. Holds one window's orders at a time."""
    open_windows = [(since, until)]
    while open_windows:
        start, end = open_windows.pop()
        page = ask(start, end)
        if page.complete:
            yield end, list(page.orders)
        elif page.total > 100 and end - start > NARROWEST:
            open_windows += reversed(_parts(start, end, ceil(page.total / AIM)))
        else:
            found, whole = _joined(ask, start, end, page)
            # `total` is known to count too much at times: a second that never adds up must not stop polling for good.
            if whole or end - start <= NARROWEST:
                yield end, found
            else:
                open_windows += reversed(_parts(start, end, 2))


def _joined(ask: Ask, start: datetime, end: datetime, first: Page) -> tuple[list[Order], bool]:
    """What several looks showed together, and whether it is all."""
    found = {order.id: order for order in first.orders}
    for _ in range(LOOKS - 1):
        page = ask(start, end)
        found.update({order.id: order for order in page.orders})
        if len(found) >= page.total:
            return list(found.values()), True
    return list(found.values()), False


def _parts(start: datetime, end: datetime, parts: int) -> list[tuple[datetime, datetime]]:
    parts = max(2, min(parts, MOST_PARTS, ceil((end - start) / NARROWEST)))
    edges = [start + (end - start) * part / parts for part in range(parts)] + [end]
    return list(pairwise(edges))
