"""ShopMonkey's calendar, its workflow columns and its webhook registrations, as far as we use them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.shopmonkey.payloads import Row, _read
from app.shopmonkey.reading import child, flag, moment, text, texts, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentPayload(Row):
    """A row of the calendar. `metadata` is ours to write (shopmonkey.dev: "reserved for customers to control")."""

    location_id: str | None = _read(text)
    name: str | None = _read(text)
    note: str | None = _read(text)
    color: str | None = _read(text)
    starts_at: datetime | None = _read(moment, name="startDate")  # noqa: RUF009
    ends_at: datetime | None = _read(moment, name="endDate")  # noqa: RUF009
    customer_id: str | None = _read(text)
    vehicle_id: str | None = _read(text)
    order_id: str | None = _read(text)
    confirmation_status: str | None = _read(text)
    cancellation_note: str | None = _read(text)
    rruleset: str | None = _read(text)
    metadata: dict[str, Any] = field(default_factory=dict, metadata={"reader": child, "name": None})


@dataclass(frozen=True, slots=True)
class CalendarPayload:
    """What a look at the calendar showed; `whole` says that ShopMonkey promised no more, recurring ones among it."""

    appointments: tuple[AppointmentPayload, ...]
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowStatus(Row):
    """A column of a store's board. Ids differ per store, so columns are known by their names."""

    name: str | None = _read(text)
    location_id: str | None = _read(text)
    position: int | None = _read(whole)
    invoice_workflow: bool = _read(flag, False)
    repair_order_workflow: bool = _read(flag, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPayload(Row):
    """A webhook's registration; without a location it tells of the whole company. Its secret is never read."""

    name: str | None = _read(text)
    url: str | None = _read(text)
    triggers: tuple[str, ...] = _read(texts, ())
    location_id: str | None = _read(text)
    enabled: bool = _read(flag, False)
    error: bool = _read(flag, False)
    error_message: str | None = _read(text)

    @property
    def works(self) -> bool:
        """Whether ShopMonkey sends to it."""
        return self.enabled and not self.error and not self.deleted


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """The key was taken; `company_id` is its account where the answer says so (the body is not documented)."""

    company_id: str | None
