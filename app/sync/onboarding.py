"""Adding stores: a key is tried, ShopMonkey's locations are offered, and the chosen ones become stores.

Nothing is written before ShopMonkey has answered, and then all of it in one transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from app.db import db
from app.locations.models import Company, Location, ShopMonkeyKey
from app.locations.stores import add_store, added_ids
from app.locations.zones import known_zone
from app.shopmonkey import LocationPayload, ShopMonkeyError, ShopMonkeyPort
from app.sync.catalog_runs import queue_run
from app.sync.clients import client_of, client_of_key
from app.sync.registrations import look_at_webhook
from app.sync.setups import begin_setup, resume_stopped
from app.sync.shopmonkey_words import in_words
from app.sync.visits import try_stores_again
from app.sync.watermarks import carry_over


class OnboardingRefused(Exception):
    """It cannot go on; the message is for whoever asked. `later` says that the same may work in a while."""

    def __init__(self, message: str, *, later: bool = False) -> None:
        super().__init__(message)
        self.later = later


@dataclass(frozen=True, slots=True)
class Offer:
    """A location of ShopMonkey that may become a store. `zone_known` is False where somebody must choose one."""

    payload: LocationPayload
    added: bool

    @property
    def zone_known(self) -> bool:
        return known_zone(self.payload.timezone) is not None

    @property
    def address(self) -> str:
        parts = (self.payload.address1, self.payload.city, self.payload.state)
        return ", ".join(part for part in parts if part)


def read_locations(client: ShopMonkeyPort, account: str | None = None) -> list[LocationPayload]:
    """What the key behind `client` reads, by name; of that account only, where one is given.

    Raises OnboardingRefused. No transaction may be open: this waits for ShopMonkey.
    """
    try:
        found = client.locations()
    except ShopMonkeyError as error:
        raise OnboardingRefused(in_words(error), later=not error.permanent) from error
    open_ones = [one for one in found if one.id and not (one.archived or one.deleted)]
    of_account = [one for one in open_ones if account is None or one.company_id in (None, account)]
    if open_ones and not of_account:
        raise OnboardingRefused("This key belongs to another ShopMonkey account than your company's.")
    if not of_account:
        raise OnboardingRefused("ShopMonkey shows no open location to this key.")
    return sorted(of_account, key=lambda one: ((one.name or "").casefold(), one.id))


def offers(company_id: int, payloads: Iterable[LocationPayload]) -> list[Offer]:
    """The locations as offers, those that are stores already marked."""
    added = added_ids(company_id)
    return [Offer(payload, payload.id in added) for payload in payloads]


def client_for(company: Company, key_id: int | None) -> ShopMonkeyPort:
    """The client of a kept key, or of the company's own for None. Raises OnboardingRefused."""
    try:
        key = None if key_id is None else key_of(company.id, key_id)
        return client_of(company) if key is None else client_of_key(key.secret)
    except ShopMonkeyError as error:
        raise OnboardingRefused(str(error)) from error


def key_of(company_id: int, key_id: int) -> ShopMonkeyKey:
    """A kept key of that company. Raises OnboardingRefused when there is none."""
    key = db.session.scalar(
        select(ShopMonkeyKey).where(ShopMonkeyKey.id == key_id, ShopMonkeyKey.company_id == company_id)
    )
    if key is None:
        raise OnboardingRefused("That key has been removed. Paste it again.")
    return key


def keep_key(company: Company, secret: str, *, for_company: bool) -> int | None:
    """Keep a key that ShopMonkey has taken: as the company's own (None), or apart, by the id that stores name it by.

    What the company's former key did not do is done with this one.
    """
    if for_company:
        company.shopmonkey_api_key = secret
        db.session.flush()
        resume_stopped(company.id)
        look_at_webhook(company.id)
        try_stores_again(Location.company_id == company.id, Location.shopmonkey_key_id.is_(None))
        return None
    key = ShopMonkeyKey(company_id=company.id, secret=secret)
    db.session.add(key)
    db.session.flush()
    return key.id


def refuse_narrower(company: Company, client: ShopMonkeyPort) -> None:
    """Raises OnboardingRefused where the key behind `client` cannot be the company's: it would leave a store unread.

    An order that no key shows is gone as far as we can tell, and its lead would be closed. Commits before it calls.
    """
    relying = (Location.company_id == company.id, Location.shopmonkey_key_id.is_(None))
    names = {row.shopmonkey_id: row.name for row in db.session.execute(select(Location).where(*relying)).scalars()}
    if not names:
        return
    db.session.commit()
    try:
        shown = {one.id for one in client.locations()}
    except ShopMonkeyError as error:
        raise OnboardingRefused(in_words(error), later=not error.permanent) from error
    left = sorted(name for shopmonkey_id, name in names.items() if shopmonkey_id not in shown)
    if left:
        others = f" and {len(left) - 1} more" if left[1:] else ""
        raise OnboardingRefused(
            f"This key does not read {left[0]}{others}, which the company's key has to. Use it for single stores only."
        )


def use_key(store: Location, secret: str | None, *, for_company: bool) -> None:
    """Read the store with that key from now on: its own, or the company's, which None leaves as it is.

    It is read from where the former key came to: that one may have been refused for days.
    """
    former = store.shopmonkey_key_id
    key_id = None if secret is None else keep_key(store.company, secret, for_company=for_company)
    store.shopmonkey_key = None if key_id is None else db.session.get_one(ShopMonkeyKey, key_id)
    db.session.flush()
    carry_over(store.company_id, former, key_id)
    try_stores_again(Location.id == store.id)
    look_at_webhook(store.company_id)
    used = select(Location.id).where(Location.shopmonkey_key_id == ShopMonkeyKey.id).exists()
    db.session.execute(delete(ShopMonkeyKey).where(ShopMonkeyKey.id == former, ~used))


def unused_keys(company_id: int) -> list[ShopMonkeyKey]:
    """Keys that were pasted for some stores, whose stores were then not chosen."""
    used = select(Location.id).where(Location.shopmonkey_key_id == ShopMonkeyKey.id).exists()
    keys = select(ShopMonkeyKey).where(ShopMonkeyKey.company_id == company_id, ~used)
    return list(db.session.scalars(keys.order_by(ShopMonkeyKey.id)))


def drop_unused_key(company_id: int, key_id: int) -> None:
    """Forget such a key; one that stores use stays."""
    used = select(Location.id).where(Location.shopmonkey_key_id == ShopMonkeyKey.id).exists()
    mine = (ShopMonkeyKey.id == key_id, ShopMonkeyKey.company_id == company_id)
    db.session.execute(delete(ShopMonkeyKey).where(*mine, ~used))


def start_setup(store: Location, asked_by: str, now: datetime) -> None:
    """Have the worker do what ShopMonkey is needed for: the webhook, the catalogue, and visits that were stuck."""
    begin_setup(store)
    queue_run(store, asked_by, now)
    try_stores_again(Location.id == store.id)


def add_stores(
    company: Company,
    payloads: Iterable[LocationPayload],
    zones: Mapping[str, str],
    key_id: int | None,
    asked_by: str,
    now: datetime,
) -> list[Location]:
    """Make stores of the locations and have the worker do the rest; those that are there already stay as they are.

    Raises OnboardingRefused where a zone is missing, before anything is written that the caller would commit.
    """
    made = []
    for payload in payloads:
        try:
            store, new = add_store(company, payload, zones.get(payload.id), key_id)
        except ValueError as error:
            raise OnboardingRefused(str(error)) from error
        if new:
            start_setup(store, asked_by, now)
            made.append(store)
    return made
