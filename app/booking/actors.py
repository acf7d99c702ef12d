"""Who does something to an appointment."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """`name` is what the timeline says: customer, assistant, system or a staff member's name.

    Staff are not bound to the rules that a store sets its customers; the assistant acts for the customer.
    """

    kind: Literal["customer", "assistant", "staff", "system"]
    name: str

    @property
    def is_staff(self) -> bool:
        """Whether the store's rules for customers do not bind."""
        return self.kind in ("staff", "system")


CUSTOMER = Actor("customer", "customer")
ASSISTANT = Actor("assistant", "assistant")
SYSTEM = Actor("system", "system")


def staff(name: str) -> Actor:
    """A member of staff."""
    return Actor("staff", name)
