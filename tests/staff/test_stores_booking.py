"""Booking rules, special days and hours, each with what it would leave free."""

import re
from datetime import date, time

import pytest
from sqlalchemy import select

from app import booking
from app.accounts.models import AuditEntry
from app.booking.models import BookingRules
from app.booking.rules import Rules
from app.db import db
from app.locations.days import special_days_of
from app.locations.models import SpecialDays
from tests.factories.accounts import make_staff, sign_in
from tests.factories.booking import NOW, TEN, make_bay, make_rules, make_wish
from tests.factories.catalog import make_service
from tests.staff.test_stores_settings import stretch

pytestmark = pytest.mark.usefixtures("on_monday_morning")


@pytest.fixture
def sam(app, cast):
    make_bay(cast.store, "tint", name="Tint 1")
    make_service(cast.store)
    return sign_in(app.test_client(), make_staff(cast.store, "store_manager"))


@pytest.fixture
def path(cast):
    return f"/staff/stores/{cast.store.id}"


USUAL = {"lead": "2", "horizon": "60", "step": "30", "last_start": "", "buffer": "15", "usual": "120", "change": "24",
         "nights": "7"}  # fmt: skip


def counts(text):
    """Starts by day, as the preview tells them."""
    found = re.findall(r'free-days__name strong">([^<]+)<.*?numbers">(nothing|\d+)', text, re.S)
    return {day: 0 if count == "nothing" else int(count) for day, count in found}


def test_the_usual_rules_stand_in_the_form_and_what_they_leave_free_below(sam, path):
    text = sam.get(f"{path}/booking-rules").text
    assert 'name="lead" type="number" value="2"' in text
    assert 'name="buffer" type="number" value="15"' in text
    # Nine to six for three hours every half an hour, and two hours of lead time on this morning.
    assert counts(text)["Tue, Dec 1"] == 13
    assert counts(text)["Mon, Nov 30"] == 11
    assert counts(text)["Sun, Dec 6"] == 0


def test_a_preview_shows_what_would_be_free_and_keeps_nothing(sam, cast, path):
    form = {**USUAL, "step": "60", "last_start": "13:00", "lead": "26"}
    for text in (
        sam.post(f"{path}/booking-rules/preview", data=form).text,
        sam.post(f"{path}/booking-rules", data={**form, "preview": "yes"}).text,
    ):
        assert counts(text)["Mon, Nov 30"] == 0
        assert counts(text)["Tue, Dec 1"] == 4
        assert counts(text)["Wed, Dec 2"] == 5
        assert "−8" in text
    assert db.session.get(BookingRules, cast.store.id) is None


def test_saved_rules_hold_and_are_audited(sam, cast, path):
    form = {**USUAL, "lead": "1.5", "last_start": "15:30", "nights": "0"}
    assert sam.post(f"{path}/booking-rules", data=form).status_code == 303
    rules = booking.rules_of(cast.store.id)
    assert booking.plan_of(rules).lead_minutes == 90
    assert (rules.last_start, rules.nights) == (time(15, 30), 0)
    assert 'value="1.5"' in sam.get(f"{path}/booking-rules").text
    assert db.session.scalars(select(AuditEntry.action)).all()[-1] == "changed booking rules"


def test_the_usual_rules_saved_as_they_are_make_no_row(sam, cast, path):
    assert sam.post(f"{path}/booking-rules", data=USUAL).status_code == 303
    assert db.session.get(BookingRules, cast.store.id) is None
    assert booking.plan_of(Rules()).usual_minutes == 120


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"step": "0"}, "Between 5 minutes and 8 hours."),
        ({"buffer": "-5"}, "Between 0 minutes and 8 hours."),
        ({"horizon": "400"}, "Between 1 and 365 days."),
        ({"nights": "15"}, "Between 0 and 14 nights."),
        ({"usual": "5"}, "Between 15 minutes and 40 hours."),
        ({"change": "721"}, "Between 0 and 720 hours"),
        ({"lead": "many"}, "Write a number."),
        ({"lead": "inf"}, "Write a number."),
        ({"lead": "nan"}, "Write a number."),
        ({"last_start": "late"}, "Write a time"),
        ({"last_start": "07:00"}, "nothing could begin"),
        ({"lead": "72", "horizon": "2"}, "further ahead than the store takes bookings"),
    ],
)
def test_odd_rules_are_refused_beside_their_field_and_not_kept(sam, cast, path, wrong, why):
    answer = sam.post(f"{path}/booking-rules", data={**USUAL, **wrong})
    assert answer.status_code == 422
    assert why in answer.text
    assert f'value="{next(iter(wrong.values()))}"' in answer.text
    assert db.session.get(BookingRules, cast.store.id) is None
    assert "These rules cannot be yet." in sam.post(f"{path}/booking-rules/preview", data={**USUAL, **wrong}).text


def test_a_service_without_a_duration_is_previewed_with_the_usual_one_typed(sam, cast, path):
    odd = make_service(cast.store, name="Mystery tint", duration_minutes=None)
    db.session.commit()
    form = {**USUAL, "usual": "480", "service": odd.id}
    assert counts(sam.post(f"{path}/booking-rules/preview", data=form).text)["Tue, Dec 1"] == 3


def days_form(**given):
    return {"name": "Christmas", "first": "2026-12-01", "last": "", "open": "no", **given}


def test_a_closure_is_previewed_with_the_visits_on_it_then_kept_then_removed(sam, cast, path):
    visit = booking.book(make_wish(cast.lead), NOW)
    db.session.commit()
    shown = sam.post(f"{path}/special-days/preview", data=days_form()).text
    assert counts(shown)["Tue, Dec 1"] == 0
    assert counts(shown)["Mon, Nov 30"] == 11
    assert visit.public_id in shown
    assert special_days_of(cast.store.id, TEN.date()) == []
    assert sam.post(f"{path}/special-days", data=days_form()).status_code == 303
    (days,) = special_days_of(cast.store.id, TEN.date())
    assert (days.first_day, days.last_day, days.stretches) == (date(2026, 12, 1), date(2026, 12, 1), [])
    text = sam.get(f"{path}/special-days").text
    assert "Christmas" in text
    assert "closed" in text
    assert sam.post(f"{path}/special-days/{days.id}/removal").status_code == 303
    assert special_days_of(cast.store.id, TEN.date()) == []
    assert db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()[-2:] == [
        "added special days",
        "removed special days",
    ]


def test_an_open_sunday_is_previewed_and_kept(sam, cast, path):
    form = days_form(first="2026-12-06", open="yes", **{"opens-0": "10:00", "closes-0": "14:00"})
    assert counts(sam.post(f"{path}/special-days", data={**form, "preview": "yes"}).text)["Sun, Dec 6"] == 3
    sam.post(f"{path}/special-days", data=form)
    assert special_days_of(cast.store.id, TEN.date())[0].stretches == [["10:00", "14:00"]]
    assert "10:00 AM – 2:00 PM" in sam.get(f"{path}/special-days").text


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"name": ""}, "what day it is"),
        ({"first": ""}, "Give the day"),
        ({"last": "2026-11-01"}, "The last day comes before the first"),
        ({"first": "2026-11-01"}, "That day is past."),
        ({"open": "yes"}, "Give the hours, or choose closed."),
        ({"open": "yes", "opens-0": "14:00", "closes-0": "10:00"}, "is not after"),
        ({"open": "yes", "opens-0": "14:00"}, "Give both times"),
    ],
)
def test_days_that_cannot_be_are_refused(sam, cast, path, wrong, why):
    answer = sam.post(f"{path}/special-days", data=days_form(**wrong))
    assert answer.status_code == 422
    assert why in answer.text
    assert db.session.scalars(select(SpecialDays)).all() == []


def test_hours_are_previewed_before_they_are_saved(sam, cast, path):
    visit = booking.book(make_wish(cast.lead), NOW)
    db.session.commit()
    form = {**stretch(0, 0, "09:00", "12:00"), **stretch(1, 0, "13:00", "18:00")}
    shown = sam.post(f"{path}/hours/preview", data=form).text
    assert counts(shown)["Wed, Dec 2"] == 0
    assert counts(shown)["Tue, Dec 1"] == 5
    assert visit.public_id in shown
    assert len(cast.store.hours) == 6
    assert "These hours cannot be yet." in sam.post(f"{path}/hours/preview", data=stretch(0, 0, "12:00", "09:00")).text


def test_advisors_and_other_stores_people_change_no_rules(app, sam, desk, cast, path):
    stranger = sign_in(app.test_client(), make_staff(cast.other_store, "store_manager"))
    days = SpecialDays(location_id=cast.store.id, name="X", first_day=date(2026, 12, 1), last_day=date(2026, 12, 1))
    db.session.add(days)
    make_rules(cast.store, step_minutes=45)
    db.session.commit()
    for screen in ("booking-rules", "special-days"):
        assert desk.get(f"{path}/{screen}").status_code == 403
        assert desk.post(f"{path}/{screen}", data=USUAL).status_code == 403
        assert stranger.get(f"{path}/{screen}").status_code == 404
        assert stranger.post(f"{path}/{screen}", data={**USUAL, **days_form()}).status_code == 404
        assert stranger.post(f"{path}/{screen}/preview", data=USUAL).status_code == 404
    theirs = f"/staff/stores/{cast.other_store.id}/special-days/{days.id}/removal"
    assert stranger.post(theirs).status_code == 404
    assert db.session.get(BookingRules, cast.store.id).step_minutes == 45
    assert len(db.session.scalars(select(SpecialDays)).all()) == 1
