"""Whether a key is an account's at all. Another account's key would find none of its orders, and call them gone."""

import time
from collections.abc import Callable

from app.shopmonkey.port import ShopMonkeyPort, WrongKey

# A key that was refused may meanwhile have been given more locations.
ASKED_AGAIN = 600.0


class Membership:
    """Asked before every call; ShopMonkey is, until the key has shown whose it is."""

    def __init__(self, key: ShopMonkeyPort, account: str, now: Callable[[], float] = time.monotonic) -> None:
        self.key, self.account, self.now = key, account, now
        self.proven = False
        self.refused_until = float("-inf")

    def prove(self) -> None:
        """Return where the key is the account's. Raises WrongKey, and ShopMonkeyError where it cannot be asked."""
        if self.proven:
            return
        if self.now() >= self.refused_until:
            self.proven = self.account in self._accounts()
            self.refused_until = self.now() + ASKED_AGAIN
        if not self.proven:
            raise WrongKey("This key belongs to another ShopMonkey account than the company's.")

    def _accounts(self) -> set[str | None]:
        """Every object names its account; what the status says of it is not documented."""
        shown = {one.company_id for one in self.key.locations()} - {None}
        return shown or {self.key.key_status().company_id}
