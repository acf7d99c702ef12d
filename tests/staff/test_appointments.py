"""Staff book for callers, and move, cancel and close visits."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import booking
from app.accounts.models import AuditEntry
from app.assistant.models import PriceReceipt
from app.booking.models import Appointment
from app.db import db
from app.leads.models import LeadEvent, RequestedService
from app.lib import clock
from tests.factories.accounts import make_staff, sign_in
from tests.factories.booking import HOUR, NOW, TEN, make_bay, make_rules, make_wish
from tests.factories.catalog import make_service
from tests.factories.leads import make_customer, make_lead

NEW = "/staff/calendar/appointments/new"
PATH = "/staff/calendar/appointments"


pytestmark = pytest.mark.usefixtures("on_monday_morning")


@pytest.fixture
def service(cast):
    found = make_service(cast.store)
    db.session.commit()
    return found


@pytest.fixture
def visit(cast, bay):
    visit = booking.book(make_wish(cast.lead), NOW)
    db.session.commit()
    return visit


def form_of(service, start=TEN, **given):
    return {"client_id": uuid4().hex, "services": service.id, "slot": start.isoformat(), "book": "yes", **given}


def visits():
    db.session.expire_all()
    return db.session.scalars(select(Appointment).order_by(Appointment.id)).all()


def audited():
    return db.session.execute(select(AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id)).all()[-1]


def timeline(lead):
    rows = select(LeadEvent.text).where(LeadEvent.lead_id == lead.id, LeadEvent.kind == "appointment")
    return db.session.scalars(rows.order_by(LeadEvent.id)).all()


def test_a_lead_is_found_chosen_and_booked(desk, cast, bay, service):
    found = desk.post(PATH, data={"lead_search": "ortiz", "find": "lead"}).text
    assert "Lea Ortiz" in found
    assert cast.lead.public_id in found
    times = desk.post(PATH, data={"choose_lead": cast.lead.public_id, "services": service.id, "find": "times"}).text
    assert "Tuesday, December 1" in times
    assert f'value="{TEN.isoformat()}"' in times
    assert "3 h" in times
    assert "$299" in times
    answer = desk.post(PATH, data=form_of(service, lead=cast.lead.public_id, note="Keys in the box"))
    (visit,) = visits()
    assert answer.location == f"{PATH}/{visit.public_id}"
    assert (visit.lead_id, visit.status, visit.starts_at, visit.note) == (
        cast.lead.id,
        "booked",
        TEN,
        "Keys in the box",
    )
    assert (visit.minutes, visit.price_wording) == (180, "$299")
    assert cast.lead.stage == "booked"
    assert timeline(cast.lead) == ["Booked for Tuesday, December 1 at 10:00 AM, Tint 1"]
    assert audited() == ("booked a visit", f"appointment:{visit.public_id}")
    shown = desk.get(answer.location).text
    for words in ("Lea Ortiz", "2021 Toyota Camry", "$299", "3 h", "Keys in the box", "Booked for Tue, Dec 1", "Ana"):
        assert words in shown
    assert f"/staff/leads/{cast.lead.public_id}" in shown
    assert visit.public_id in desk.get(f"/staff/leads/{cast.lead.public_id}").text


def test_choosing_a_lead_chooses_what_its_order_asks_for(desk, cast, bay, service):
    cast.lead.services.append(
        RequestedService(
            shopmonkey_id="line-1", position=0, name="Tint", price_cents=25000, canned_service_id=service.shopmonkey_id
        )
    )
    db.session.commit()
    text = desk.get(NEW, query_string={"lead": cast.lead.public_id}).text
    assert f'name="services" value="{service.id}" checked' in text
    assert "$250" in text


def test_a_price_that_the_chat_has_shown_stays_the_customers(desk, cast, bay, service):
    db.session.add(
        PriceReceipt(
            lead_id=cast.lead.id, service_id=service.id, vehicle_class="sedan", kind="exact", low_cents=27900,
            high_cents=None, currency="USD", given_at=NOW, shown_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()
    desk.post(PATH, data=form_of(service, lead=cast.lead.public_id))
    assert visits()[0].price_wording == "$279"


def test_a_caller_without_a_lead_is_booked_by_name_once_however_often_it_is_sent(desk, cast, bay, service):
    form = form_of(service, name="Walker Smith", phone="(954) 555-0177", email="w@example.com")
    assert [desk.post(PATH, data=form).status_code for _ in range(2)] == [303, 303]
    (visit,) = visits()
    assert (visit.customer_name, visit.customer_phone) == ("Walker Smith", "+19545550177")
    assert visit.lead_id is None


def test_htmx_is_sent_on_to_the_visit(desk, cast, bay, service):
    headers = {"HX-Request": "true", "HX-Request-Type": "full"}
    answer = desk.post(PATH, data=form_of(service, name="Walker"), headers=headers)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == f"{PATH}/{visits()[0].public_id}"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"name": ""}, "Say who comes"),
        ({"phone": "12"}, "Write a number like"),
        ({"email": "nobody"}, "Write an address like"),
        ({"services": "999999"}, "Choose what is to be done"),
        ({"slot": ""}, "Choose a time"),
        ({"slot": "soon"}, "Choose a time"),
        ({"slot": "other", "on": "2026-12-01", "at": "25:00"}, "Give a day and a time"),
        ({"slot": "other", "on": "9999-12-31", "at": "10:00"}, "too far away"),
    ],
)
def test_what_is_missing_is_said_beside_what_was_typed(desk, cast, bay, service, wrong, why):
    answer = desk.post(PATH, data=form_of(service) | {"name": "Walker Smith", "note": "Typed note"} | wrong)
    assert answer.status_code == 422
    assert why in answer.text
    assert "Typed note" in answer.text
    assert visits() == []


def test_a_time_that_was_taken_meanwhile_offers_others_in_place(desk, cast, bay, visit, service):
    answer = desk.post(PATH, data=form_of(service, name="Walker Smith"))
    assert answer.status_code == 409
    assert "That time is taken" in answer.text
    assert "Free instead" in answer.text
    assert "Walker Smith" in answer.text
    instead = answer.text.split("Free instead</p>")[1].split("</section>")[0]
    work = booking.Work(3 * HOUR, frozenset({"tint"}))
    free = {slot.starts_at for slot in booking.free_slots(cast.store.id, work, NOW)}
    offered = [part.split('"')[0] for part in instead.split('value="')[1:]]
    assert offered
    assert set(offered) <= {start.isoformat() for start in free}


def test_staff_go_beyond_lead_time_and_grid_but_not_beyond_hours(desk, cast, bay, service):
    make_rules(cast.store, lead_minutes=2880)
    asked = {"name": "Walker", "slot": "other", "on": "2026-11-30", "bay": bay.id}
    assert desk.post(PATH, data=form_of(service) | asked | {"at": "09:10"}).status_code == 303
    closed = desk.post(PATH, data=form_of(service) | asked | {"at": "18:30"})
    assert closed.status_code == 409
    assert "does not begin such work" in closed.text


def test_work_that_no_bay_can_do_is_said(desk, cast, bay):
    wash = make_service(cast.store, name="Car wash", category="Wash")
    db.session.commit()
    assert "No bay of this store can do all of this" in desk.post(PATH, data={"services": wash.id}).text


def test_a_lead_with_a_visit_ahead_is_told_of_and_can_have_another(desk, cast, bay, visit, service):
    assert "There is a visit ahead already" in desk.get(NEW, query_string={"lead": cast.lead.public_id}).text
    later = TEN + timedelta(days=1)
    assert desk.post(PATH, data=form_of(service, later, lead=cast.lead.public_id)).status_code == 303
    assert len(visits()) == 2


def test_moving_needs_a_reason_and_is_kept_told_and_shown(desk, cast, bay, visit):
    second = make_bay(cast.store, "tint", name="Tint 2")
    db.session.commit()
    form = {"slot": "other", "on": "2026-12-02", "at": "14:00", "bay": second.id}
    refused = desk.post(f"{PATH}/{visit.public_id}/moves", data=form)
    assert refused.status_code == 422
    assert "Say why it is moved" in refused.text
    assert 'value="2026-12-02"' in refused.text
    assert desk.post(f"{PATH}/{visit.public_id}/moves", data={**form, "why": "Parts are late"}).status_code == 303
    db.session.expire_all()
    assert (visit.starts_at, visit.bay_id) == (TEN + timedelta(hours=28), second.id)
    assert timeline(cast.lead)[-1] == "Moved to Wednesday, December 2 at 2:00 PM, Tint 2: Parts are late"
    assert audited() == ("moved a visit", f"appointment:{visit.public_id}")
    shown = desk.get(f"{PATH}/{visit.public_id}").text
    assert "Moved from Tue, Dec 1, 10:00 AM, Tint 1 to Wed, Dec 2, 2:00 PM, Tint 2" in shown
    assert "Parts are late" in shown


def test_moving_onto_another_visit_offers_free_times_and_moves_nothing(desk, cast, bay, visit):
    other = make_lead(cast.store, customer=make_customer(cast.store.company))
    booking.book(make_wish(other, TEN + 3 * HOUR), NOW)
    db.session.commit()
    form = {"slot": "other", "on": "2026-12-01", "at": "13:00", "why": "Asked"}
    answer = desk.post(f"{PATH}/{visit.public_id}/moves", data=form)
    assert answer.status_code == 409
    assert "Free instead" in answer.text
    assert visits()[0].starts_at == TEN


def test_showing_free_times_from_another_day_moves_nothing(desk, cast, bay, visit):
    form = {"since": "2026-12-10", "show": "yes", "on": "2026-12-01", "why": "Asked"}
    text = desk.post(f"{PATH}/{visit.public_id}/moves", data=form).text
    assert "Thursday, December 10" in text
    assert 'value="Asked"' in text
    assert visits()[0].starts_at == TEN


def test_cancelling_needs_a_reason_and_frees_the_lead(desk, cast, bay, visit):
    address = f"{PATH}/{visit.public_id}/cancellation"
    assert desk.post(address, data={}).status_code == 422
    assert visits()[0].status == "booked"
    assert desk.post(address, data={"why": "Sold the car"}).status_code == 303
    assert visits()[0].status == "cancelled"
    assert cast.lead.stage != "booked"
    assert "Sold the car" in timeline(cast.lead)[-1]
    assert audited() == ("cancelled a visit", f"appointment:{visit.public_id}")


def test_a_hold_can_be_let_go(desk, cast, bay):
    held = booking.hold(make_wish(cast.lead), NOW)
    db.session.commit()
    assert "Let the hold go" in desk.get(f"{PATH}/{held.public_id}").text
    assert desk.post(f"{PATH}/{held.public_id}/cancellation", data={"why": "Called"}).status_code == 303
    assert visits()[0].status == "expired"


@pytest.mark.parametrize(("path", "status"), [("no-show", "no_show"), ("completion", "done")])
def test_what_became_of_it_is_noted_once_its_time_has_come(desk, cast, bay, path, status):
    soon = booking.book(make_wish(cast.lead, NOW + 5 * HOUR), NOW)
    db.session.commit()
    assert desk.post(f"{PATH}/{soon.public_id}/{path}").status_code == 409
    clock.use(lambda: NOW + 6 * HOUR)
    assert "Nobody came" in desk.get(f"{PATH}/{soon.public_id}").text
    assert desk.post(f"{PATH}/{soon.public_id}/{path}").status_code == 303
    assert visits()[0].status == status
    assert len(timeline(cast.lead)) == 2


def test_a_visit_that_is_over_cannot_be_moved_or_cancelled(desk, cast, bay, visit):
    booking.cancel(visit.id, booking.staff("Ana"), NOW)
    db.session.commit()
    form = {"slot": (TEN + HOUR).isoformat(), "on": "2026-12-01", "why": "Late"}
    answer = desk.post(f"{PATH}/{visit.public_id}/moves", data=form)
    assert answer.status_code == 409
    assert "This visit is over or was cancelled." in answer.text
    assert "Move the visit" not in answer.text


def test_another_stores_visit_is_404_by_every_address(app, desk, cast):
    make_bay(cast.other_store, "tint")
    visit = booking.book(make_wish(cast.strangers_lead, TEN + 2 * HOUR), NOW)
    db.session.commit()
    sam = sign_in(app.test_client(), make_staff(cast.store, "store_manager"))
    for browser in (desk, sam):
        assert browser.get(f"{PATH}/{visit.public_id}").status_code == 404
        for deed in ("moves", "cancellation", "no-show", "completion"):
            assert browser.post(f"{PATH}/{visit.public_id}/{deed}", data={"why": "Mine"}).status_code == 404
        assert browser.get(NEW, query_string={"store": cast.other_store.id}).status_code == 404
        assert browser.get(NEW, query_string={"lead": cast.strangers_lead.public_id}).status_code == 404
        assert browser.post(PATH, data={"store": cast.other_store.id}).status_code == 404
    assert visits()[0].status == "booked"


def test_shopmonkeys_day_is_looked_at_before_a_time_is_taken(app, desk, cast, bay, service, monkeypatch):
    seen = []

    def read(location_id, day, now):
        seen.append((location_id, day.isoformat()))
        return True

    monkeypatch.setitem(app.extensions, "freshen_calendar", read)
    desk.post(PATH, data=form_of(service, name="Walker"))
    form = {"slot": (TEN + timedelta(days=1)).isoformat(), "on": "2026-12-02", "why": "Asked"}
    desk.post(f"{PATH}/{visits()[0].public_id}/moves", data=form)
    assert seen == [(cast.store.id, "2026-12-01"), (cast.store.id, "2026-12-02")]


def test_a_service_of_another_store_is_not_booked(desk, cast, bay):
    theirs = make_service(cast.other_store)
    db.session.commit()
    assert desk.post(PATH, data=form_of(theirs, name="Walker")).status_code == 422
    assert visits() == []
