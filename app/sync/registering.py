"""The first registration of a store's webhook: with a secret made for the company, known before it is used."""

import secrets

from flask import current_app
from sqlalchemy import select, update

from app.db import db
from app.locations.models import Company, Location
from app.shopmonkey import ShopMonkeyPort
from app.sync.clients import client_of_store
from app.sync.models import StoreSetup
from app.sync.registrations import CannotRegister, address, ensure

UNKNOWN_TO_US = (
    "ShopMonkey has a webhook to this address, with a secret that is not known here. Delete it there "
    "(Settings > Webhooks), then try again."
)


def register(location_id: int) -> str:
    """The id of the registration that tells of the store: one that is there, mended if need be, else a new one.

    Commits before it calls. Raises CannotRegister, ShopMonkeyError.
    """
    store = db.session.get_one(Location, location_id)
    if known := _registered_by_neighbour(store):
        return known
    client, company_id = client_of_store(store), store.company_id
    url, secret = address(current_app.config["SETTINGS"]), _known_secret(store.company)
    db.session.commit()
    webhook, _ = ensure(client, url, secret or _new_secret(client, url, company_id))
    return webhook.id


def _registered_by_neighbour(store: Location) -> str | None:
    """Stores of one key share one registration: 200 stores need not ask 200 times."""
    same_key = Location.shopmonkey_key_id.is_not_distinct_from(store.shopmonkey_key_id)
    shared = (Location.company_id == store.company_id, same_key, Location.id != store.id)
    neighbour = select(StoreSetup.webhook_id).join(Location, Location.id == StoreSetup.location_id)
    return db.session.scalar(neighbour.where(*shared, StoreSetup.webhook_id.is_not(None)).limit(1))


def _known_secret(company: Company) -> str:
    return company.shopmonkey_webhook_secret or current_app.config["SETTINGS"].shopmonkey_webhook_secret


def _new_secret(client: ShopMonkeyPort, url: str, company_id: int) -> str:
    """A secret for the company, committed before ShopMonkey hears of it, so that no lost answer leaves it unknown."""
    if any(one.url == url and not one.deleted for one in client.webhooks()):
        raise CannotRegister(UNKNOWN_TO_US)
    empty = (Company.id == company_id, Company.shopmonkey_webhook_secret.is_(None))
    made = update(Company).where(*empty).values(shopmonkey_webhook_secret=secrets.token_urlsafe(32))
    db.session.execute(made.execution_options(synchronize_session=False))
    secret = db.session.scalar(select(Company.shopmonkey_webhook_secret).where(Company.id == company_id))
    db.session.commit()
    return secret or ""
