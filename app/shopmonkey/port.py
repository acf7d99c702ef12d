"""What the rest of the house may ask of ShopMonkey, and the one way it fails."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from app.shopmonkey.lists import Page, Walk
from app.shopmonkey.payloads import CannedService, CustomerPayload, LocationPayload, Order, OrderService, VehiclePayload
from app.shopmonkey.shop_payloads import AppointmentPayload, CalendarPayload, KeyStatus, WebhookPayload, WorkflowStatus


class ShopMonkeyError(Exception):
    """A call failed. `permanent` says that the same call again cannot help; `status` is None without an answer.

    `unknown` says that a write may have been carried out all the same: look before writing again.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        unknown: bool = False,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        self.unknown = unknown

    @property
    def gone(self) -> bool:
        """ShopMonkey itself answered that there is no such object (any more)."""
        return self.permanent and self.status == 404

    @property
    def key_refused(self) -> bool:
        """ShopMonkey answered that the key is wrong, or may not do this."""
        return self.permanent and self.status in (401, 403)

    @property
    def unwell(self) -> bool:
        """ShopMonkey does not answer, fails, or wants fewer calls: others of the same account would fare no better."""
        return not self.permanent and (self.status is None or self.status >= 400)


class WrongKey(ShopMonkeyError):
    """The key does not read what was asked for, be it another account's: what it does not find need not be gone."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)

    @property
    def key_refused(self) -> bool:
        return True


class ShopMonkeyPort(Protocol):
    """One ShopMonkey account. Every method raises ShopMonkeyError; a missing object is permanent and `gone`."""

    def of_account(self, account: str) -> "ShopMonkeyPort":
        """The same key, which reads and writes only where it is that account's: else each call raises WrongKey."""

    def key_status(self) -> KeyStatus:
        """Returns when the key is taken; raises with `key_refused` when not."""

    def order(self, order_id: str) -> Order: ...

    def orders_by_ids(self, order_ids: Iterable[str]) -> list[Order]:
        """The orders that ShopMonkey shows of these, in any sequence; one that is missing is not thereby gone."""

    def orders_created(self, since: datetime, until: datetime) -> Page: ...

    def orders_numbered(self, number: str) -> list[Order]:
        """The orders with that number: stores may use the same ones."""

    def order_services(self, order_id: str) -> list[OrderService]: ...

    def customer(self, customer_id: str) -> CustomerPayload: ...

    def vehicle(self, vehicle_id: str) -> VehiclePayload: ...

    def locations(self) -> list[LocationPayload]: ...

    def location(self, location_id: str) -> LocationPayload: ...

    def workflow_statuses(self, location_id: str) -> list[WorkflowStatus]: ...

    def workflow_status(self, status_id: str) -> WorkflowStatus: ...

    def canned_services(self, location_id: str, *, bookable: bool | None = None) -> Walk:
        """One walk over the store's services, deleted ones among them; `bookable` asks for those (not) bookable."""

    def canned_service(self, service_id: str) -> CannedService: ...

    def webhooks(self) -> list[WebhookPayload]: ...

    def create_webhook(
        self, *, name: str, url: str, triggers: Iterable[str], secret: str, location_id: str | None = None
    ) -> WebhookPayload: ...

    def enable_webhook(self, webhook_id: str, secret: str = "") -> WebhookPayload:
        """Switches it on; from then on deliveries are signed with `secret`, where one is given."""

    def create_appointment(self, payload: dict[str, Any]) -> AppointmentPayload:
        """Never sent twice by itself: there is no idempotency key. Look with `appointments_of_order` when `unknown`."""

    def update_appointment(self, appointment_id: str, payload: dict[str, Any]) -> AppointmentPayload:
        """Changes the given fields only."""

    def cancel_appointment(self, appointment_id: str) -> None:
        """Takes it off the calendar: deleted, or marked as cancelled where the key may not delete.

        One that is gone already is fine.
        """

    def appointment(self, appointment_id: str) -> AppointmentPayload: ...

    def calendar(self, location_id: str, since: datetime, until: datetime) -> CalendarPayload:
        """What the store's calendar shows from `since` to `until`, each occurrence of a recurring one by itself."""

    def appointments_of_order(self, order_id: str) -> list[AppointmentPayload]: ...

    def appointments_starting(self, since: datetime, until: datetime) -> list[AppointmentPayload]:
        """Those of all stores that start from `since` to `until`. Recurring ones are never shown."""
