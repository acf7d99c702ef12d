"""What others may want to know of stores."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoreAdded:
    """A ShopMonkey location is one of our stores from this transaction on."""

    location_id: int
    account: str
    shopmonkey_id: str
