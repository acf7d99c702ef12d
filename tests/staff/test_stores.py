"""Who may see and change stores, the list of 200 of them, and a store's switch to real people."""

import pytest
from sqlalchemy import event, select

from app.accounts.models import AuditEntry
from app.booking.bays import BayPlan, bays_of, save_bays
from app.db import db
from app.locations.models import LocationSettings
from app.sync.models import CatalogRun, StoreSetup, WebhookRegistration
from tests.conftest import settings_for_tests
from tests.factories.accounts import make_staff, sign_in
from tests.factories.catalog import make_service
from tests.factories.locations import make_location

SCREENS = ["", "/checklist", "/hours", "/bays", "/look", "/senders"]
ADMIN_SCREENS = ["/live", "/key"]
WEEK = {f"{what}-{day}-0": at for day in range(5) for what, at in (("opens", "09:00"), ("closes", "18:00"))}


@pytest.fixture
def path(cast):
    return f"/staff/stores/{cast.store.id}"


@pytest.fixture
def sam(app, cast):
    return sign_in(app.test_client(), make_staff(cast.store, "store_manager"))


@pytest.fixture
def frances(app, cast):
    return sign_in(app.test_client(), make_staff(cast.store, "franchise_admin"))


def deeds():
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def complete(store):
    """Everything that a live store needs."""
    store.company.shopmonkey_api_key = "good"
    store.tagline = "Cool cars"
    store.settings = LocationSettings(location_id=store.id, sms_number="+19545550100", mail_from="hi@tint.example")
    db.session.add(StoreSetup(location_id=store.id, webhook_id="w1"))
    make_service(store)
    save_bays(store.id, [BayPlan("Tint 1", ("tint",))])
    db.session.commit()


@pytest.mark.parametrize("screen", [*SCREENS, *ADMIN_SCREENS])
def test_an_advisor_is_turned_away_and_sees_no_link(desk, path, screen):
    assert desk.get(path + screen).status_code == 403
    assert desk.post(path + screen).status_code in (403, 405)
    assert "/staff/stores" not in desk.get("/staff/").text


@pytest.mark.parametrize("screen", SCREENS)
def test_a_manager_sees_their_own_store_and_no_other(sam, cast, path, screen):
    assert sam.get(path + screen).status_code == 200
    assert sam.get(f"/staff/stores/{cast.other_store.id}{screen}").status_code == 404
    assert sam.get(f"/staff/stores/{2**63}{screen}").status_code == 404


@pytest.mark.parametrize("screen", ["/hours", "/bays", "/look", "/senders", "/setups"])
def test_a_manager_changes_no_other_store(sam, cast, screen):
    data = {**WEEK, "tagline": "Mine now", "name-0": "Bay", "abilities-0": "tint"}
    assert sam.post(f"/staff/stores/{cast.other_store.id}{screen}", data=data).status_code == 404
    db.session.expire_all()
    assert cast.other_store.tagline is None
    assert bays_of(cast.other_store.id) == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("screen", ADMIN_SCREENS)
def test_keys_and_the_live_switch_are_the_admins(sam, path, method, screen):
    assert sam.open(path + screen, method=method).status_code == 403


def test_another_companys_admin_is_a_stranger(app, path):
    stranger = sign_in(app.test_client(), make_staff(make_location(), "franchise_admin"))
    for screen in [*SCREENS, *ADMIN_SCREENS]:
        assert stranger.get(path + screen).status_code == 404


def test_a_manager_lists_their_store_only_an_admin_all(sam, frances):
    assert "Boulder" not in sam.get("/staff/stores").text
    assert "Boulder" in frances.get("/staff/stores").text


def test_two_hundred_stores_come_in_pages_with_as_many_queries_as_two(frances, cast):
    def counted(query=""):
        seen = []
        watch = lambda *args: seen.append(args[2])  # noqa: E731
        db.session.expire_all()
        event.listen(db.engine, "before_cursor_execute", watch)
        try:
            page = frances.get(f"/staff/stores{query}").text
        finally:
            event.remove(db.engine, "before_cursor_execute", watch)
        return len([one for one in seen if one.startswith(("SELECT", "WITH"))]), page

    few, _ = counted()
    for number in range(200):
        store = make_location(cast.store.company, name=f"Nr{number:03d}x", city="Golden")
        make_service(store)
        db.session.add(StoreSetup(location_id=store.id))
        db.session.add(CatalogRun(company_id=store.company_id, location_id=store.id, asked_by="test"))
    db.session.commit()
    many, page = counted()
    assert many == few <= 17
    assert page.count('role="listitem"') == 30
    assert "202 stores" in page
    last = counted("?page=7")[1]
    assert last.count('role="listitem"') == 22
    assert 'rel="next"' not in last
    assert counted("?search=golden+nr117x")[1].count('role="listitem"') == 1
    assert counted("?search=%25")[1].count('role="listitem"') == 0


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=99999999999999999999"])
def test_odd_queries_show_the_list(frances, query):
    assert frances.get(f"/staff/stores?{query}").status_code == 200


def test_the_checklist_says_what_is_missing(sam, cast, path):
    page = sam.get(path).text
    assert "Open on 6 days a week" in page
    assert "Without a bay nothing can be booked" in page
    cast.store.hours = []
    db.session.commit()
    assert "“open now” is not claimed" in sam.get(path).text


def test_the_checklist_shows_the_pull_as_it_goes(sam, cast, path):
    run = CatalogRun(company_id=cast.store.company_id, location_id=cast.store.id, asked_by="x", listed=40, total=100)
    run.status = "running"
    db.session.add(run)
    db.session.commit()
    assert "40 of 100 services read" in sam.get(f"{path}/checklist").text


def test_asking_shopmonkey_again_queues_the_work_once(sam, cast, path):
    for _ in range(2):
        assert sam.post(f"{path}/setups").status_code == 303
    assert len(db.session.scalars(select(CatalogRun.id)).all()) == 1
    assert db.session.get_one(StoreSetup, cast.store.id).due_at is not None
    assert deeds()[-1] == "set up again"


def test_a_store_goes_live_when_complete_and_confirmed_and_it_is_written_down(frances, cast, path):
    complete(cast.store)
    assert frances.post(f"{path}/live", data={"live": "yes"}).status_code == 422
    assert frances.post(f"{path}/live", data={"live": "yes", "confirmed": "yes"}).status_code == 303
    db.session.expire_all()
    assert cast.store.live
    assert deeds()[-1] == "went live"
    assert frances.post(f"{path}/live", data={"live": "no"}).status_code == 303
    db.session.expire_all()
    assert not cast.store.live
    assert deeds()[-1] == "stopped being live"


@pytest.mark.parametrize("lacking", ["hours", "tagline", "settings"])
def test_an_incomplete_store_does_not_go_live(frances, cast, path, lacking):
    complete(cast.store)
    if lacking == "settings":
        db.session.delete(cast.store.settings)
    else:
        setattr(cast.store, lacking, [] if lacking == "hours" else None)
    db.session.commit()
    answer = frances.post(f"{path}/live", data={"live": "yes", "confirmed": "yes"})
    assert answer.status_code == 409
    assert "Still missing" in answer.text
    db.session.expire_all()
    assert not cast.store.live


def test_a_sandbox_has_no_live_store(app, frances, cast, path, monkeypatch):
    complete(cast.store)
    monkeypatch.setitem(app.config, "SETTINGS", settings_for_tests("", sandbox=True))
    answer = frances.post(f"{path}/live", data={"live": "yes", "confirmed": "yes"})
    assert answer.status_code == 409
    assert "sandbox" in answer.text
    db.session.expire_all()
    assert not cast.store.live
    assert 'name="confirmed"' not in frances.get(f"{path}/live").text


def test_stopping_needs_nothing(frances, cast, path):
    cast.store.live = True
    db.session.commit()
    assert frances.post(f"{path}/live", data={"live": "no"}).status_code == 303
    db.session.expire_all()
    assert not cast.store.live


def test_a_webhook_that_broke_since_is_told(sam, cast, path):
    complete(cast.store)
    assert "New orders are told at once" in sam.get(path).text
    broken = {
        "checked_at": cast.store.created_at,
        "problem": "It was switched off",
    }
    db.session.add(WebhookRegistration(company_id=cast.store.company_id, **broken))
    db.session.commit()
    assert "It was switched off" in sam.get(path).text
