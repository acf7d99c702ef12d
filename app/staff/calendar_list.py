"""One day's visits as a list: who comes when, for what, and where the car goes."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.booking.bays import bays_of
from app.locations.days import hours_of, special_days_of
from app.locations.models import Location
from app.locations.opening import DAY, midnight, openings
from app.staff.calendar import open_words
from app.staff.calendar_entries import leads_of, shown_visits, who


@dataclass(frozen=True, slots=True)
class ListRow:
    """One visit as it is printed."""

    public_id: str
    status: str
    starts_at: datetime
    ends_at: datetime
    customer: str
    phone: str
    vehicle: str
    services: list[str]
    bay: str
    price: str
    note: str


@dataclass(frozen=True, slots=True)
class DayList:
    """A day's visits in order of time. `special` names the day where it is one."""

    rows: list[ListRow]
    open: str
    special: str


def day_list(store: Location, day: date, now: datetime) -> DayList:
    """The visits of that day, those that stay over from before included."""
    zone = ZoneInfo(store.timezone)
    visits = shown_visits(store.id, (midnight(day, zone), midnight(day + DAY, zone)), now)
    known, bays = leads_of(visits), {bay.id: bay.name for bay in bays_of(store.id)}
    rows = []
    for visit in visits:
        lead = known.get(visit.lead_id or 0)
        rows.append(
            ListRow(
                public_id=visit.public_id, status=visit.status, starts_at=visit.starts_at, ends_at=visit.ends_at,
                customer=who(visit, lead),
                phone=visit.customer_phone or (lead.Customer.phone if lead and lead.Customer else "") or "",
                vehicle=lead.Vehicle.name if lead and lead.Vehicle else "",
                services=[service.name for service in visit.services],
                bay=bays.get(visit.bay_id or 0, "No bay"), price=visit.price_wording, note=visit.note,
            )
        )  # fmt: skip
    opened = open_words(list(openings(hours_of(store, day, day), day, day)), zone)
    special = [one.name for one in special_days_of(store.id, day) if one.first_day <= day]
    return DayList(rows, opened, special[-1] if special else "")
