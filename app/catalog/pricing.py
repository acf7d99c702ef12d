"""What a price is, and which class of vehicle it holds for."""

from dataclasses import dataclass
from typing import TypeGuard

from app.lib import money

CLASSES = ("coupe", "sedan", "hatchback", "convertible", "wagon", "suv", "truck", "van")
# Nothing that a styling store sells costs less or more.
CHEAPEST_CENTS = 100
DEAREST_CENTS = 5_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """A price in cents. `kind` is exact, from, range, ask, or to_confirm (what ShopMonkey lists may mean two things).

    `low_cents` is None for ask and to_confirm, `high_cents` is set only for range.
    """

    kind: str
    low_cents: int | None
    high_cents: int | None
    currency: str = "USD"

    @property
    def told(self) -> bool:
        """Whether there is an amount that a customer may be told."""
        return self.kind in ("exact", "from", "range") and self.low_cents is not None

    @property
    def amounts(self) -> frozenset[int]:
        """Every amount in cents that naming this price may say."""
        if not self.told:
            return frozenset()
        return frozenset(cents for cents in (self.low_cents, self.high_cents) if cents is not None)

    @property
    def wording(self) -> str:
        """Finished wording, in English, safe to quote as it stands."""
        if self.kind == "to_confirm":
            return "price to be confirmed"
        if self.kind == "ask" or self.low_cents is None:
            return "price on request"
        low = money.wording(self.low_cents, self.currency)
        if self.kind == "range" and self.high_cents is not None:
            return f"{low} to {money.wording(self.high_cents, self.currency)}"
        return f"from {low}" if self.kind == "from" else low


def can_be_a_price(cents: int | None) -> TypeGuard[int]:
    """Whether anything that a styling store sells costs that much."""
    return cents is not None and CHEAPEST_CENTS <= cents <= DEAREST_CENTS


def vehicle_class(shopmonkey_type: str | None) -> str | None:
    """The price class of a ShopMonkey vehicle `type` ("SUV", "Sedan", …); None where the type tells none."""
    name = (shopmonkey_type or "").strip().lower()
    return name if name in CLASSES else {"crossover": "suv", "pickup": "truck", "minivan": "van"}.get(name)
