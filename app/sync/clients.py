"""Which ShopMonkey client reads which company, and which of its stores."""

from collections.abc import Callable

from flask import current_app
from sqlalchemy import exists, func, select

from app.config import Settings
from app.db import db
from app.locations.models import Company, Location, ShopMonkeyKey
from app.shopmonkey import ShopMonkey, ShopMonkeyError, ShopMonkeyPort

Clients = Callable[[Company], ShopMonkeyPort]
ClientOfKey = Callable[[str], ShopMonkeyPort]


def client_of(company: Company) -> ShopMonkeyPort:
    """The company's client, as wired; raises ShopMonkeyError (permanent) when the company has no key."""
    clients: Clients = current_app.extensions["shopmonkey"]
    return clients(company)


def client_of_store(store: Location) -> ShopMonkeyPort:
    """The client that reads this store: by its own key, else its company's. Raises ShopMonkeyError without any."""
    if store.shopmonkey_key is None:
        return client_of(store.company)
    return client_of_key(store.shopmonkey_key.secret)


def own_client_of(store: Location) -> ShopMonkeyPort | None:
    """The same, or None where the store is read with no key at all."""
    if store.shopmonkey_key is None and not has_own_key(store.company):
        return None
    return client_of_store(store)


def client_of_key(secret: str) -> ShopMonkeyPort:
    """The client of one key, as wired."""
    by_key: ClientOfKey = current_app.extensions["shopmonkey_by_key"]
    return by_key(secret)


def clients_of(company: Company) -> list[ShopMonkeyPort]:
    """Every client that reads something of the company: by its own key, and by each that some of its stores have."""
    return [client for _, client in readers_of(company)]


def readers_of(company: Company) -> list[tuple[int | None, ShopMonkeyPort]]:
    """Each client with the id of the key that it uses; None stands for the company's own."""
    used = exists().where(Location.shopmonkey_key_id == ShopMonkeyKey.id)
    keys = select(ShopMonkeyKey).where(ShopMonkeyKey.company_id == company.id, used).order_by(ShopMonkeyKey.id)
    own = [(None, client_of(company))] if has_own_key(company) else []
    return [*own, *[(key.id, client_of_key(key.secret)) for key in db.session.scalars(keys)]]


def has_key(company: Company) -> bool:
    """Whether the company can be read at all: by its own key or the environment's, or by one that a store has."""
    if has_own_key(company):
        return True
    used = select(Location.id).where(Location.company_id == company.id, Location.shopmonkey_key_id.is_not(None))
    return db.session.scalar(used.limit(1)) is not None


def real_clients(settings: Settings, by_key: ClientOfKey | None = None) -> Clients:
    """The client of a company's own key, else of the environment's, where that may be used for it.

    A key that is kept here was tried before it was kept. Whose the environment's is, nobody has said.
    """
    by_key = by_key or real_client_of_key(settings)

    def client(company: Company) -> ShopMonkeyPort:
        if company.shopmonkey_api_key:
            return by_key(company.shopmonkey_api_key)
        if settings.shopmonkey_api_key and _may_use_environments(company):
            return by_key(settings.shopmonkey_api_key).of_account(company.shopmonkey_id)
        raise ShopMonkeyError(f"{company.name} has no ShopMonkey key", permanent=True)

    return client


def real_client_of_key(settings: Settings) -> ClientOfKey:
    """One client per key, kept for the process, so that its limit of calls at once holds."""
    made: dict[str, ShopMonkeyPort] = {}

    def client(key: str) -> ShopMonkeyPort:
        return made.setdefault(key, ShopMonkey(settings.shopmonkey_base_url, key))

    return client


def has_own_key(company: Company) -> bool:
    """Whether it has a key that reads the whole company: its own, or the environment's."""
    if company.shopmonkey_api_key:
        return True
    return bool(current_app.config["SETTINGS"].shopmonkey_api_key) and _may_use_environments(company)


def _may_use_environments(company: Company) -> bool:
    """Not where each of its stores has a key: then the environment's belongs to another account."""
    counted = select(func.count(), func.count(Location.shopmonkey_key_id)).where(Location.company_id == company.id)
    stores, with_a_key = db.session.execute(counted).one()
    return stores == 0 or with_a_key < stores
