"""ShopMonkey accounts in memory, by key. A key that nobody knows is refused as the real API refuses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from app.db import db
from app.locations.models import Company
from app.shopmonkey import ShopMonkeyError
from app.shopmonkey.fake import FakeShopMonkey

WRONG_KEY = ShopMonkeyError("/location: 401 AUTH-0c1f7a Unauthorized", permanent=True, status=401)
AWAY = ShopMonkeyError("/location: 503 no reason given", permanent=False, status=503)

Accounts = dict[str, FakeShopMonkey]


def put_location(fake: FakeShopMonkey, location_id: str, account: str = "acme", **given: Any) -> None:
    """A store in Denver unless told otherwise."""
    row = {
        "companyId": account,
        "name": f"Tint World {location_id}",
        "timezone": "America/Denver",
        "phone": "(303) 555-0144",
        "address1": "1 Pearl St",
        "city": "Boulder",
        "state": "CO",
        "postalCode": "80301",
        "country": "US",
        **given,
    }
    fake.put("location", location_id, **row)


@contextmanager
def accounts_of(app: Flask, **by_key: FakeShopMonkey) -> Iterator[Accounts]:
    """Let `app` read these accounts by key; no call may be made while a transaction is open."""
    wrong = FakeShopMonkey()
    wrong.failing = WRONG_KEY
    before = {name: app.extensions[name] for name in ("shopmonkey", "shopmonkey_by_key")}

    def by_secret(secret: str) -> FakeShopMonkey:
        return by_key.get(secret, wrong)

    def of_company(company: Company) -> FakeShopMonkey:
        if not company.shopmonkey_api_key:
            raise ShopMonkeyError(f"{company.name} has no ShopMonkey key", permanent=True)
        return by_secret(company.shopmonkey_api_key)

    for fake in (wrong, *by_key.values()):
        fake.before_answering = _no_transaction
    app.extensions.update(shopmonkey=of_company, shopmonkey_by_key=by_secret)
    try:
        yield by_key
    finally:
        app.extensions.update(before)


def _no_transaction(what: str) -> None:
    assert not db.session().in_transaction(), f"a transaction is open while {what} is asked for"
