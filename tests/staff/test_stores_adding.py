"""Adding stores from the dashboard: the key is tried, kept encrypted, never shown; locations are chosen."""

import pytest
from sqlalchemy import func, select

from app.accounts.models import AuditEntry
from app.db import db
from app.locations.models import Location, ShopMonkeyKey
from app.shopmonkey.fake import FakeShopMonkey
from app.sync.models import CatalogRun, StoreSetup
from tests.factories.accounts import make_staff, sign_in
from tests.factories.locations import make_company
from tests.factories.shopmonkey import AWAY, accounts_of, put_location

NEW = "/staff/stores/new"
KEYS = "/staff/stores/keys"
SECRET = "sm-secret-key-1"


@pytest.fixture
def shop(app, cast):
    fake = FakeShopMonkey()
    account = cast.store.company.shopmonkey_id
    put_location(fake, "golden", account, name="Tint World Golden")
    put_location(fake, "vail", account, name="Tint World Vail")
    put_location(fake, cast.store.shopmonkey_id, account, name="Tint World Coral Springs")
    put_location(fake, cast.other_store.shopmonkey_id, account, name="Tint World Boulder")
    with accounts_of(app, **{SECRET: fake}):
        yield fake


@pytest.fixture
def frances(app, cast):
    return sign_in(app.test_client(), make_staff(cast.store, "franchise_admin"))


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", NEW),
        ("GET", f"{NEW}/locations"),
        ("POST", KEYS),
        ("POST", "/staff/stores"),
        ("POST", f"{KEYS}/1/forgotten"),
    ],
)
def test_only_an_admin_adds_stores(app, desk, cast, method, path):
    manager = sign_in(app.test_client(), make_staff(cast.store, "store_manager"))
    assert desk.open(path, method=method).status_code == 403
    assert manager.open(path, method=method).status_code == 403
    assert NEW not in manager.get("/staff/stores").text


def test_from_the_key_to_the_stores_checklist(frances, shop, cast):
    answer = frances.post(KEYS, data={"key": f" {SECRET}\n", "for": "company"})
    assert answer.status_code == 303
    chooser = frances.get(answer.location).text
    assert "Tint World Golden" in chooser
    assert 'value="golden"' in chooser
    assert f'value="{cast.store.shopmonkey_id}"' not in chooser
    answer = frances.post("/staff/stores", data={"location": "golden"})
    store = db.session.scalars(select(Location).where(Location.shopmonkey_id == "golden")).one()
    assert answer.location == f"/staff/stores/{store.id}"
    assert db.session.get_one(StoreSetup, store.id).due_at is not None
    page = frances.get(answer.location).text
    assert "Being registered in ShopMonkey" in page
    assert "Waiting for its turn" in page
    assert db.session.scalars(select(AuditEntry.action)).all()[-2:] == ["chose a ShopMonkey key", "added"]


def test_several_are_added_at_once_and_twice_is_once(frances, shop, cast):
    frances.post(KEYS, data={"key": SECRET, "for": "company"})
    for _ in range(2):
        assert frances.post("/staff/stores", data={"location": ["golden", "vail"]}).location == "/staff/stores"
    assert count(Location) == 4
    assert count(StoreSetup) == count(CatalogRun) == 2


def test_a_key_of_some_stores_is_kept_apart_and_can_be_gone_on_with(frances, shop, cast):
    answer = frances.post(KEYS, data={"key": SECRET, "for": "stores"})
    key = db.session.scalars(select(ShopMonkeyKey)).one()
    assert answer.location == f"{NEW}/locations?key={key.id}"
    assert cast.store.company.shopmonkey_api_key is None
    assert answer.location in frances.get(NEW).text
    frances.post("/staff/stores", data={"location": "golden", "key": key.id})
    assert db.session.scalars(select(Location.shopmonkey_key_id).filter_by(shopmonkey_id="golden")).one() == key.id


def test_no_page_shows_a_key_again(frances, shop, cast):
    frances.post(KEYS, data={"key": SECRET, "for": "company"})
    frances.post(KEYS, data={"key": SECRET, "for": "stores"})
    for path in (NEW, f"{NEW}/locations", f"/staff/stores/{cast.store.id}", f"/staff/stores/{cast.store.id}/key"):
        assert SECRET not in frances.get(path).text
    told = db.session.scalars(select(AuditEntry.detail).where(AuditEntry.detail.is_not(None))).all()
    assert SECRET not in str(told)


@pytest.mark.parametrize("key", ["", "wrong", "two words", "a\nb", "x" * 5000, "clé"])
def test_a_wrong_key_is_told_and_not_kept(frances, shop, cast, key):
    answer = frances.post(KEYS, data={"key": key, "for": "company"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert not key or f'value="{key}"' not in answer.text
    db.session.expire_all()
    assert cast.store.company.shopmonkey_api_key is None


def test_while_shopmonkey_is_down_it_says_so_and_nothing_is_half_written(frances, shop, cast):
    frances.post(KEYS, data={"key": SECRET, "for": "company"})
    shop.failing = AWAY
    answers = [
        frances.get(f"{NEW}/locations"),
        frances.post(KEYS, data={"key": SECRET, "for": "stores"}),
        frances.post("/staff/stores", data={"location": ["golden", "vail"]}),
    ]
    for answer in answers:
        assert answer.status_code == 502
        assert "does not answer right now" in answer.text
    assert count(Location) == 2
    assert count(ShopMonkeyKey) == count(StoreSetup) == 0


def test_nothing_chosen_is_asked_again(frances, shop):
    frances.post(KEYS, data={"key": SECRET, "for": "company"})
    answer = frances.post("/staff/stores", data={})
    assert answer.status_code == 422
    assert "Choose at least one" in answer.text


def test_a_zone_is_asked_for_where_shopmonkey_names_none(frances, shop, cast):
    frances.post(KEYS, data={"key": SECRET, "for": "company"})
    put_location(shop, "vail", cast.store.company.shopmonkey_id, timezone=None, name="Tint World Vail")
    assert 'name="zone-vail"' in frances.get(f"{NEW}/locations").text
    answer = frances.post("/staff/stores", data={"location": ["golden", "vail"]})
    assert answer.status_code == 422
    assert count(Location) == 2
    frances.post("/staff/stores", data={"location": ["golden", "vail"], "zone-vail": "America/Denver"})
    assert count(Location) == 4


def test_another_companys_key_is_nobodys_business(frances, shop, cast):
    strange = ShopMonkeyKey(company_id=make_company().id, secret=SECRET)
    db.session.add(strange)
    db.session.commit()
    assert frances.get(f"{NEW}/locations?key={strange.id}").status_code == 422
    frances.post(f"{KEYS}/{strange.id}/forgotten")
    assert count(ShopMonkeyKey) == 1


def test_a_revoked_key_is_replaced_for_one_store_and_given_up_again(app, frances, shop, cast):
    path = f"/staff/stores/{cast.store.id}/key"
    assert frances.post(path, data={"key": "wrong", "for": "store"}).status_code == 422
    assert frances.post(path, data={"key": SECRET, "for": "store"}).status_code == 303
    db.session.expire_all()
    assert cast.store.shopmonkey_key.secret == SECRET
    assert frances.post(path, data={"for": "present"}).status_code == 422
    cast.store.company.shopmonkey_api_key = SECRET
    db.session.commit()
    assert frances.post(path, data={"for": "present"}).status_code == 303
    db.session.expire_all()
    assert cast.store.shopmonkey_key_id is None
    assert count(ShopMonkeyKey) == 0


def test_a_key_that_does_not_read_the_store_is_refused(frances, shop, cast):
    shop.remove("location", cast.store.shopmonkey_id)
    answer = frances.post(f"/staff/stores/{cast.store.id}/key", data={"key": SECRET, "for": "store"})
    assert answer.status_code == 422
    assert "does not read this store" in answer.text
    assert count(ShopMonkeyKey) == 0


def test_a_key_that_would_leave_a_store_unread_does_not_become_the_companys(frances, shop, cast):
    before = cast.store.company.shopmonkey_api_key
    shop.remove("location", cast.other_store.shopmonkey_id)
    paths = (KEYS, f"/staff/stores/{cast.store.id}/key")
    for path in paths:
        answer = frances.post(path, data={"key": SECRET, "for": "company"})
        assert answer.status_code == 422
        assert "does not read Tint World Boulder" in answer.text
        assert SECRET not in answer.text
    db.session.expire_all()
    assert cast.store.company.shopmonkey_api_key == before
    assert frances.post(paths[1], data={"key": SECRET, "for": "store"}).status_code == 303
