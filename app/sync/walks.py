"""When a store's list of services has been walked often enough. Pure.

ShopMonkey's walks repeat and drop rows and come in any order (measured by ngsalmon/shopmonkey-api-quirks), and
`meta.total` is known to count too much: walks are joined by id until the promised number is there, or until several
walks in a row have shown nothing new.
"""

from dataclasses import dataclass

QUIET = 5
MOST = 40


@dataclass(frozen=True, slots=True)
class Walked:
    """How far it has come: `listed` different rows in `walks`, of which the last `quiet` ones showed nothing new."""

    walks: int = 0
    quiet: int = 0
    listed: int = 0
    total: int | None = None

    def then(self, listed: int, total: int) -> "Walked":
        """After one more walk, with `listed` different rows in all."""
        return Walked(self.walks + 1, 0 if listed > self.listed else self.quiet + 1, listed, total)

    @property
    def enough(self) -> bool:
        """Whether another walk is not worth its calls."""
        promised = self.walks > 0 and self.listed == self.total
        return promised or self.quiet >= QUIET or self.walks >= MOST
