"""Reading an order and all it points to. No transaction is open while ShopMonkey answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from app.shopmonkey import (
    CustomerPayload,
    Order,
    OrderService,
    ShopMonkeyError,
    ShopMonkeyPort,
    VehiclePayload,
    WrongKey,
)

Found = TypeVar("Found")


@dataclass(frozen=True)
class Reading:
    """An order with what it points to; None for what it lacks or what ShopMonkey no longer has."""

    order: Order
    customer: CustomerPayload | None
    vehicle: VehiclePayload | None
    services: list[OrderService] | None


def read_order(client: ShopMonkeyPort, order_id: str) -> Order | None:
    """The order by its id, the only look that can be trusted; None when it is gone. Raises ShopMonkeyError."""
    return _unless_gone(client.order, order_id)


def assure_reads(client: ShopMonkeyPort, store_id: str) -> None:
    """Return where the key reads the store. A key that does not (any more) finds nothing there: all would be gone.

    Raises WrongKey, and ShopMonkeyError where it cannot be asked.
    """
    if _unless_gone(client.location, store_id) is None:
        raise WrongKey("This key does not read the store (any more).")


def read_customer(client: ShopMonkeyPort, customer_id: str | None) -> CustomerPayload | None:
    """The customer; None when there is none (any more). Raises ShopMonkeyError."""
    return _unless_gone(client.customer, customer_id)


def read_vehicle(client: ShopMonkeyPort, vehicle_id: str | None) -> VehiclePayload | None:
    """The vehicle; None when there is none (any more). Raises ShopMonkeyError."""
    return _unless_gone(client.vehicle, vehicle_id)


def read_rest(client: ShopMonkeyPort, order: Order) -> Reading:
    """The order with customer, vehicle and lines. Raises ShopMonkeyError."""
    return Reading(
        order=order,
        customer=read_customer(client, order.customer_id),
        vehicle=read_vehicle(client, order.vehicle_id),
        services=_unless_gone(client.order_services, order.id),
    )


def _unless_gone(read: Callable[[str], Found], object_id: str | None) -> Found | None:
    if not object_id:
        return None
    try:
        return read(object_id)
    except ShopMonkeyError as error:
        if error.gone:
            return None
        raise
