"""What the assistant may know before it is asked: the store, and this lead."""

import threading
import time as monotonic_time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from app.assistant.amounts import numbers_in
from app.assistant.fencing import field as one_line
from app.assistant.menu import Entry, Menu
from app.booking.availability import rules_of
from app.catalog.pricing import vehicle_class
from app.catalog.search import by_category, services_of
from app.db import Prepared, db
from app.lib import clock, money, phone
from app.locations.days import MOST_DAYS, hours_of, special_days_of
from app.locations.hours import Hours, open_state
from app.locations.models import Location, SpecialDays
from app.locations.opening import DAY
from app.locations.settings import StoreSettings, settings_for

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KEPT_SECONDS = 30.0
MOST_SPECIAL = 20

LEAD = Prepared(
    "lead_brief",
    """
    SELECT public_id, order_name, first_name, language, year, make, model, submodel, type, ARRAY(
        SELECT jsonb_build_array(name, price_cents, to_confirm, canned_service_id)
        FROM requested_services WHERE lead_id = leads.id ORDER BY position
    ) AS lines
    FROM leads LEFT JOIN customers ON customers.id = customer_id LEFT JOIN vehicles ON vehicles.id = vehicle_id
    WHERE leads.id = :lead_id
    """,
    lead_id="bigint",
)


@dataclass(frozen=True, slots=True)
class StoreBrief:
    """A store as the assistant knows it. `catalogue` lists what it sells by category, without prices.

    `menu` is the same for the proof; `others` are the names and cities of the company's other stores, in lower case.
    On `special` days other hours hold than the week's, or none; `special_wording` tells of those to come. Customers
    change a visit themselves until `change_until` before it.
    """

    location_id: int
    company_id: int
    name: str
    phone: str
    address: str
    website: str
    timezone: str
    live: bool
    currency: str
    hours: tuple[tuple[int, time, time], ...]
    settings: StoreSettings
    catalogue: str
    menu: Menu = field(default_factory=Menu)
    others: tuple[str, ...] = ()
    special: Mapping[date, Sequence[Hours]] = field(default_factory=dict)
    special_wording: str = ""
    change_until: timedelta | None = None

    def hours_wording(self) -> str:
        """The weekly hours on one line, or that they are not known."""
        if not self.hours:
            return "Opening hours are not on file."
        spans: dict[int, list[str]] = {}
        for weekday, opens, closes in self.hours:
            spans.setdefault(weekday, []).append(_span(opens, closes))
        return "; ".join(f"{day} {' and '.join(spans.get(n, ['closed']))}" for n, day in enumerate(DAYS))

    @property
    def change_wording(self) -> str:
        """Until when customers may move or cancel by themselves; empty where it is not known."""
        if self.change_until is None:
            return ""
        hours = self.change_until.total_seconds() / 3600
        until = f"until {hours:g} hours before it" if hours else "until it begins"
        return f"Customers can move or cancel a booked visit in this chat {until}; later the team decides."

    def today(self, now: datetime) -> str:
        """The date at the store, spelled out."""
        return _day(now.astimezone(ZoneInfo(self.timezone)).date())

    def open_wording(self, now: datetime) -> str:
        """Whether it is open now, as the page says it; empty where hours are unknown."""
        return open_state(list(self.hours), self.timezone, now, self.special).wording


@dataclass(frozen=True, slots=True)
class LeadBrief:
    """A lead as the assistant knows it. `quote` is what the lead's own order already prices, in cents.

    `to_confirm` are the names, `doubtful` ShopMonkey's ids in the catalogue, of what it does not price for sure.
    """

    lead_id: int
    public_id: str
    first_name: str | None
    vehicle_name: str
    vehicle_class: str | None
    order_name: str | None
    language: str | None
    requested: tuple[str, ...]
    quote: tuple[tuple[str, int], ...]
    to_confirm: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()

    @property
    def quoted_amounts(self) -> frozenset[int]:
        return frozenset(cents for _, cents in self.quote)

    @property
    def named_numbers(self) -> frozenset[str]:
        """Numbers that the vehicle's and the order's names carry."""
        return numbers_in(" ".join((self.vehicle_name, self.order_name or "", *self.requested)))

    def quote_wording(self, currency: str) -> str:
        """The order's lines with their quoted prices."""
        quoted: dict[str, list[str]] = {}
        for name, cents in self.quote:
            quoted.setdefault(name, []).append(money.wording(cents, currency))
        # Lines may share a name: each keeps its own price.
        prices = {name: iter(wordings) for name, wordings in quoted.items()}
        return "; ".join(
            f"{name} ({next(prices.get(name, iter(())), self._unpriced(name))})" for name in self.requested
        )

    def _unpriced(self, name: str) -> str:
        return "price to be confirmed" if name in self.to_confirm else "no price on the order"


_kept: dict[int, tuple[float, StoreBrief]] = {}
_lock = threading.Lock()


def store_brief(location_id: int) -> StoreBrief:
    """The store's brief, at most KEPT_SECONDS old. Prices are not in it: those are read when they are asked for."""
    found = _kept.get(location_id)
    if found and monotonic_time.monotonic() - found[0] < KEPT_SECONDS:
        return found[1]
    brief = _read_store(location_id)
    with _lock:
        _kept[location_id] = (monotonic_time.monotonic(), brief)
    return brief


def forget_stores() -> None:
    """Read every store anew on the next question."""
    with _lock:
        _kept.clear()


def lead_brief(lead_id: int, connection: Connection | None = None) -> LeadBrief:
    """The lead's brief, read now: by the session, or by a connection that its caller has at hand."""
    row = LEAD.run(connection or db.session.connection(), lead_id=lead_id).one()
    return LeadBrief(
        lead_id=lead_id,
        public_id=row.public_id,
        first_name=row.first_name,
        vehicle_name=" ".join(str(part) for part in (row.year, row.make, row.model, row.submodel) if part),
        vehicle_class=vehicle_class(row.type),
        order_name=row.order_name,
        language=row.language,
        requested=tuple(name for name, *_ in row.lines),
        quote=tuple((name, cents) for name, cents, *_ in row.lines if cents is not None),
        to_confirm=frozenset(name for name, _, doubtful, _ in row.lines if doubtful),
        doubtful=frozenset(service_id for *_, doubtful, service_id in row.lines if doubtful and service_id),
    )


def _read_store(location_id: int) -> StoreBrief:
    location = db.session.get_one(Location, location_id)
    services = services_of(location_id)
    groups = by_category(services)
    today = clock.now().astimezone(ZoneInfo(location.timezone)).date()
    return StoreBrief(
        location_id=location.id,
        company_id=location.company_id,
        name=location.name,
        phone=phone.display(location.phone) if location.phone else "",
        address=location.address,
        website=location.website or "",
        timezone=location.timezone,
        live=location.live,
        currency=location.company.currency,
        hours=tuple((row.weekday, row.opens, row.closes) for row in location.hours),
        settings=settings_for(location),
        catalogue="\n".join(
            f"{one_line(name)}: {', '.join(one_line(service.name) for service in group)}" for name, group in groups
        ),
        menu=Menu(tuple(Entry(one.id, one.name, bool(one.class_prices)) for one in services)),
        others=_other_stores(location),
        special=hours_of(location, today, today + MOST_DAYS * DAY).special,
        special_wording="; ".join(_special(days) for days in special_days_of(location_id, today)[:MOST_SPECIAL]),
        change_until=rules_of(location_id).change_until,
    )


def _other_stores(location: Location) -> tuple[str, ...]:
    """Names and cities that tell another store of the company from this one."""
    query = select(Location.name, Location.city).where(
        Location.company_id == location.company_id, Location.id != location.id
    )
    own = f"{location.name} {location.city}".lower()
    told = {part.lower() for row in db.session.execute(query) for part in row if part}
    return tuple(sorted(name for name in told if name not in own and len(name) > 3))


def _special(days: SpecialDays) -> str:
    """`Thursday, November 26, 2026 (Thanksgiving): closed`."""
    last = f" to {_day(days.last_day)}" if days.last_day != days.first_day else ""
    hours = " and ".join(_span(*map(time.fromisoformat, stretch)) for stretch in days.stretches) or "closed"
    return f"{_day(days.first_day)}{last} ({one_line(days.name)}): {hours}"


def _day(day: date) -> str:
    return f"{day:%A, %B} {day.day}, {day.year}"


def _span(opens: time, closes: time) -> str:
    return f"{_clock(opens)} to {_clock(closes)}"


def _clock(moment: time) -> str:
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes} {'AM' if moment.hour < 12 else 'PM'}"
