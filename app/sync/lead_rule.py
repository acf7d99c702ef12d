"""Which orders are leads. Pure."""

from dataclasses import dataclass

from app.shopmonkey import Order


@dataclass(frozen=True)
class Verdict:
    """Whether an order is a lead, and why (not), in words that staff can read."""

    is_lead: bool
    why: str


AGAINST = (
    ("deleted", "it is deleted"),
    ("archived", "it is archived"),
    ("paid", "it is paid"),
    ("invoiced", "it is invoiced"),
    ("authorized", "the customer has already authorized it"),
    ("imported", "it was imported from another system"),
)


def is_lead(order: Order) -> Verdict:
    """A quote that nobody has acted on yet is a lead. An order that already is one stays one whatever this says."""
    if order.status != "Estimate":
        return Verdict(False, f"its status is {order.status or 'unknown'}, not Estimate")
    for flag, why in AGAINST:
        if getattr(order, flag):
            return Verdict(False, why)
    return Verdict(True, "an estimate that nobody has acted on yet")
