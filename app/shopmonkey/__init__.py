"""ShopMonkey's API client, its typed payloads, and the signature of its webhooks."""

from app.shopmonkey.client import ShopMonkey
from app.shopmonkey.lists import Page, Walk
from app.shopmonkey.patience import short_of_patience
from app.shopmonkey.payloads import (
    CannedService,
    CustomerPayload,
    LocationPayload,
    Order,
    OrderService,
    VehiclePayload,
)
from app.shopmonkey.port import ShopMonkeyError, ShopMonkeyPort, WrongKey
from app.shopmonkey.shop_payloads import AppointmentPayload, CalendarPayload, KeyStatus, WebhookPayload, WorkflowStatus
from app.shopmonkey.signature import SignatureError, sign, verify

__all__ = [
    "AppointmentPayload",
    "CalendarPayload",
    "CannedService",
    "CustomerPayload",
    "KeyStatus",
    "LocationPayload",
    "Order",
    "OrderService",
    "Page",
    "ShopMonkey",
    "ShopMonkeyError",
    "ShopMonkeyPort",
    "SignatureError",
    "VehiclePayload",
    "Walk",
    "WebhookPayload",
    "WorkflowStatus",
    "WrongKey",
    "short_of_patience",
    "sign",
    "verify",
]
