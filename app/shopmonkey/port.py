"""What the rest of the house may ask of ShopMonkey, and the one way it fails."""

from datetime import datetime
from typing import Protocol

from app.shopmonkey.payloads import (
    CannedService,
    CustomerPayload,
    LocationPayload,
    Order,
    OrderService,
    Page,
    VehiclePayload,
)


class ShopMonkeyError(Exception):
    """A call failed. `permanent` says that the same call again cannot help; `status` is None without an answer."""

    def __init__(
        self,
        message: str,
        *,
        permanent: bool,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after

    @property
    def gone(self) -> bool:
        """ShopMonkey answered that there is no such object (any more)."""
        return self.status == 404


class ShopMonkeyPort(Protocol):
    """Reading one ShopMonkey account. Every method raises ShopMonkeyError; a missing object is permanent and `gone`."""

    def order(self, order_id: str) -> Order: ...

    def order_services(self, order_id: str) -> list[OrderService]: ...

    def customer(self, customer_id: str) -> CustomerPayload: ...

    def vehicle(self, vehicle_id: str) -> VehiclePayload: ...

    def locations(self) -> list[LocationPayload]: ...

    def canned_services(self, location_id: str) -> list[CannedService]: ...

    def orders_created(self, since: datetime, until: datetime) -> Page: ...
