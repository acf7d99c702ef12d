"""Which companies the lanes of one worker are at, so that one whose ShopMonkey hangs does not take them all."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar


class OfCompany(Protocol):
    """A piece of work that belongs to a company."""

    @property
    def company_id(self) -> int: ...


Work = TypeVar("Work", bound=OfCompany)


class AtWork:
    """Lets at most `most` lanes be at one company.

    It is this worker's own memory: in the tables, what a killed worker left behind would count until its lease is over.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.lanes: Counter[int] = Counter()
        self.one_looks = threading.Lock()

    @contextmanager
    def on_next(
        self, claim: Callable[[Collection[int]], Work | None], apart_from: Collection[int]
    ) -> Iterator[Work | None]:
        """What `claim` finds apart from these companies and those that are full; it counts until the block ends."""
        with self.one_looks:
            full = {company_id for company_id, lanes in self.lanes.items() if lanes >= self.most}
            work = claim(full.union(apart_from))
            company_id = work.company_id if work is not None else None
            if company_id is not None:
                self.lanes[company_id] += 1
        try:
            yield work
        finally:
            if company_id is not None:
                with self.one_looks:
                    self.lanes[company_id] -= 1
