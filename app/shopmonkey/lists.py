"""What one look at a list showed. ShopMonkey's lists are neither ordered nor complete, so `total` is checked."""

from dataclasses import dataclass

from app.shopmonkey.payloads import CannedService, Order


@dataclass(frozen=True, slots=True)
class Page:
    """What one list call showed of the orders, and how many there are in all."""

    orders: tuple[Order, ...]
    total: int

    @property
    def complete(self) -> bool:
        """Whether the call showed all there is: more than 100 never come at once."""
        return self.total <= 100 and len(self.orders) == self.total


@dataclass(frozen=True, slots=True)
class Walk:
    """What one walk over a store's services showed, each once, and how many ShopMonkey says that there are."""

    services: tuple[CannedService, ...]
    total: int

    @property
    def complete(self) -> bool:
        """Whether the walk showed as many as promised."""
        return len(self.services) == self.total
