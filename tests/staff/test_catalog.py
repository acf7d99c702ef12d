from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.catalog.models import PriceVersion, Service
from app.db import db
from app.sync.models import CatalogRun
from tests.factories.accounts import make_staff, sign_in
from tests.factories.catalog import make_service
from tests.factories.locations import make_location

PATH = "/staff/catalog"
ODD = {"kind": "to_confirm", "low_cents": None, "odd_reason": "ShopMonkey lists a price of zero."}


@pytest.fixture
def manager(app, cast):
    return sign_in(app.test_client(), make_staff(cast.store, "store_manager"))


def price_of(service):
    db.session.expire_all()
    return db.session.get_one(Service, service.id).price.wording


def test_what_cannot_be_right_comes_first_with_its_reason(desk, cast):
    make_service(cast.store, name="Ceramic Tint")
    make_service(cast.store, name="Zero Wrap", category="Wraps", **ODD)
    make_service(cast.store, name="Uncertain", kind="to_confirm", low_cents=None)
    page = desk.get(PATH).text
    assert page.index("Zero Wrap") < page.index("Ceramic Tint")
    assert "a price of zero" in page
    assert "price to be confirmed" in page


def test_the_catalogue_can_be_searched(desk, cast):
    make_service(cast.store, name="Ceramic Tint")
    make_service(cast.store, name="Remote Starter", category="Audio", description="")
    page = desk.get(f"{PATH}?search=starter").text
    assert "Remote Starter" in page
    assert "Ceramic Tint" not in page


def test_another_stores_catalogue_is_absent(desk, cast):
    elsewhere = make_service(cast.other_store, name="Boulder Tint")
    stranger = make_service(make_location(), name="Another Company's Tint")
    for service in (elsewhere, stranger):
        assert desk.get(f"{PATH}?store={service.location_id}").status_code == 404
        assert desk.get(f"{PATH}/{service.id}").status_code == 404
        assert desk.post(f"{PATH}/{service.id}/price", data={"kind": "ask"}).status_code in (403, 404)


def test_an_advisor_looks_but_sets_no_price_and_starts_no_sync(desk, cast):
    service = make_service(cast.store)
    assert "Save price" not in desk.get(f"{PATH}/{service.id}").text
    assert desk.post(f"{PATH}/{service.id}/price", data={"kind": "ask"}).status_code == 403
    assert desk.post(f"{PATH}/syncs", data={"store": cast.store.id}).status_code == 403


@pytest.mark.parametrize(
    ("form", "wording"),
    [
        ({"kind": "exact", "low": "$1,299.50"}, "$1,299.50"),
        ({"kind": "from", "low": "199", "high": "5"}, "from $199"),
        ({"kind": "range", "low": "199", "high": "299"}, "$199 to $299"),
        ({"kind": "ask", "low": "199"}, "price on request"),
        ({"kind": "class", "class_suv": "399", "class_sedan": "299"}, "$299 to $399"),
    ],
)
def test_a_manager_sets_the_stores_own_price(manager, cast, form, wording):
    service = make_service(cast.store, **ODD)
    assert manager.post(f"{PATH}/{service.id}/price", data=form).status_code == 303
    assert price_of(service) == wording
    assert not db.session.get_one(Service, service.id).quarantined
    assert db.session.scalar(select(PriceVersion).where(PriceVersion.service_id == service.id)).source == "store"
    assert "changed a price" in db.session.scalars(select(AuditEntry.action)).all()


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "exact", "low": ""},
        {"kind": "exact", "low": "0"},
        {"kind": "exact", "low": "-5"},
        {"kind": "exact", "low": "NaN"},
        {"kind": "exact", "low": "12.345"},
        {"kind": "exact", "low": "9999999"},
        {"kind": "range", "low": "300", "high": "200"},
        {"kind": "class"},
        {"kind": "gift", "low": "5"},
        {},
    ],
)
def test_a_price_that_makes_no_sense_is_refused_and_explained(manager, cast, form):
    service = make_service(cast.store)
    answer = manager.post(f"{PATH}/{service.id}/price", data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert price_of(service) == "$299"


def test_the_listed_price_can_be_taken_again(manager, cast):
    service = make_service(cast.store, listed_kind="exact", listed_cents=25000)
    manager.post(f"{PATH}/{service.id}/price", data={"kind": "class", "class_suv": "399"})
    assert price_of(service) == "$399"
    assert manager.post(f"{PATH}/{service.id}/price/removal").status_code == 303
    assert price_of(service) == "$250"


def test_a_manager_asks_for_a_sync_and_sees_how_it_went(manager, cast):
    assert manager.post(f"{PATH}/syncs", data={"store": cast.store.id}).status_code == 303
    assert manager.post(f"{PATH}/syncs", data={"store": cast.store.id}).status_code == 303
    run = db.session.scalar(select(CatalogRun))
    assert (run.status, run.asked_by) == ("queued", "Sam")
    assert "Waiting" in manager.get(PATH).text
    run.status, run.error, run.finished_at = "failed", "key revoked", datetime(2026, 11, 2, tzinfo=UTC)
    db.session.commit()
    part = manager.get(f"{PATH}/syncs?store={cast.store.id}").text
    assert "key revoked" in part
    assert "stayed as it was" in part


def test_a_long_catalogue_takes_as_many_queries_as_a_short_one(manager, cast):
    from sqlalchemy import event

    counted = []

    def count(*_):
        counted.append(1)

    event.listen(db.engines[None], "before_cursor_execute", count)
    numbers = []
    for more in (1, 30):
        for _ in range(more):
            make_service(cast.store, by_class={"suv": 100, "sedan": 200})
        db.session.commit()
        counted.clear()
        manager.get(PATH)
        numbers.append(len(counted))
    event.remove(db.engines[None], "before_cursor_execute", count)
    assert numbers[0] == numbers[1]
