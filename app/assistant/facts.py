"""What is true in one conversation: the proof holds every sentence to it. Facts come from tools, rows, and the "
"order."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from app.catalog.pricing import Price

# What may be claimed once it has been done: `Facts.claims` names them.
CLAIMS = ("held", "booked", "moved", "cancelled", "handed_over", "sent", "stopped")


@dataclass(frozen=True, slots=True)
class PriceFact:
    """What one service costs this customer. `listed` is the price list's newer price, where that differs.

    `service_id` is negative for a line of the customer's own order. `vehicle_class` is empty where the price depends
    on none, or none is known.
    """

    service_id: int
    name: str
    price: Price
    vehicle_class: str = ""
    listed: Price | None = None

    @property
    def wording(self) -> str:
        """Finished wording, with what the price list says now."""
        if self.listed is None:
            return self.price.wording
        now = f"is now {self.listed.wording}" if self.listed.told else "no longer names one"
        return (
            f"{self.price.wording}, as quoted earlier in this conversation (the price list has changed since and "
            f"{now}; "
            "this customer keeps the quoted price: say both)"
        )


@dataclass(frozen=True, slots=True)
class TotalFact:
    """What several services cost together, by the quote tool."""

    service_ids: tuple[int, ...]
    price: Price


@dataclass(frozen=True, slots=True)
class Learned:
    """What one tool, or one row, proves. `moments` are times at the store, without zone.

    `claims` are of CLAIMS; `asked` are the services that were asked about one by one. `appointments` are the moments
    that booked and moved claims may name. `harmless` are numbers that names carry, `durations` the minutes that work
    takes. `terms` are the store's own words on its terms of business, each with the service that they are about, or "".
    """

    prices: tuple[PriceFact, ...] = ()
    totals: tuple[TotalFact, ...] = ()
    claims: tuple[str, ...] = ()
    moments: tuple[datetime, ...] = ()
    appointments: tuple[datetime, ...] = ()
    asked: tuple[int, ...] = ()
    harmless: tuple[str, ...] = ()
    durations: tuple[int, ...] = ()
    terms: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As it is kept with a round of tools; empty parts are left out."""
        told = asdict(self)
        for name in ("moments", "appointments"):
            told[name] = [moment.isoformat() for moment in told[name]]
        return {name: value for name, value in told.items() if value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Learned":
        """The same from what was kept."""
        return cls(
            prices=tuple(_price_fact(one) for one in kept.get("prices", ())),
            totals=tuple(TotalFact(tuple(one["service_ids"]), Price(**one["price"])) for one in kept.get("totals", ())),
            claims=tuple(kept.get("claims", ())),
            moments=_moments(kept.get("moments", ())),
            appointments=_moments(kept.get("appointments", ())),
            asked=tuple(kept.get("asked", ())),
            harmless=tuple(kept.get("harmless", ())),
            durations=tuple(kept.get("durations", ())),
            terms=tuple((about, said) for about, said in kept.get("terms", ())),
        )

    @classmethod
    def joined(cls, parts: Iterable["Learned"]) -> "Learned":
        """All of them as one, in order."""
        kept = list(parts)
        return cls(**{name: tuple(x for one in kept for x in getattr(one, name)) for name in cls.__slots__})


@dataclass(slots=True)
class Facts:
    """What is known so far. A later price of a service replaces the earlier; a cancelled appointment is none."""

    prices: dict[int, PriceFact] = field(default_factory=dict)
    totals: list[TotalFact] = field(default_factory=list)
    claims: set[str] = field(default_factory=set)
    moments: set[datetime] = field(default_factory=set)
    appointments: set[datetime] = field(default_factory=set)
    asked: tuple[int, ...] = ()
    harmless: set[str] = field(default_factory=set)
    durations: set[int] = field(default_factory=set)
    terms: set[tuple[str, str]] = field(default_factory=set)

    def learn(self, told: Learned) -> None:
        """Take what a tool or a row proves."""
        for fact in told.prices:
            self.prices[fact.service_id] = fact
            self.totals = [total for total in self.totals if fact.service_id not in total.service_ids]
        self.totals.extend(told.totals)
        if {"moved", "cancelled"} & set(told.claims):
            self.appointments.clear()
            self.claims.discard("booked")
        if "booked" in told.claims:
            self.claims.discard("cancelled")
        self.claims.update(told.claims)
        self.appointments.update(told.appointments)
        self.moments.update(told.moments + told.appointments)
        self.asked = told.asked or self.asked
        self.harmless.update(told.harmless)
        self.durations.update(told.durations)
        self.terms.update(told.terms)


def _moments(kept: Iterable[str]) -> tuple[datetime, ...]:
    return tuple(datetime.fromisoformat(moment) for moment in kept)


def _price_fact(kept: Mapping[str, Any]) -> PriceFact:
    listed = Price(**kept["listed"]) if kept.get("listed") else None
    return PriceFact(kept["service_id"], kept["name"], Price(**kept["price"]), kept["vehicle_class"], listed)
