"""ShopMonkey's objects as far as we use them. Unknown fields are dropped; cost fields are never read."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Self

from app.shopmonkey.reading import amount, child, flag, moment, rows, text, whole


def _read(reader: Callable[[Any], Any], default: Any = None, name: str | None = None) -> Any:
    return field(default=default, metadata={"reader": reader, "name": name})


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


class Payload:
    """Reads itself from JSON by its fields' names in camelCase; what is missing or odd keeps no value."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        readers = ((part.name, part.metadata) for part in fields(cls))  # type: ignore[arg-type]
        return cls(**{name: told["reader"](data.get(told["name"] or _camel(name))) for name, told in readers})


def _id(value: Any) -> str:
    return text(value) or ""


def _version(meta: Any) -> int | None:
    return whole(child(meta).get("version"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Payload):
    """What every object carries. `version` rises with each change (shopmonkey.dev/resources), where it is sent."""

    id: str = _read(_id, "")
    version: int | None = _read(_version, name="meta")
    created_at: datetime | None = _read(moment, name="createdDate")  # noqa: RUF009
    updated_at: datetime | None = _read(moment, name="updatedDate")  # noqa: RUF009
    deleted: bool = _read(flag, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Row):
    """One order: estimate, repair order or invoice. It holds ids only; its lines are asked for apart.

    `total_cents` is what the customer is to pay, as far as the order says: no shop's cost, whatever its name.
    """

    location_id: str | None = _read(text)
    number: str | None = _read(text)
    name: str | None = _read(text)
    coalesced_name: str | None = _read(text)
    status: str | None = _read(text)
    workflow_status_id: str | None = _read(text)
    customer_id: str | None = _read(text)
    vehicle_id: str | None = _read(text)
    phone_number_id: str | None = _read(text)
    email_id: str | None = _read(text)
    attribution_source: str | None = _read(text)
    authorized: bool = _read(flag, False)
    invoiced: bool = _read(flag, False)
    paid: bool = _read(flag, False)
    archived: bool = _read(flag, False)
    imported: bool = _read(flag, False)
    message_count: int | None = _read(whole)
    messaged_at: datetime | None = _read(moment, name="messagedDate")  # noqa: RUF009
    total_cents: int | None = _read(whole, name="totalCostCents")
    tax_cents: int | None = _read(whole)
    gst_cents: int | None = _read(whole)
    pst_cents: int | None = _read(whole)
    hst_cents: int | None = _read(whole)
    discount_cents: float = _read(amount, 0.0)
    discount_percent: float = _read(amount, 0.0)
    applied_discount_cents: float = _read(amount, 0.0)
    applied_discount_percent: float = _read(amount, 0.0)
    coupon: bool = _read(bool, False, name="couponOrderDiscount")

    @property
    def taxes_cents(self) -> int:
        """All taxes together."""
        return sum(one or 0 for one in (self.tax_cents, self.gst_cents, self.pst_cents, self.hst_cents))

    @property
    def discounted(self) -> bool:
        """Whether something is taken off the order as a whole, or off its lines together."""
        cents, percent = self.discount_cents, self.discount_percent
        return bool(cents or percent or self.applied_discount_cents or self.applied_discount_percent or self.coupon)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderService(Row):
    """One line of an order. `total_cents` is what the order says that it costs; a line without labour is 0."""

    name: str | None = _read(text)
    canned_service_id: str | None = _read(text)
    total_cents: int | None = _read(whole)
    ordinal: int | None = _read(whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneNumber(Payload):
    id: str | None = _read(text)
    number: str | None = _read(text)
    extension: str | None = _read(text)
    primary: bool = _read(flag, False)
    opt_in: bool = _read(flag, False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailAddress(Payload):
    id: str | None = _read(text)
    email: str | None = _read(text)
    primary: bool = _read(flag, False)
    subscribed: bool = _read(flag, False)


def _phone_numbers(value: Any) -> tuple[PhoneNumber, ...]:
    return tuple(PhoneNumber.from_json(row) for row in rows(value))


def _emails(value: Any) -> tuple[EmailAddress, ...]:
    return tuple(EmailAddress.from_json(row) for row in rows(value))


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPayload(Row):
    """A person or a fleet. Consent is per number (`optIn`) and per address (`subscribed`)."""

    first_name: str | None = _read(text)
    last_name: str | None = _read(text)
    company_name: str | None = _read(text)
    state: str | None = _read(text)
    postal_code: str | None = _read(text)
    phone_numbers: tuple[PhoneNumber, ...] = _read(_phone_numbers, ())
    emails: tuple[EmailAddress, ...] = _read(_emails, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class VehiclePayload(Row):
    year: int | None = _read(whole)
    make: str | None = _read(text)
    model: str | None = _read(text)
    submodel: str | None = _read(text)
    type: str | None = _read(text)
    color: str | None = _read(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationPayload(Row):
    """A store as ShopMonkey knows it: no opening hours there. `company_id` is the account that it belongs to."""

    company_id: str | None = _read(text)
    name: str | None = _read(text)
    timezone: str | None = _read(text)
    phone: str | None = _read(text)
    email: str | None = _read(text)
    website: str | None = _read(text)
    address1: str | None = _read(text)
    address2: str | None = _read(text)
    city: str | None = _read(text)
    state: str | None = _read(text)
    postal_code: str | None = _read(text)
    country: str | None = _read(text)
    archived: bool = _read(flag, False)


def _hours(labors: Any) -> float:
    return sum(amount(row.get("hours")) for row in rows(labors))


def _names(labels: Any) -> tuple[str, ...]:
    return tuple(name for row in rows(labels) if (name := text(row.get("name"))))


@dataclass(frozen=True, slots=True, kw_only=True)
class CannedService(Row):
    """A catalogue row. Hours come from its labour lines, the category by convention from its first label."""

    name: str | None = _read(text)
    location_id: str | None = _read(text)
    note: str | None = _read(text)
    pricing: str | None = _read(text)
    fixed_price_cents: int | None = _read(whole)
    total_cents: int | None = _read(whole)
    labor_cents: int | None = _read(whole, name="calculatedLaborCents")
    parts_cents: int | None = _read(whole, name="calculatedPartsCents")
    fees_cents: int | None = _read(whole, name="calculatedFeeCents")
    tires_cents: int | None = _read(whole, name="calculatedTiresCents")
    subcontracts_cents: int | None = _read(whole, name="calculatedSubcontractsCents")
    shop_supplies_cents: int | None = _read(whole, name="calculatedShopSuppliesCents")
    epa_cents: int | None = _read(whole, name="calculatedEpaCents")
    tax_cents: int | None = _read(whole, name="calculatedTaxCents")
    discount_cents: int | None = _read(whole, name="calculatedDiscountCents")
    discount_percent: float = _read(amount, 0.0, name="calculatedDiscountPercent")
    set_discount_cents: int | None = _read(whole, name="discountCents")
    set_discount_percent: float = _read(amount, 0.0, name="discountPercent")
    labor_hours: float = _read(_hours, 0.0, name="labors")
    labels: tuple[str, ...] = _read(_names, ())
    bookable: bool = _read(flag, False)
