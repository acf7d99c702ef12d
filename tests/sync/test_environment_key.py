"""SHOPMONKEY_API_KEY reads companies without a key of their own, where it is their account's."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.catalog.models import Service
from app.db import db
from app.locations.models import Company, Location, ShopMonkeyKey
from app.shopmonkey import ShopMonkeyError
from app.shopmonkey.fake import FakeShopMonkey
from app.sync import freshen, sync_catalog
from app.sync.clients import client_of, client_of_store, clients_of, has_key, has_own_key, real_clients
from app.sync.connection import connection_of
from app.sync.onboarding import OnboardingRefused, client_for
from app.sync.polling import poll
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_company, make_location
from tests.wire.shopmonkey_server import KEY, shopmonkey_server

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _environment(app, monkeypatch):
    settings = app.config["SETTINGS"].model_copy(update={"shopmonkey_api_key": "environment"})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    monkeypatch.setitem(app.extensions, "shopmonkey_by_key", Key)
    monkeypatch.setitem(app.extensions, "shopmonkey", real_clients(settings, Key))


@dataclass(frozen=True)
class Key:
    """Stands for its client. `account` is the only one that it may read; None: it was tried when it was kept."""

    secret: str
    account: str | None = None

    def of_account(self, account: str) -> "Key":
        return Key(self.secret, account)


@pytest.fixture
def company(app) -> Company:
    return make_company()


def add_keyed_store(company: Company, secret: str) -> None:
    key = ShopMonkeyKey(company_id=company.id, secret=secret)
    db.session.add(key)
    db.session.flush()
    make_location(company, shopmonkey_key_id=key.id)
    db.session.flush()


def test_it_reads_no_company_whose_stores_all_have_keys(company) -> None:
    add_keyed_store(company, "one")
    add_keyed_store(company, "two")
    assert clients_of(company) == [Key("one"), Key("two")]
    assert (has_own_key(company), has_key(company)) == (False, True)
    with pytest.raises(ShopMonkeyError, match="has no ShopMonkey key"):
        client_of(company)
    with pytest.raises(OnboardingRefused, match="has no ShopMonkey key"):
        client_for(company, None)


def test_it_reads_a_company_of_which_a_store_has_none(company) -> None:
    add_keyed_store(company, "one")
    store = make_location(company)
    assert clients_of(company) == [Key("environment", company.shopmonkey_id), Key("one")]
    assert client_of_store(store) == Key("environment", company.shopmonkey_id)


def test_it_reads_a_company_without_stores_yet(company) -> None:
    assert clients_of(company) == [Key("environment", company.shopmonkey_id)]


def test_a_key_of_the_companys_own_is_used_whatever_its_stores_have() -> None:
    company = make_company(shopmonkey_api_key="own")
    add_keyed_store(company, "one")
    assert clients_of(company) == [Key("own"), Key("one")]


@pytest.fixture
def stranger(app, monkeypatch):
    """The environment's key is another account's, which has neither our stores, orders nor services."""
    with shopmonkey_server() as server:
        server.locations["far"] = {"id": "far", "companyId": "another"}
        environment = {"shopmonkey_api_key": KEY, "shopmonkey_base_url": server.url}
        settings = app.config["SETTINGS"].model_copy(update=environment)
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        monkeypatch.setitem(app.extensions, "shopmonkey", real_clients(settings))
        monkeypatch.setitem(app.extensions, "shopmonkey_by_key", lambda secret: FakeShopMonkey())
        yield server


def test_another_accounts_key_loses_no_lead_of_a_store_without_one(company, stranger) -> None:
    add_keyed_store(company, "one")
    lead = make_lead(make_location(company), shopmonkey_order_id="o1")
    db.session.commit()
    with pytest.raises(ShopMonkeyError, match="another ShopMonkey account"):
        freshen(lead.id, NOW)
    db.session.rollback()
    assert (lead.stage, lead.closed_reason) == ("new", None)
    assert stranger.paths() == ["/v3/location"]


def test_another_accounts_key_empties_no_catalogue(company, stranger) -> None:
    service = make_service(make_location(company))
    db.session.commit()
    run = sync_catalog(service_store(service), "a test", NOW)
    assert (run.status, run.error) == ("failed", "This key belongs to another ShopMonkey account than the company's.")
    assert service.gone_at is None


def test_staff_are_told_that_the_environments_key_is_another_accounts(company, stranger) -> None:
    make_location(company)
    db.session.commit()
    with pytest.raises(ShopMonkeyError):
        poll(company, NOW)
    part = connection_of(company).parts[0]
    assert part.state == "problem"
    assert "another ShopMonkey account" in part.detail


def service_store(service: Service) -> Location:
    return db.session.scalars(select(Location).where(Location.id == service.location_id)).one()
