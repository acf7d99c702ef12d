"""Keeps leads in step with ShopMonkey."""

from app.sync.clients import Clients, client_of, client_of_store, clients_of, real_client_of_key, real_clients
from app.sync.incoming import HANDLERS
from app.sync.jobs import poll_orders
from app.sync.orders import take_order

__all__ = [
    "HANDLERS",
    "Clients",
    "client_of",
    "client_of_store",
    "clients_of",
    "poll_orders",
    "real_client_of_key",
    "real_clients",
    "take_order",
]
