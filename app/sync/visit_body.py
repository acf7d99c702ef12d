"""A visit as a row of ShopMonkey's calendar. Pure.

Which fields the live API wants and which it drops without a word was found by others: `name` and `color` are required,
the text is `note`, `sendConfirmation` and `sendReminder` have to be switched off or ShopMonkey writes to the customer
beside us.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.shopmonkey import AppointmentPayload

COLOR = "blue"
LONGEST_NAME = 200
MARK = "Lead Orchestrator visit"

Body = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """A visit with all that ShopMonkey may know about it; ids are ShopMonkey's."""

    key: str
    starts_at: datetime
    ends_at: datetime
    customer: str
    services: tuple[str, ...] = ()
    vehicle: str = ""
    note: str = ""
    location_id: str | None = None
    order_id: str | None = None
    customer_id: str | None = None
    vehicle_id: str | None = None


def body_of(wanted: Wanted) -> Body:
    """The whole body of a new appointment. Ids that we do not have are left out."""
    body: Body = {
        "name": name_of(wanted),
        "color": COLOR,
        "note": _note(wanted),
        "startDate": _stamp(wanted.starts_at),
        "endDate": _stamp(wanted.ends_at),
        "sendConfirmation": False,
        "sendReminder": False,
        "metadata": {"visit": wanted.key},
    }
    ids = {
        "locationId": wanted.location_id,
        "orderId": wanted.order_id,
        "customerId": wanted.customer_id,
        "vehicleId": wanted.vehicle_id,
    }
    return body | {name: value for name, value in ids.items() if value}


def changes(body: Body, pushed: Body) -> Body:
    """What has to be sent so that a row that surely has `pushed` becomes `body`; empty when nothing has.

    Only what changed: the store may have edited the rest by hand. The switches go along with every change.
    """
    changed = {name: value for name, value in body.items() if name not in pushed or pushed[name] != value}
    return changed and changed | {"sendConfirmation": False, "sendReminder": False}


def name_of(wanted: Wanted) -> str:
    """What the calendar shows: who comes, for what, with which vehicle."""
    parts = (wanted.customer, ", ".join(wanted.services), wanted.vehicle)
    return " · ".join(part for part in parts if part)[:LONGEST_NAME]


def ours(found: Iterable[AppointmentPayload], key: str) -> list[AppointmentPayload]:
    """Those on the calendar that were made for this visit, the oldest first, without what is deleted or cancelled.

    The mark stands in the metadata and in the note: an API that drops one without a word still keeps the other.
    """
    marked = {one.id: one for one in found if one.id and not is_off(one) and _is_marked(one, key)}
    return sorted(marked.values(), key=lambda one: (one.created_at is None, one.created_at, one.id))


def is_off(appointment: AppointmentPayload) -> bool:
    """Whether it is no longer on the calendar."""
    cancelled = appointment.confirmation_status == "Declined" or bool(appointment.cancellation_note)
    return appointment.deleted or cancelled


def starts_of(body: Body) -> datetime:
    """When the appointment of that body starts."""
    return datetime.fromisoformat(body["startDate"])


def marked_key(appointment: AppointmentPayload) -> str | None:
    """The visit for which it was made, None where nothing says that it was made by us."""
    told = appointment.metadata.get("visit")
    if isinstance(told, str) and told:
        return told
    lines = ((appointment.note or "").splitlines())[::-1]
    return next((line.strip().removeprefix(_mark("")) for line in lines if line.strip().startswith(_mark(""))), None)


def _is_marked(appointment: AppointmentPayload, key: str) -> bool:
    lines = (appointment.note or "").splitlines()
    return appointment.metadata.get("visit") == key or _mark(key) in (line.strip() for line in lines)


def _note(wanted: Wanted) -> str:
    lines = ("; ".join(wanted.services), wanted.vehicle, wanted.note.strip(), _mark(wanted.key))
    return "\n".join(line for line in lines if line)


def _mark(key: str) -> str:
    return f"{MARK} {key}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
