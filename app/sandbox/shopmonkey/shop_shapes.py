"""The calendar, the board's columns, labels and webhook registrations as ShopMonkey's API shows them."""

from datetime import datetime
from typing import Any

from app.sandbox.shopmonkey.shapes import Payload, new_id, row

COLUMNS = ("Website Leads", "Estimates", "Appointments", "In Progress", "Invoiced", "Archived")


def appointment(now: datetime, **fields: Any) -> Payload:
    """A row of the calendar, `NoResponse` until somebody answers."""
    empty = ("customerId", "vehicleId", "orderId", "customerEmailId", "customerPhoneNumberId", "rruleset", "locationId")
    switches = ("allDay", "sendConfirmation", "sendReminder", "useSMS", "useEmail", "removedFromRecurrency")
    return {
        **row(new_id(), now, name=None, note="", startDate=None, endDate=None, color=None),
        **dict.fromkeys(empty),
        **dict.fromkeys(switches, False),
        **dict.fromkeys(("cancellationNote", "confirmationText", "reminderText")),
        "technicianIds": [],
        "confirmationStatus": "NoResponse",
        "attributionSource": "Manual",
        **fields,
    }


def workflow_status(name: str, position: int, location_id: str, now: datetime, object_id: str = "") -> Payload:
    """A column of a store's board."""
    return row(
        object_id or new_id(),
        now,
        name=name,
        position=position,
        locationId=location_id,
        daysToArchive=30,
        archiveWhenInactive=False,
        archiveWhenPaid=False,
        invoiceWorkflow=name == "Invoiced",
        repairOrderWorkflow=name == "In Progress",
    )


def columns(location_id: str, now: datetime) -> list[Payload]:
    """The columns of a store of Tint World; the first is where the website's quotes arrive."""
    short = location_id[-4:]
    return [
        workflow_status(name, number, location_id, now, f"{name.lower().replace(' ', '-')}-{short}")
        for number, name in enumerate(COLUMNS)
    ]


def label(now: datetime, **fields: Any) -> Payload:
    """A label of services or orders."""
    given = {"name": None, "color": "blue", "entity": None, "saved": True, "locationId": None, **fields}
    return row(new_id(), now, **given)


def webhook(now: datetime, **fields: Any) -> Payload:
    """A registration; without a location it tells of the whole company."""
    empty = dict.fromkeys(("name", "url", "locationId", "errorMessage", "errorDate", "createdById", "secret"))
    given = {**empty, "triggers": [], "enabled": True, "error": False, "version": "3", **fields}
    return row(new_id(), now, **given)
