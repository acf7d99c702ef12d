from datetime import UTC, datetime
from itertools import count

import pytest
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.db import db
from app.webhooks.models import WebhookEvent
from tests.factories.accounts import make_staff, sign_in
from tests.factories.locations import make_location

_numbers = count(1)
PATH = "/staff/webhook-events"


def make_event(company_id, status="unknown_store", *, store="location-unheard-of", **given):
    number = next(_numbers)
    event = WebhookEvent(
        **{
            "source": "shopmonkey",
            "delivery_id": f"wh-{number}",
            "account": "acme",
            "company_id": company_id,
            "object_table": "order",
            "object_id": f"order-of-event-{number}",
            "operation": "INSERT",
            "version": "1",
            "payload": {"data": {"locationId": store, "generatedCustomerName": "Private Person"}},
            "status": status,
            "next_attempt_at": datetime.now(UTC),
            **given,
        }
    )
    db.session.add(event)
    db.session.flush()
    return event


@pytest.fixture
def retried(app, monkeypatch):
    asked = []
    monkeypatch.setitem(app.extensions, "retry_webhook_event", lambda event_id, now: asked.append(event_id))
    return asked


def as_role(app, cast, role):
    return sign_in(app.test_client(), make_staff(cast.store, role))


def test_an_advisor_has_no_such_page(desk, cast):
    assert desk.get(PATH).status_code == 403
    assert PATH not in desk.get("/staff/").text


@pytest.mark.parametrize("role", ["store_manager", "franchise_admin"])
def test_what_found_no_store_is_shown_without_the_customer(app, cast, role):
    event = make_event(cast.store.company_id)
    page = as_role(app, cast, role).get(PATH).text
    assert event.object_id in page
    assert "location-unheard-of" in page
    assert "Private Person" not in page


def test_what_is_done_or_under_way_is_not_shown(app, cast):
    hidden = [make_event(cast.store.company_id, status) for status in ("new", "claimed", "done")]
    page = as_role(app, cast, "franchise_admin").get(PATH).text
    assert not [event for event in hidden if event.object_id in page]


def test_a_manager_sees_parked_events_of_their_own_store_only(app, cast):
    mine = make_event(cast.store.company_id, "parked", store=cast.store.shopmonkey_id, last_error="Timed out")
    other = make_event(cast.store.company_id, "parked", store=cast.other_store.shopmonkey_id)
    managers, admins = (as_role(app, cast, role).get(PATH).text for role in ("store_manager", "franchise_admin"))
    assert mine.object_id in managers
    assert "Timed out" in managers
    assert other.object_id not in managers
    assert other.object_id in admins


def test_another_companys_events_are_nobodys_business(app, cast, retried):
    event = make_event(make_location().company_id)
    frances = as_role(app, cast, "franchise_admin")
    assert event.object_id not in frances.get(PATH).text
    assert frances.post(f"{PATH}/{event.id}/attempts").status_code == 404
    assert retried == []


def test_an_unknown_companys_events_are_an_admins_while_there_is_one_company(app, cast):
    event = make_event(None)
    frances = as_role(app, cast, "franchise_admin")
    assert event.object_id in frances.get(PATH).text
    assert event.object_id not in as_role(app, cast, "store_manager").get(PATH).text
    make_location()
    db.session.commit()
    assert event.object_id not in frances.get(PATH).text


def test_trying_again_asks_the_room_of_webhooks_and_is_audited(app, cast, retried):
    event = make_event(cast.store.company_id)
    frances = as_role(app, cast, "franchise_admin")
    assert f"{PATH}/{event.id}/attempts" in frances.get(PATH).text
    assert frances.post(f"{PATH}/{event.id}/attempts").status_code == 303
    assert retried == [event.id]
    assert "tried again" in db.session.scalars(select(AuditEntry.action)).all()


def test_what_is_not_stranded_cannot_be_tried_again(app, cast, retried):
    event = make_event(cast.store.company_id, "done")
    assert as_role(app, cast, "franchise_admin").post(f"{PATH}/{event.id}/attempts").status_code == 404
    assert retried == []
