"""SHOPMONKEY_API_KEY is another account's than that of a company whose stores all have keys of their own."""

import pytest

from app.db import db
from app.locations.models import Company, ShopMonkeyKey
from app.shopmonkey import ShopMonkeyError
from app.sync.clients import client_of, client_of_store, clients_of, has_key, has_own_key, real_clients
from app.sync.onboarding import OnboardingRefused, client_for
from tests.factories.locations import make_company, make_location


@pytest.fixture(autouse=True)
def _environment(app, monkeypatch):
    settings = app.config["SETTINGS"].model_copy(update={"shopmonkey_api_key": "environment"})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    # The key itself stands for its client.
    monkeypatch.setitem(app.extensions, "shopmonkey_by_key", lambda secret: secret)
    monkeypatch.setitem(app.extensions, "shopmonkey", real_clients(settings, lambda secret: secret))


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
    assert clients_of(company) == ["one", "two"]
    assert (has_own_key(company), has_key(company)) == (False, True)
    with pytest.raises(ShopMonkeyError, match="has no ShopMonkey key"):
        client_of(company)
    with pytest.raises(OnboardingRefused, match="has no ShopMonkey key"):
        client_for(company, None)


def test_it_reads_a_company_of_which_a_store_has_none(company) -> None:
    add_keyed_store(company, "one")
    store = make_location(company)
    assert clients_of(company) == ["environment", "one"]
    assert client_of_store(store) == "environment"


def test_it_reads_a_company_without_stores_yet(company) -> None:
    assert clients_of(company) == ["environment"]


def test_a_key_of_the_companys_own_is_used_whatever_its_stores_have() -> None:
    company = make_company(shopmonkey_api_key="own")
    add_keyed_store(company, "one")
    assert clients_of(company) == ["own", "one"]
