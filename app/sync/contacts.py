"""ShopMonkey's customers and vehicles as values of our rows. Pure."""

from collections.abc import Iterable
from typing import Any

from app.lib.phone import normalise
from app.shopmonkey import CustomerPayload, Order, VehiclePayload
from app.shopmonkey.payloads import EmailAddress, PhoneNumber


def customer_values(customer: CustomerPayload, order: Order | None = None) -> dict[str, Any]:
    """A customer's row. The number and address that the order names win (`phoneNumberId`, `emailId`)."""
    phone, sms_opt_in = _phone(customer.phone_numbers, order.phone_number_id if order else None)
    email, subscribed = _email(customer.emails, order.email_id if order else None)
    return {
        "shopmonkey_id": customer.id,
        "shopmonkey_version": customer.version,
        "first_name": customer.first_name or (None if customer.last_name else customer.company_name),
        "last_name": customer.last_name,
        "phone": phone,
        "sms_opt_in": sms_opt_in,
        "email": email,
        "email_subscribed": subscribed,
        "state": customer.state,
        "postal_code": customer.postal_code,
    }


def vehicle_values(vehicle: VehiclePayload) -> dict[str, Any]:
    """A vehicle's row."""
    return {
        "shopmonkey_id": vehicle.id,
        "shopmonkey_version": vehicle.version,
        "year": vehicle.year if vehicle.year and 1880 < vehicle.year < 2200 else None,
        "make": vehicle.make,
        "model": vehicle.model,
        "submodel": vehicle.submodel,
        "type": vehicle.type,
        "color": vehicle.color,
    }


def _phone(numbers: Iterable[PhoneNumber], preferred: str | None) -> tuple[str | None, bool]:
    for number in sorted(numbers, key=lambda number: (number.id != preferred or not preferred, not number.primary)):
        e164 = None if number.extension else normalise(number.number)
        if e164:
            return e164, number.opt_in
    return None, False


def _email(addresses: Iterable[EmailAddress], preferred: str | None) -> tuple[str | None, bool]:
    for address in sorted(addresses, key=lambda one: (one.id != preferred or not preferred, not one.primary)):
        if address.email and "@" in address.email:
            return address.email.lower(), address.subscribed
    return None, False
