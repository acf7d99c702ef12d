"""What happened to a lead, told to the rooms above in the same transaction."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LeadCreated:
    """A lead came in. Its customer may still be unknown; then LeadCustomerKnown follows."""

    lead_id: int


@dataclass(frozen=True)
class LeadCustomerKnown:
    """A lead that came in without a customer has one now, and so an address."""

    lead_id: int


@dataclass(frozen=True)
class LeadMoved:
    """The lead stands at another open stage."""

    lead_id: int
    stage: str


@dataclass(frozen=True)
class LeadClosed:
    """The lead is won or lost: nothing more goes out by itself."""

    lead_id: int
    stage: str
    reason: str


@dataclass(frozen=True)
class LeadChangedStore:
    """The lead belongs to another store of the company now."""

    lead_id: int
    location_id: int


@dataclass(frozen=True)
class LeadEngaged:
    """The customer wrote for the first time, or again after the lead was lost."""

    lead_id: int
    was_lost: bool


@dataclass(frozen=True)
class AdvisorTexted:
    """Somebody at the shop wrote to the customer from ShopMonkey."""

    lead_id: int
