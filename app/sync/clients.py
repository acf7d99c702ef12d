"""Which ShopMonkey client reads which company."""

from collections.abc import Callable

from flask import current_app

from app.config import Settings
from app.locations.models import Company
from app.shopmonkey import ShopMonkey, ShopMonkeyError, ShopMonkeyPort

Clients = Callable[[Company], ShopMonkeyPort]


def client_of(company: Company) -> ShopMonkeyPort:
    """The company's client, as wired; raises ShopMonkeyError (permanent) when the company has no key."""
    clients: Clients = current_app.extensions["shopmonkey"]
    return clients(company)


def has_key(company: Company) -> bool:
    """Whether the company can be read at all: by its own key, else by the environment's."""
    return bool(company.shopmonkey_api_key or current_app.config["SETTINGS"].shopmonkey_api_key)


def real_clients(settings: Settings) -> Clients:
    """One client per key, kept for the process, so that its limit of calls at once holds."""
    made: dict[str, ShopMonkeyPort] = {}

    def client(company: Company) -> ShopMonkeyPort:
        key = company.shopmonkey_api_key or settings.shopmonkey_api_key
        if not key:
            raise ShopMonkeyError(f"{company.name} has no ShopMonkey key", permanent=True)
        return made.setdefault(key, ShopMonkey(settings.shopmonkey_base_url, key))

    return client
