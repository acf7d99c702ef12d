"""What failed while a company's keys or stores were asked one after the other. Pure."""

from app.shopmonkey import ShopMonkeyError

# One store whose answer always fails must not keep the others from being asked; so many in a row are no store's fault.
MOST_IN_A_ROW = 3


class Failures:
    """The first failure, and whether it is worth asking on."""

    def __init__(self) -> None:
        self.first: ShopMonkeyError | None = None
        self.in_a_row = 0

    @property
    def hopeless(self) -> bool:
        """Whether ShopMonkey is away for everybody: the rest waits for another time."""
        return self.in_a_row >= MOST_IN_A_ROW

    def went_well(self) -> None:
        """An answer came."""
        self.in_a_row = 0

    def add(self, error: ShopMonkeyError) -> None:
        """One failed. A refusal, and a limit, which is each key's own, say nothing of the others."""
        self.first = self.first or error
        self.in_a_row = self.in_a_row + 1 if error.unwell and error.status != 429 else 0
