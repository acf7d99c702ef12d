"""One's own account, and what staff see of a customer who waits."""

from datetime import UTC, datetime, time, timedelta

import pytest

from app.accounts.models import AuditEntry, StaffUser
from app.chat.hand_over_sending import watch_hand_overs
from app.db import db
from app.lib import clock
from tests.factories.chat import make_conversation
from tests.factories.messaging import use_fakes

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
GIVEN = {
    "name": "Ana Lopez",
    "phone": "(954) 555-0177",
    "alert_by": "sms",
    "quiet_from": "21:00",
    "quiet_until": "07:00",
}


def ana(cast) -> StaffUser:
    db.session.expire_all()
    return db.session.get_one(StaffUser, cast.ana.id)


def test_staff_say_how_they_are_told(desk, cast, app):
    use_fakes(app)
    assert "When a customer waits" in desk.get("/staff/account").text
    assert desk.post("/staff/account", data=GIVEN).status_code == 303
    kept = ana(cast)
    assert (kept.name, kept.phone, kept.alert_by) == ("Ana Lopez", "+19545550177", "sms")
    assert (kept.quiet_from, kept.quiet_until) == (time(21), time(7))
    page = desk.get("/staff/account?saved=1").text
    for part in ("Saved.", "(954) 555-0177", 'value="21:00"'):
        assert part in page
    entry = db.session.query(AuditEntry).filter_by(action="changed their account").one()
    assert "9545550177" not in str(entry.detail)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("phone", "12", "no phone number"),
        ("phone", "", "Give the number"),
        ("name", " ", "Your name"),
        ("alert_by", "pigeon", "Choose one"),
        ("quiet_from", "25:00", "Write a time"),
        ("quiet_from", "", "Give both times"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(desk, cast, field, value, told):
    answer = desk.post("/staff/account", data={**GIVEN, field: value})
    assert answer.status_code == 422
    assert told in answer.text
    assert "Ana Lopez" in answer.text or field == "name"
    assert (ana(cast).name, ana(cast).alert_by) == ("Ana", "email")


def test_the_page_says_why_texts_do_not_come_yet(desk, cast, app):
    use_fakes(app, live=False)
    desk.post("/staff/account", data=GIVEN)
    assert "not live yet" in desk.get("/staff/account").text
    assert "alerts come by email" in desk.get("/staff/account").text
    cast.store.live = True
    db.session.commit()
    assert "alerts come by email" not in desk.get("/staff/account").text


def test_the_list_and_the_lead_show_how_long_somebody_waits_and_who_is_told(desk, cast, app):
    use_fakes(app)
    clock.use(lambda: NOW)
    make_conversation(
        cast.lead, ("customer", "Hi"), waiting_since=NOW - timedelta(minutes=7), waiting_reason="wants <b>a person</b>"
    )
    page = desk.get(f"/staff/leads/{cast.lead.public_id}/controls").text
    assert "The team is being told." in page
    watch_hand_overs(NOW)
    page = desk.get(f"/staff/leads/{cast.lead.public_id}/controls").text
    for part in ("waits for you:", "7 min", "9:53 AM", "Ana by email", "wants &lt;b&gt;a person", "notice--warn"):
        assert part in page
    assert "Waiting for you · 7 min" in desk.get("/staff/").text
    clock.use(lambda: NOW + timedelta(hours=2))
    later = desk.get(f"/staff/leads/{cast.lead.public_id}/controls").text
    assert "2 h 7 min" in later
    assert "notice--bad" in later


def test_the_clock_of_a_waiting_customer_goes_on_by_itself(desk, cast):
    clock.use(lambda: NOW)
    make_conversation(cast.lead, ("customer", "Hi"), waiting_since=NOW)
    address = f"/staff/leads/{cast.lead.public_id}/controls"
    shown = desk.get(address).text.split('"shown": "')[1].split('"')[0]
    assert desk.get(f"{address}?shown={shown}").status_code == 204
    clock.use(lambda: NOW + timedelta(minutes=1))
    assert "1 min" in desk.get(f"{address}?shown={shown}").text
