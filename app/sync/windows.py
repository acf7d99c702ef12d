"""Reading a stretch of time whole, through lists that are neither ordered nor complete. Pure.

ShopMonkey's walks repeat and drop rows (measured by ngsalmon/shopmonkey-api-quirks), so no list is walked: a window is
split until one call can show all of it, and looked at until one does, or several calls together do.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

from app.shopmonkey import Order, Page

# What one call shows at most.
MOST_SHOWN = 100
# Orders' times are told to the millisecond: whatever shares one cannot be told apart by time.
NARROWEST = timedelta(milliseconds=1)
# A window is split so that each part holds about this many of the hundred that a call shows: orders come in bursts.
AIM = 60
MOST_PARTS = 64
# `total` is known to count too much at times. Two looks in a row that both showed every row known by then leave no
# doubt; while looks leave rows out, as many more as make a miss a matter of one in ten thousand: a row that each look
# shows with a chance of 100 in `total` is missed by 9 * total / 100 looks that often.
SURE, QUIET = 2, 9
MOST_LOOKS = 30

Ask = Callable[[datetime, datetime], Page]


@dataclass(frozen=True, slots=True)
class Window:
    """All orders created until `end`, since the window before. `total` is how many ShopMonkey counts.

    Not `whole`: there are surely others, which no look has shown.
    """

    end: datetime
    orders: list[Order]
    total: int
    whole: bool = True


def whole_windows(ask: Ask, since: datetime, until: datetime) -> Iterator[Window]:
    """Windows in order of time, without a gap. Holds one window's orders at a time."""
    open_windows = [(since, until)]
    while open_windows:
        start, end = open_windows.pop()
        page = ask(start, end)
        if page.complete:
            yield Window(end, list(page.orders), page.total)
        elif page.total > MOST_SHOWN and end - start > NARROWEST:
            open_windows += reversed(_parts(start, end, ceil(page.total / AIM)))
        else:
            yield _joined(ask, start, end, page)


def _joined(ask: Ask, start: datetime, end: datetime, page: Page) -> Window:
    """What several looks showed together. A shorter window would show no more: one call could show all of this one."""
    found = {order.id: order for order in page.orders}
    hundreds, quiet, sure = max(1, ceil(page.total / MOST_SHOWN)), 0, 0
    for _ in range(MOST_LOOKS * hundreds):
        page = ask(start, end)
        before = len(found)
        found.update({order.id: order for order in page.orders})
        nothing_new = len(found) == before
        quiet = quiet + 1 if nothing_new else 0
        sure = sure + 1 if nothing_new and len(page.orders) == before else 0
        if len(found) >= page.total or sure >= SURE or quiet >= QUIET * hundreds:
            # Looks that only ever show the same hundred of more say nothing of the others.
            whole = page.total <= MOST_SHOWN or len(found) > MOST_SHOWN
            return Window(end, list(found.values()), page.total, whole)
    return Window(end, list(found.values()), page.total, whole=False)


def _parts(start: datetime, end: datetime, parts: int) -> list[tuple[datetime, datetime]]:
    parts = max(2, min(parts, MOST_PARTS, ceil((end - start) / NARROWEST)))
    edges = [start + (end - start) * part / parts for part in range(parts)] + [end]
    return list(pairwise(edges))
