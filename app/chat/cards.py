"""Cards in a conversation: what is drawn from data instead of words.

`visit` is a visit as its committed row has it: a message of its own, written in the transaction that books, and written
again by whatever changes the visit. `times` stands below an answer that offers free times.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.booking import Slot
from app.booking.models import Appointment
from app.booking.wording import day_wording, moment_wording, price_wording, time_wording
from app.catalog.pricing import Price
from app.chat.booking_words import duration_wording, ready_wording, short_day
from app.leads.models import Lead


@dataclass(frozen=True, slots=True)
class VisitCard:
    """A visit as pages draw it; moments are in the store's zone."""

    lead: str
    visit: str
    status: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    minutes: int
    services: tuple[tuple[str, Price], ...]
    price: Price
    vehicle: str
    store: str
    address: str
    confirmed: bool

    @property
    def wording(self) -> str:
        return moment_wording(self.starts_at)

    @property
    def when(self) -> str:
        """The wording for narrow places: a line ends between day and time or not at all."""
        day = day_wording(self.starts_at.date())
        time = self.wording.removeprefix(day).strip()
        return " ".join(part.replace(" ", "\u00a0") for part in (day, time))

    @property
    def ready(self) -> str:
        return ready_wording(self.starts_at, self.ends_at)

    @property
    def duration(self) -> str:
        return duration_wording(self.minutes)

    @property
    def price_wording(self) -> str:
        return price_wording(self.price)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Each service's name, with its price where there are several."""
        alone = len(self.services) == 1
        return [(name, "" if alone else price_wording(price)) for name, price in self.services]

    @property
    def names(self) -> str:
        return ", ".join(name for name, _ in self.services)


@dataclass(frozen=True, slots=True)
class TimesCard:
    """Free times that an answer offers for some services, in the store's zone."""

    lead: str
    service_ids: tuple[int, ...]
    times: tuple[datetime, ...]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What a form sends for each time, and its wording for a button: `Tue, Dec 1 · 10:00 AM`."""
        return [
            (time.isoformat(), f"{', '.join(short_day(time.date()))} · {time_wording(time)}") for time in self.times
        ]


def visit_card(appointment: Appointment, lead: Lead) -> dict[str, Any]:
    """The visit as its message keeps it."""
    store = lead.location
    return {
        "kind": "visit", "lead": lead.public_id, "visit": appointment.public_id, "status": appointment.status,
        "starts_at": appointment.starts_at.isoformat(), "ends_at": appointment.ends_at.isoformat(),
        "timezone": store.timezone, "minutes": appointment.minutes,
        "services": [
            [one.name, one.kind, one.low_cents, one.high_cents, one.currency] for one in appointment.services
        ],
        "price": [appointment.price_kind, appointment.low_cents, appointment.high_cents, appointment.currency],
        "vehicle": lead.vehicle.name if lead.vehicle else "", "store": store.name, "address": store.address,
        "confirmed": appointment.confirmed_at is not None,
    }  # fmt: skip


def read_card(kept: dict[str, Any]) -> VisitCard | TimesCard:
    """A card from what its message keeps."""
    zone = ZoneInfo(kept["timezone"])
    if kept["kind"] == "times":
        times = tuple(datetime.fromisoformat(time).astimezone(zone) for time in kept["times"])
        return TimesCard(kept["lead"], tuple(kept["services"]), times)
    same = ("lead", "visit", "status", "timezone", "minutes", "vehicle", "store", "address")
    return VisitCard(
        **{name: kept[name] for name in same},
        starts_at=datetime.fromisoformat(kept["starts_at"]).astimezone(zone),
        ends_at=datetime.fromisoformat(kept["ends_at"]).astimezone(zone),
        services=tuple((name, Price(*price)) for name, *price in kept["services"]),
        price=Price(*kept["price"]),
        confirmed=kept.get("confirmed", False),
    )


def slot_times(slots: tuple[Slot, ...] | list[Slot]) -> list[tuple[str, str]]:
    """What a form sends for each slot, and its time of day."""
    return [(slot.local_start.isoformat(), time_wording(slot.local_start)) for slot in slots]
