"""ShopMonkey's API client, its typed payloads, and the signature of its webhooks."""

from app.shopmonkey.client import ShopMonkey
from app.shopmonkey.payloads import (
    CannedService,
    CustomerPayload,
    LocationPayload,
    Order,
    OrderService,
    Page,
    VehiclePayload,
)
from app.shopmonkey.port import ShopMonkeyError, ShopMonkeyPort
from app.shopmonkey.signature import SignatureError, sign, verify

__all__ = [
    "CannedService",
    "CustomerPayload",
    "LocationPayload",
    "Order",
    "OrderService",
    "Page",
    "ShopMonkey",
    "ShopMonkeyError",
    "ShopMonkeyPort",
    "SignatureError",
    "VehiclePayload",
    "sign",
    "verify",
]
