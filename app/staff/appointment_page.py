"""One visit as staff see it: whose it is, what was quoted, and what has happened to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.booking import Slot
from app.booking.appointments import work_again
from app.booking.availability import today_of
from app.booking.bays import bays_of
from app.booking.models import Appointment, AppointmentChange, Bay
from app.db import db
from app.leads.models import Lead
from app.locations.models import Location
from app.staff.visit_times import TimeForm, by_day, free_days

WORDS = {
    "held": "Held",
    "renewed": "Held for five more minutes",
    "booked": "Booked",
    "moved": "Moved",
    "cancelled": "Cancelled",
    "confirmed": "Confirmed",
    "no_show": "Nobody came",
    "done": "Done",
    "released": "Hold let go",
    "expired": "Hold ran out",
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change: what, by whom, when and why."""

    words: str
    actor: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class AppointmentPage:
    """A visit with everything around it. `days` are free times to move to, `may` what can be done to it now."""

    visit: Appointment
    store: Location
    lead: Lead | None
    bay: str
    bays: list[Bay]
    history: list[HistoryLine]
    days: list[tuple[date, list[Slot]]]
    times: TimeForm
    since: date
    may: frozenset[str]
    instead: list[tuple[date, list[Slot]]] = field(default_factory=list)

    @property
    def customer(self) -> str:
        return self.visit.customer_name or (self.lead.customer.name if self.lead and self.lead.customer else "Customer")

    @property
    def phone(self) -> str | None:
        return self.visit.customer_phone or (self.lead.customer.phone if self.lead and self.lead.customer else None)

    @property
    def email(self) -> str | None:
        return self.visit.customer_email or (self.lead.customer.email if self.lead and self.lead.customer else None)


def page_of(
    visit: Appointment, now: datetime, form: Mapping[str, str], since: date | None = None, instead: Sequence[Slot] = ()
) -> AppointmentPage:
    """The visit's page, with `form` as typed and the times that a refusal offered instead."""
    store = db.session.get_one(Location, visit.location_id)
    bays = bays_of(store.id)
    names = {bay.id: bay.name for bay in bays}
    local = visit.starts_at.astimezone(ZoneInfo(store.timezone))
    since = since or max(local.date(), today_of(store, now))
    may = what_can_be_done(visit, now)
    filled = form if form else {"at": f"{local:%H:%M}", "bay": str(visit.bay_id or ""), "on": local.date().isoformat()}
    return AppointmentPage(
        visit=visit,
        store=store,
        lead=db.session.get(Lead, visit.lead_id) if visit.lead_id else None,
        bay=names.get(visit.bay_id or 0, "No bay"),
        bays=bays,
        history=[line_of(change, names, store.timezone) for change in reversed(visit.changes)],
        days=free_days(store, work_again(visit), now, since, ignoring=visit.id) if "move" in may else [],
        times=TimeForm.of(filled, local.date()),
        since=since,
        may=may,
        instead=by_day(instead),
    )


def what_can_be_done(visit: Appointment, now: datetime) -> frozenset[str]:
    """Of move, cancel, release, no_show and done, as booking allows it now."""
    if visit.status == "held":
        return frozenset({"release"}) if visit.holds(now) else frozenset()
    over = {"no_show", "done"} if now >= visit.starts_at else set()
    if visit.status == "booked":
        return frozenset({"move", "cancel", *over})
    return frozenset(over - {visit.status}) if visit.status in over else frozenset()


def line_of(change: AppointmentChange, bays: Mapping[int, str], zone: str) -> HistoryLine:
    """The change in words: `Moved from Tue, Dec 1, 10:00 AM, Tint 1 to …`."""
    words, there = WORDS.get(change.change, change.change), _where(change.to_starts_at, change.to_bay_id, bays, zone)
    if change.change == "moved" and change.from_starts_at:
        words = f"{words} from {_where(change.from_starts_at, change.from_bay_id, bays, zone)} to {there}"
    elif change.change in ("held", "booked"):
        words = f"{words} for {there}"
    return HistoryLine(words, change.actor, change.at, change.why)


def _where(at: datetime, bay_id: int | None, bays: Mapping[int, str], zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    clock = f"{local:%I:%M %p}".lstrip("0")
    bay = f", {bays[bay_id]}" if bay_id is not None and bay_id in bays else ""
    return f"{local:%a, %b} {local.day}, {clock}{bay}"
