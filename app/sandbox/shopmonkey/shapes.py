"""Objects as ShopMonkey's API shows them: its field names, its nulls, its confidential costs."""

import uuid
from datetime import UTC, datetime
from typing import Any

Payload = dict[str, Any]

COMPANY_ID = "5f0f2c6c8d1e4b0012a4c101"
LABOR_RATE_CENTS = 12_500
UNPRICED = ("laborCents", "partsCents", "tiresCents", "subcontractsCents", "feesCents", "shopSuppliesCents", "epaCents")
NOT_CHARGED = (
    *(f"calculated{name}Cents" for name in ("Parts", "Fee", "Tires", "Subcontracts", "ShopSupplies", "Epa", "Tax")),
    "calculatedDiscountCents",
    "discountCents",
)
TAXES = ("taxCents", "gstCents", "pstCents", "hstCents")


def stamp(moment: datetime) -> str:
    """A time as the API writes it: UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_id() -> str:
    """An id like those of new rows."""
    return str(uuid.uuid4())


def row(object_id: str, now: datetime, **fields: Any) -> Payload:
    """What every object carries, with its own fields."""
    return {
        "id": object_id,
        "createdDate": stamp(now),
        "updatedDate": stamp(now),
        "companyId": COMPANY_ID,
        "meta": {"userId": None, "sessionId": None, "version": int(now.timestamp() * 1000)},
        "metadata": None,
        "deleted": False,
        "deletedDate": None,
        "deletedReason": None,
        "deletedUserId": None,
        **fields,
    }


def changed(before: Payload, now: datetime, **fields: Any) -> Payload:
    """The object after a change: newer date, higher version."""
    version = max(before["meta"]["version"] + 1, int(now.timestamp() * 1000))
    return {**before, **fields, "updatedDate": stamp(now), "meta": {**before["meta"], "version": version}}


def location(store: Payload, now: datetime) -> Payload:
    """A store; the API knows no opening hours and no brand."""
    known = ("name", "timezone", "phone", "email", "website", "address1", "address2", "city", "state", "postalCode")
    return row(
        store["shopmonkeyId"],
        now,
        **{name: store.get(name) for name in known},
        country=store.get("country", "US"),
        contactName=None,
        externalId=None,
        archived=False,
    )


def customer(person: Payload, location_id: str, now: datetime) -> Payload:
    """A person. Consent is on number and address; the top-level `phone` and `email` are null, as in the real API."""
    phones, emails = [], []
    if person.get("phone"):
        consent = bool(person.get("smsConsent"))
        phones.append(
            row(new_id(), now, number=person["phone"], primary=True, type="Mobile", optIn=consent, extension=None)
            | {"optInVerifiedDate": None, "country": "US"}
        )
    if person.get("email"):
        subscribed = bool(person.get("emailConsent", True))
        emails.append(row(new_id(), now, email=person["email"], primary=True, subscribed=subscribed))
    return row(
        person.get("id") or new_id(),
        now,
        locationIds=[location_id],
        customerType="Customer",
        firstName=person.get("firstName"),
        lastName=person.get("lastName"),
        companyName=None,
        phone=None,
        email=None,
        phoneNumbers=phones,
        emails=emails,
        preferredContactMethod=None,
        note=person.get("note", ""),
        state=person.get("state"),
        postalCode=person.get("postalCode"),
        country="US",
        customFields=None,
        labels=[],
    )


def vehicle(car: Payload, now: datetime) -> Payload:
    """A vehicle. Whose it is stands in another table of the real API, not here."""
    parts = (car.get("year"), car.get("make"), car.get("model"))
    return row(
        car.get("id") or new_id(),
        now,
        size="LightDuty",
        type=car.get("type"),
        year=car.get("year"),
        make=car.get("make"),
        model=car.get("model"),
        submodel=car.get("submodel"),
        color=car.get("color"),
        vin=None,
        licensePlate=None,
        mileage=None,
        mileageUnit="Mile",
        computed_ymm=" ".join(str(part) for part in parts if part),
        note="",
    )


def order(order_id: str, number: str, location_id: str, name: str, now: datetime, **fields: Any) -> Payload:
    """An estimate as a quote on the franchise's website makes it (observed, Nov 2025): ids only, no contact data."""
    return row(
        order_id,
        now,
        publicId=order_id[:8],
        number=number,
        locationId=location_id,
        status="Estimate",
        workflowStatusId=f"website-leads-{location_id[-4:]}",
        workflowStatusDate=stamp(now),
        name=name,
        coalescedName=name,
        orderCreatedDate=stamp(now),
        appointmentDates=[],
        assignedTechnicianIds=[],
        **dict.fromkeys(("authorized", "invoiced", "paid", "archived", "readOnly", "imported"), False),
        **dict.fromkeys(("messageCount", "shopUnreadMessageCount", "inspectionCount", "deferredServiceCount"), 0),
        **dict.fromkeys((*UNPRICED, *TAXES, "discountCents", "paidCostCents", "requestedDepositCents"), 0),
        phoneNumberId=None,
        emailId=None,
        complaint=None,
        recommendation=None,
        labels=[],
        **{
            "customerId": None,
            "vehicleId": None,
            "totalCostCents": 0,
            "attributionSource": "WorkRequestForm",
            **fields,
        },
    )


def order_service(order_id: str, name: str, ordinal: int, now: datetime, **fields: Any) -> Payload:
    """A line of an order; without labour it costs 0, which says nothing about its price."""
    empty: Payload = {name: [] for name in ("labors", "parts", "fees", "tires", "subcontracts")}
    line = row(new_id(), now, orderId=order_id, name=name, note="", ordinal=ordinal, **empty)
    return {**line, "cannedServiceId": None, "totalCents": 0, "hidden": False, **fields}


def canned_service(service: Payload, location_id: str, now: datetime) -> Payload:
    """A catalogue row: its text is `note`, its hours are in `labors`, its category by convention the first label."""
    minutes, fixed = service["minutes"], service["kind"] == "exact"
    cents = service["low"] if fixed else 0
    hours = round((minutes or 0) / 60, 2)
    labor = {"id": f"{service['id']}-labor", "name": service["name"], "hours": hours, "rateCents": LABOR_RATE_CENTS}
    label = {"id": f"label-{service['category']}", "name": service["category"], "color": "blue", "saved": True}
    return row(
        service["id"],
        now,
        publicId=service["id"],
        locationId=location_id,
        name=service["name"],
        note=service["description"],
        pricing="FixedPrice" if fixed else "LineItem",
        fixedPriceCents=cents,
        totalCents=cents,
        calculatedLaborCents=cents,
        **dict.fromkeys(NOT_CHARGED, 0),
        labors=[{**labor, "multiplier": 1, "costRateCents": 4_500}] if minutes else [],
        labels=[{**label, "entity": "CannedService"}],
        **{name: [] for name in ("parts", "fees", "tires", "subcontracts")},
        bookable=True,
        recommended=False,
        lumpSum=False,
        imported=False,
    )
