"""Hours with breaks, bays, look and senders, as a store's people write them."""

from datetime import time

import pytest
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.booking.bays import bays_of
from app.db import db
from app.locations.models import LocationSettings
from tests.factories.accounts import make_staff, sign_in


@pytest.fixture
def sam(app, cast):
    return sign_in(app.test_client(), make_staff(cast.store, "store_manager"))


@pytest.fixture
def path(cast):
    return f"/staff/stores/{cast.store.id}"


def stretch(day, n, opens, closes):
    return {f"opens-{day}-{n}": opens, f"closes-{day}-{n}": closes}


def hours(store):
    db.session.expire_all()
    return [(one.weekday, one.opens, one.closes) for one in store.hours]


def test_hours_with_a_break_are_kept_and_shown_again(sam, cast, path):
    data = {**stretch(0, 1, "13:00", "18:00"), **stretch(0, 0, "09:00", "12:00"), **stretch(5, 2, "10:00", "14:30")}
    assert sam.post(f"{path}/hours", data=data).status_code == 303
    assert hours(cast.store) == [
        (0, time(9), time(12)),
        (0, time(13), time(18)),
        (5, time(10), time(14, 30)),
    ]
    page = sam.get(f"{path}/hours").text
    assert 'name="opens-0-1" value="13:00"' in page
    assert db.session.scalars(select(AuditEntry.action)).all()[-1] == "changed hours"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({**stretch(1, 0, "09:00", "13:00"), **stretch(1, 1, "12:00", "18:00")}, "the hours overlap"),
        (stretch(1, 0, "18:00", "09:00"), "is not after"),
        (stretch(1, 0, "18:00", "00:00"), "For midnight write 11:59 PM"),
        (stretch(1, 0, "09:00", ""), "Give both times"),
        (stretch(1, 0, "nine", "ten"), "Give both times"),
    ],
)
def test_hours_that_cannot_be_are_shown_with_the_reason_and_not_kept(sam, cast, path, typed, why):
    before = hours(cast.store)
    answer = sam.post(f"{path}/hours", data={**stretch(0, 0, "07:07", "08:08"), **typed})
    assert answer.status_code == 422
    assert why in answer.text
    assert 'value="07:07"' in answer.text
    assert hours(cast.store) == before


def test_an_empty_week_means_that_the_hours_are_not_known(sam, cast, path):
    assert sam.post(f"{path}/hours", data={}).status_code == 303
    assert hours(cast.store) == []


def test_copying_monday_fills_the_form_and_keeps_nothing(sam, cast, path):
    before = hours(cast.store)
    page = sam.post(f"{path}/hours", data={**stretch(0, 0, "07:07", "08:08"), "copy": "yes"}).text
    assert page.count('value="07:07"') == 5
    assert "Not saved yet" in page
    assert hours(cast.store) == before


def test_bays_are_kept_renamed_and_removed(sam, cast, path):
    data = {"name-0": "Tint 1", "abilities-0": ["tint", "film"], "name-1": "Lift", "abilities-1": "lift"}
    assert sam.post(f"{path}/bays", data=data).status_code == 303
    one, two = bays_of(cast.store.id)
    assert (one.name, one.abilities) == ("Tint 1", ["tint", "film"])
    data = {"id-0": one.id, "name-0": "Tint A", "abilities-0": "tint", "id-1": two.id, "name-1": ""}
    sam.post(f"{path}/bays", data=data)
    db.session.expire_all()
    assert [(bay.id, bay.name) for bay in bays_of(cast.store.id)] == [(one.id, "Tint A")]


def test_a_bay_that_cannot_be_is_refused_with_what_was_typed(sam, cast, path):
    answer = sam.post(f"{path}/bays", data={"name-0": "Tint 1"})
    assert answer.status_code == 422
    assert "what can be done in Tint 1" in answer.text
    assert 'value="Tint 1"' in answer.text
    assert bays_of(cast.store.id) == []


def test_an_emptied_setting_is_null_in_the_table(sam, cast, path):
    sam.post(f"{path}/look", data={"assistant_name": "Ava", "assistant_tone": "Short", "brand_color": "#123456"})
    row = db.session.get_one(LocationSettings, cast.store.id)
    assert (row.assistant_name, row.assistant_tone, cast.store.brand_color) == ("Ava", "Short", "#123456")
    sam.post(f"{path}/look", data={"assistant_name": "", "assistant_tone": "Short", "brand_color": "#123456"})
    db.session.expire_all()
    assert row.assistant_name is None
    assert row.assistant_tone == "Short"


def test_odd_senders_are_refused_beside_their_field(sam, cast, path):
    answer = sam.post(f"{path}/senders", data={"sms_number": "12", "mail_from": "hi@tint.example"})
    assert answer.status_code == 422
    assert "Write a number that can send texts" in answer.text
    assert 'value="12"' in answer.text
    assert db.session.get(LocationSettings, cast.store.id) is None


def test_a_hostile_name_stays_text(sam, cast, path):
    cast.store.name = "<script>alert(1)</script>"
    db.session.commit()
    for screen in ("", "/hours", "/bays", "/look", "/senders"):
        assert "<script>alert" not in sam.get(path + screen).text
    assert "<script>alert" not in sam.get("/staff/stores").text
