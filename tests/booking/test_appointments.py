"""Hold, renew, book: what the customer gets, and what is written."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.booking import (
    ASSISTANT,
    CUSTOMER,
    BookingRefused,
    Contact,
    appointment_of,
    appointments_between,
    book,
    book_held,
    cancel,
    done,
    expire_holds,
    free_slots,
    held_by,
    hold,
    move,
    no_show,
    quoted_services,
    renew_hold,
    rules_of,
    staff,
    visit_ahead,
    work_of,
)
from app.booking.events import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentChanging,
    AppointmentDone,
    AppointmentMoved,
    AppointmentNoShow,
)
from app.booking.models import Appointment, AppointmentChange
from app.catalog.pricing import Price
from app.db import db
from app.leads.models import LeadEvent, RequestedService
from app.lib import events
from tests.factories.booking import HOUR, NOW, TEN, make_bay, make_rules, make_wish, tint
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

ANNA = staff("Anna")


@pytest.fixture
def store(app):
    location = make_location()
    make_bay(location, name="Tint 1")
    return location


@pytest.fixture
def lead(store):
    return make_lead(store, stage="contacted")


@pytest.fixture
def heard(app):
    """What the rooms above would hear."""
    told: list[object] = []
    kinds = (AppointmentBooked, AppointmentMoved, AppointmentCancelled, AppointmentNoShow, AppointmentDone)
    before = dict(events._reactions)
    events.react({**before, **dict.fromkeys(kinds, (told.append,))})
    yield told
    events.react(before)


def refused(call, *given, **more) -> BookingRefused:
    with pytest.raises(BookingRefused) as caught:
        call(*given, **more)
    return caught.value


def history(appointment) -> list[tuple[str, str | None, str, str]]:
    rows = db.session.scalars(
        select(AppointmentChange).where(AppointmentChange.appointment_id == appointment.id).order_by("id")
    )
    return [(row.change, row.from_status, row.to_status, row.actor) for row in rows]


def test_a_held_time_is_offered_to_nobody_else_for_five_minutes(store, lead):
    held = hold(make_wish(lead), NOW)
    assert (held.status, held.hold_until) == ("held", NOW + timedelta(minutes=5))
    starts = {slot.starts_at for slot in free_slots(store.id, work_of([tint()]), NOW)}
    assert TEN not in starts
    later = NOW + timedelta(minutes=5)
    assert TEN in {slot.starts_at for slot in free_slots(store.id, work_of([tint()]), later)}


def test_a_hold_is_renewed_once(lead):
    held = hold(make_wish(lead), NOW)
    soon = NOW + timedelta(minutes=4)
    assert renew_hold(held.id, CUSTOMER, soon).hold_until == soon + timedelta(minutes=5)
    assert refused(renew_hold, held.id, CUSTOMER, soon).code == "hold_over"


def test_booking_what_is_held(lead, heard):
    held = hold(make_wish(lead), NOW)
    booked = book_held(held.id, CUSTOMER, NOW + timedelta(minutes=2))
    assert (booked.id, booked.status, booked.starts_at) == (held.id, "booked", TEN)
    assert booked.hold_until is None
    assert history(booked) == [("held", None, "held", "customer"), ("booked", "held", "booked", "customer")]
    assert heard == [AppointmentBooked(booked.id, booked.company_id, booked.location_id, lead.id, TEN)]
    assert book_held(held.id, CUSTOMER, NOW).id == booked.id
    assert len(heard) == 1


def test_the_lead_is_booked_and_engaged_once(lead):
    book(make_wish(lead, actor=ASSISTANT), NOW)
    assert (lead.stage, lead.first_engaged_at) == ("booked", NOW)
    lines = db.session.scalars(select(LeadEvent.text).where(LeadEvent.lead_id == lead.id)).all()
    assert "Booked for Tuesday, December 1 at 10:00 AM, Tint 1" in lines


def test_choosing_a_time_engages(lead):
    hold(make_wish(lead), NOW)
    assert (lead.stage, lead.first_engaged_at) == ("engaged", NOW)


def test_asked_twice_it_is_one_appointment(lead, heard):
    wish = make_wish(lead)
    assert book(wish, NOW).id == book(wish, NOW).id
    assert len(heard) == 1
    other = make_wish(lead, TEN + 24 * HOUR, actor=ANNA)
    assert hold(other, NOW).id == hold(other, NOW).id == book(other, NOW).id


def test_another_leads_client_id_is_another_request(store, lead):
    make_bay(store)
    mine = book(make_wish(lead, client_id="tap"), NOW)
    theirs = book(make_wish(make_lead(store), client_id="tap"), NOW)
    assert mine.id != theirs.id
    assert mine.bay_id != theirs.bay_id


def test_a_lead_holds_one_time(store, lead):
    first = hold(make_wish(lead), NOW)
    second = hold(make_wish(lead, TEN + 3 * HOUR), NOW)
    assert (first.status, second.status) == ("expired", "held")
    assert held_by(lead.id, NOW).id == second.id
    assert TEN in {slot.starts_at for slot in free_slots(store.id, work_of([tint()]), NOW)}


def test_the_loser_is_offered_the_next_best_times(store, lead):
    book(make_wish(lead), NOW)
    error = refused(book, make_wish(make_lead(store)), NOW)
    assert error.code == "taken"
    assert [slot.local_start.strftime("%a %H:%M") for slot in error.slots] == [
        "Mon 10:00", "Tue 12:30", "Tue 13:00", "Tue 13:30", "Wed 10:00", "Thu 10:00",
    ]  # fmt: skip
    other = make_lead(store)
    assert book(make_wish(other, error.slots[0].starts_at), NOW).status == "booked"


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (NOW - HOUR, "past"),
        (NOW + 1.5 * HOUR, "too_soon"),
        (TEN + timedelta(days=100), "too_far"),
        (TEN - 3 * HOUR, "closed"),
        (TEN + timedelta(minutes=7), "closed"),
        (TEN + 7 * HOUR, "closed"),
        (TEN + timedelta(days=5), "closed"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_its_reason_and_other_times(lead, start, code):
    error = refused(book, make_wish(lead, start), NOW)
    assert error.code == code
    assert error.slots
    assert db.session.scalar(select(Appointment.id).where(Appointment.lead_id == lead.id)) is None
    assert lead.stage == "contacted"


def test_staff_are_bound_by_hours_and_bays_only(store, lead):
    at_7_past = TEN + timedelta(minutes=7)
    assert book(make_wish(lead, at_7_past, actor=ANNA), NOW).starts_at == at_7_past
    assert refused(book, make_wish(lead, TEN, actor=ANNA), NOW).code == "taken"
    assert refused(book, make_wish(lead, TEN - 3 * HOUR, actor=ANNA), NOW).code == "closed"
    assert book(make_wish(lead, NOW + 1.5 * HOUR, actor=ANNA), NOW).status == "booked"


def test_a_customer_books_one_visit_and_staff_add_more(lead):
    book(make_wish(lead), NOW)
    assert refused(book, make_wish(lead, TEN + 24 * HOUR), NOW).code == "already_booked"
    assert refused(hold, make_wish(lead, TEN + 24 * HOUR), NOW).code == "already_booked"
    assert book(make_wish(lead, TEN + 24 * HOUR, actor=ANNA), NOW).status == "booked"
    assert visit_ahead(lead.id, NOW).starts_at == TEN


def test_staff_book_for_a_caller_without_a_lead(store, heard):
    contact = Contact("Rosa Diaz", "+19545550177")
    wish = replace(make_wish(make_lead(store), actor=ANNA), lead_id=None, contact=contact)
    made = book(wish, NOW)
    assert (made.lead_id, made.customer_name, made.customer_phone) == (None, "Rosa Diaz", "+19545550177")
    assert book(wish, NOW).id == made.id
    assert heard == [AppointmentBooked(made.id, store.company_id, store.id, None, TEN)]


def test_the_bay_that_can_do_least_beside_the_work_is_taken(store, lead):
    make_bay(store, "tint", "film", "lift", name="All")
    wash = make_bay(store, "wash", name="Wash")
    wishes = [make_wish(make_lead(store)) for _ in range(3)]
    names = [book(wish, NOW).bay.name for wish in wishes[:2]]
    assert names == ["Tint 1", "All"]
    assert refused(book, wishes[2], NOW).code == "taken"
    washing = replace(tint(), abilities=frozenset({"wash"}))
    assert book(make_wish(lead, services=[washing]), NOW).bay_id == wash.id
    both = replace(tint(), abilities=frozenset({"wash", "film"}))
    assert refused(book, make_wish(make_lead(store), services=[both]), NOW).code == "no_bay"


def test_services_prices_and_times_are_copied_as_quoted(store, lead):
    one = make_service(store, name="Ceramic Tint", kind="from", low_cents=29900, duration_minutes=180)
    two = make_service(store, name="Sunroof Tint", low_cents=11900, duration_minutes=None)
    lead.services = [
        RequestedService(shopmonkey_id="line", canned_service_id=two.shopmonkey_id, name="x", price_cents=9900)
    ]
    quotes = {one.id: Price("from", 27900, None)}
    services = quoted_services(store.id, [one.id, two.id, one.id], rules_of(store.id), lead, quotes)
    made = book(make_wish(lead, services=services), NOW)
    one.name, one.low_cents, one.duration_minutes = "Other", 99900, 30
    db.session.flush()
    db.session.refresh(made)
    assert [(row.name, row.minutes, row.wording) for row in made.services] == [
        ("Ceramic Tint", 180, "from $279"),
        ("Sunroof Tint", 120, "$99"),
    ]
    assert (made.minutes, made.price_wording, made.low_cents) == (300, "from $378", 37800)
    assert made.ends_at == TEN + 5 * HOUR
    assert made.busy_until == made.ends_at + timedelta(minutes=15)


def test_what_the_store_does_not_offer_is_not_booked(store):
    gone = make_service(store, gone_at=NOW)
    elsewhere = make_service(make_location())
    for wanted in ([gone.id], [elsewhere.id], [], [10**12]):
        assert refused(quoted_services, store.id, wanted, rules_of(store.id)).code == "unknown_service"


def test_moving(lead, heard):
    booked = book(make_wish(lead), NOW)
    moved = move(booked.id, TEN + 27 * HOUR, CUSTOMER, NOW, "works late")
    assert (moved.id, moved.starts_at, moved.sequence) == (booked.id, TEN + 27 * HOUR, 1)
    assert moved.ends_at == TEN + 29 * HOUR
    assert heard[1:] == [
        AppointmentMoved(booked.id, booked.company_id, booked.location_id, lead.id, TEN + 27 * HOUR, TEN)
    ]
    move(booked.id, TEN + 27 * HOUR, CUSTOMER, NOW)
    assert (moved.sequence, len(heard)) == (1, 2)
    assert move(booked.id, TEN + 26 * HOUR, CUSTOMER, NOW).starts_at == TEN + 26 * HOUR
    assert lead.stage == "booked"


def test_moving_to_a_taken_time_changes_nothing(store, lead):
    book(make_wish(lead), NOW)
    mine = book(make_wish(make_lead(store), TEN + 24 * HOUR), NOW)
    error = refused(move, mine.id, TEN, CUSTOMER, NOW)
    assert error.code == "taken"
    assert error.slots
    assert (mine.starts_at, mine.sequence, history(mine)[-1][0]) == (TEN + 24 * HOUR, 0, "booked")


def test_cancelling_frees_the_bay_and_puts_the_lead_back(store, lead, heard):
    booked = book(make_wish(lead), NOW)
    cancelled = cancel(booked.id, CUSTOMER, NOW, "sold the car")
    assert (cancelled.status, cancelled.sequence, lead.stage) == ("cancelled", 1, "engaged")
    assert lead.first_engaged_at == NOW
    change = db.session.scalars(select(AppointmentChange).where(AppointmentChange.change == "cancelled")).one()
    assert (change.why, change.at, change.from_starts_at) == ("sold the car", NOW, TEN)
    cancel(booked.id, CUSTOMER, NOW)
    assert [type(one) for one in heard] == [AppointmentBooked, AppointmentCancelled]
    assert book(make_wish(make_lead(store)), NOW).status == "booked"
    assert refused(move, booked.id, TEN, CUSTOMER, NOW).code == "not_open"


def test_a_lead_with_another_visit_stays_booked(lead):
    first = book(make_wish(lead), NOW)
    book(make_wish(lead, TEN + 24 * HOUR, actor=ANNA), NOW)
    cancel(first.id, ANNA, NOW)
    assert lead.stage == "booked"


def test_after_the_cut_off_only_staff_change_it(store, lead):
    make_rules(store, change_minutes=24 * 60)
    booked = book(make_wish(lead), NOW)
    late = TEN - 23 * HOUR
    assert refused(cancel, booked.id, CUSTOMER, late).code == "too_late_to_change"
    assert refused(move, booked.id, TEN + 48 * HOUR, ASSISTANT, late).code == "too_late_to_change"
    assert move(booked.id, TEN + 48 * HOUR, ANNA, late).starts_at == TEN + 48 * HOUR
    assert cancel(booked.id, ANNA, late).status == "cancelled"


def test_nobody_came_and_done(lead, heard):
    booked = book(make_wish(lead), NOW)
    assert refused(no_show, booked.id, ANNA, NOW).code == "not_open"
    after = TEN + HOUR
    assert no_show(booked.id, ANNA, after).status == "no_show"
    assert lead.stage == "engaged"
    assert done(booked.id, ANNA, after).status == "done"
    assert [type(one) for one in heard[1:]] == [AppointmentNoShow, AppointmentDone]


def test_somebody_elses_visit_is_none(store, lead):
    booked = book(make_wish(lead), NOW)
    assert appointment_of(lead.id, booked.public_id).id == booked.id
    assert refused(appointment_of, make_lead(store).id, booked.public_id).code == "not_yours"
    assert refused(cancel, 10**12, CUSTOMER, NOW).code == "not_yours"


def test_a_hold_that_ran_out_is_booked_if_its_time_is_still_free(store, lead):
    held = hold(make_wish(lead), NOW)
    late = NOW + timedelta(minutes=6)
    assert book_held(held.id, CUSTOMER, late).status == "booked"
    assert [change[0] for change in history(held)] == ["held", "expired", "booked"]


def test_a_hold_that_ran_out_and_was_taken_meanwhile_is_refused_with_other_times(store, lead):
    held = hold(make_wish(lead), NOW)
    late = NOW + timedelta(minutes=6)
    book(make_wish(make_lead(store)), late)
    error = refused(book_held, held.id, CUSTOMER, late)
    assert error.code == "taken"
    assert error.slots
    assert held.status == "expired"


def test_overdue_holds_are_ended_by_the_worker(store, lead):
    held = hold(make_wish(lead), NOW)
    assert expire_holds(NOW) == 0
    assert expire_holds(NOW + timedelta(minutes=6)) == 1
    db.session.refresh(held)
    assert (held.status, history(held)[-1]) == ("expired", ("expired", "held", "expired", "system"))


def test_the_database_itself_refuses_two_cars_in_one_bay(store, lead):
    booked = book(make_wish(lead), NOW)
    copy = text("""
        INSERT INTO appointments (public_id, company_id, location_id, lead_id, bay_id, status, starts_at, ends_at,
            busy_until, hold_until, minutes, abilities, price_kind, currency, price_wording, client_id, changed_at)
        SELECT :key, company_id, location_id, lead_id, bay_id, :status, starts_at + :later, ends_at + :later,
            busy_until + :later, CASE WHEN :status = 'held' THEN now() END, minutes, abilities, price_kind, currency,
            price_wording, :key, changed_at FROM appointments WHERE id = :id
    """)

    def insert(key: str, status: str, later: timedelta) -> None:
        with db.session.begin_nested():
            db.session.execute(copy, {"key": key, "status": status, "later": later, "id": booked.id})

    for status in ("held", "booked"):
        with pytest.raises(IntegrityError, match="ex_appointments_bay_during"):
            insert("b", status, timedelta(minutes=134))
    insert("after", "booked", timedelta(minutes=135))
    for status in ("cancelled", "expired", "done", "no_show"):
        insert(status, status, timedelta())


def test_booking_takes_the_conversation_before_a_bay(store, lead):
    seen = []
    before, locked = dict(events._reactions), advisory_locks()
    events.react({**before, AppointmentChanging: (lambda event: seen.append((event.lead_id, advisory_locks())),)})
    try:
        book(make_wish(lead), NOW)
    finally:
        events.react(before)
    assert seen == [(lead.id, locked)]
    assert advisory_locks() == locked + 1


def advisory_locks() -> int:
    return db.session.scalar(
        text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
    )


def test_a_calendar_shows_what_lasts_into_it(store, lead):
    booked = book(make_wish(lead), NOW)
    assert appointments_between(store.id, TEN + HOUR, TEN + 2 * HOUR) == [booked]
    assert appointments_between(store.id, TEN + 2 * HOUR, TEN + 9 * HOUR) == []
