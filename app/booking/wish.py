"""What somebody asks for, and whether the store can give it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.booking.actors import Actor
from app.booking.availability import times_of
from app.booking.errors import BookingRefused
from app.booking.quoted import QuotedService, work_of
from app.booking.rules import Work
from app.booking.slots import Slot
from app.locations.models import Location


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody without a lead, as staff wrote it down."""

    name: str
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A visit that somebody asks for. `client_id` is the asker's own name for it: the same again is the same visit.

    `lead_id` or `contact` says whose it is. `bay_id` is a bay that staff chose; else the best fitting one is taken.
    """

    location_id: int
    starts_at: datetime
    services: Sequence[QuotedService]
    client_id: str
    actor: Actor
    lead_id: int | None = None
    contact: Contact | None = None
    bay_id: int | None = None
    note: str = ""

    @property
    def work(self) -> Work:
        """The work of all its services."""
        return work_of(self.services)


def find_slot(
    store: Location,
    work: Work,
    start: datetime,
    now: datetime,
    actor: Actor,
    bay_id: int | None = None,
    ignoring: int | None = None,
) -> Slot:
    """The slot that begins then, in the best fitting free bay or in the one named. Raises BookingRefused.

    The best fitting bay is the one that can do the least beyond the work; of several the one made first.
    """
    day = start.astimezone(ZoneInfo(store.timezone)).date()
    times = times_of(store, day, day, now, ignoring)
    if bay_id is not None:
        times = replace(times, bays=[bay for bay in times.bays if bay.bay_id == bay_id])
    found = times.at(work, start, now, by_staff=actor.is_staff)
    if isinstance(found, str):
        raise BookingRefused(found)
    return found
