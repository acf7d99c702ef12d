"""What happens to appointments, told to the rooms above in the same transaction.

AppointmentChanging comes first, while only the lead's row is held: what must be locked between a lead and a bay (its
conversation) is locked then. The others come when everything is written. `lead_id` is None for a caller without a lead.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AppointmentChanging:
    """The lead's row is held, and a bay is about to be."""

    lead_id: int


@dataclass(frozen=True, slots=True)
class AppointmentEvent:
    """Something happened to an appointment; its row says the rest."""

    appointment_id: int
    company_id: int
    location_id: int
    lead_id: int | None
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentBooked(AppointmentEvent):
    """It is booked, from a hold or directly."""


@dataclass(frozen=True, slots=True)
class AppointmentMoved(AppointmentEvent):
    """It is at another time or in another bay. `starts_at` is the new time."""

    from_starts_at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentCancelled(AppointmentEvent):
    """It was booked and will not be."""


@dataclass(frozen=True, slots=True)
class AppointmentConfirmed(AppointmentEvent):
    """Its customer said that they will come."""


@dataclass(frozen=True, slots=True)
class AppointmentNoShow(AppointmentEvent):
    """Nobody came."""


@dataclass(frozen=True, slots=True)
class AppointmentDone(AppointmentEvent):
    """The work is done."""


VISIT_CHANGES: tuple[type[AppointmentEvent], ...] = (
    AppointmentBooked,
    AppointmentMoved,
    AppointmentCancelled,
    AppointmentConfirmed,
    AppointmentNoShow,
    AppointmentDone,
)
