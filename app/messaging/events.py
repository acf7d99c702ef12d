"""What became of a delivery, and of a consent. Published in the transaction that writes it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeliverySent:
    """The provider took it."""

    delivery_id: int
    lead_id: int | None


@dataclass(frozen=True)
class DeliveryNotSent:
    """The fence held it back for good; the delivery's `reason` says why."""

    delivery_id: int
    lead_id: int | None
    reason: str


@dataclass(frozen=True)
class DeliveryPostponed:
    """It stays queued and may be tried again from the delivery's `not_before` on."""

    delivery_id: int
    lead_id: int | None
    reason: str


@dataclass(frozen=True)
class DeliveryFailed:
    """The provider refused it for good."""

    delivery_id: int
    lead_id: int | None
    reason: str
    code: str | None = None


@dataclass(frozen=True)
class DeliveryUnknown:
    """Nobody can say whether it went out: it counts as sent, is shown, and is never sent again by itself."""

    delivery_id: int
    lead_id: int | None
    reason: str


@dataclass(frozen=True)
class ConsentChanged:
    """An address of a company said yes (`opt_in`) or no (`opt_out`) to a channel; `scope` says how far it reaches.

    Published under the address's lock: a reaction writes rows and locks no lead.
    """

    company_id: int
    location_id: int | None
    channel: str
    address: str
    kind: str
    scope: str
