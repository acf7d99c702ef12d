from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from app.db import db
from app.staff import inbox
from app.staff.filters import Cursor, Filters
from app.staff.inbox import inbox_page
from tests.factories.accounts import make_staff, sign_in
from tests.factories.chat import make_conversation
from tests.factories.leads import make_customer, make_lead

NOW = datetime.now(UTC)
LONG = "9" * 40


def lead_of(store, name, *, minutes_ago=60, **given):
    customer = make_customer(store.company, first_name=name, last_name=None, **given.pop("customer", {}))
    return make_lead(store, customer=customer, created_at=NOW - timedelta(minutes=minutes_ago), **given)


def names(rows):
    return [row.customer for row in rows]


def test_who_waits_comes_first_then_who_was_left_without_an_answer_then_the_newest(cast):
    store = cast.store
    waiting = {"waiting_reason": "asks for a person"}
    make_conversation(lead_of(store, "Held"), ("customer", "Hi"), ("staff", "Hello"), held_by=cast.ana)
    make_conversation(lead_of(store, "Unanswered"), ("staff", "Hello"), ("customer", "And?"), held_by=cast.ana)
    make_conversation(lead_of(store, "Waits"), ("customer", "Hi"), waiting_since=NOW - timedelta(minutes=5), **waiting)
    make_conversation(
        lead_of(store, "WaitsLonger"), ("customer", "Hi"), waiting_since=NOW - timedelta(hours=5), **waiting
    )
    make_conversation(lead_of(store, "Answered"), ("customer", "Hi"), ("assistant", "Hello!"))
    lead_of(store, "Newest", minutes_ago=-600)
    page = inbox_page(cast.ana, Filters())
    assert names(page.urgent) == ["WaitsLonger", "Waits", "Unanswered"]
    assert names(page.others)[0] == "Newest"
    assert {"Held", "Answered", "Lea Ortiz"} <= set(names(page.others))
    assert not set(names(page.urgent)) & set(names(page.others))


def test_pages_go_on_where_the_last_one_ended_whatever_arrives_meanwhile(cast, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 4)
    for number in range(10):
        lead_of(cast.store, f"L{number}", minutes_ago=100 + number // 2)
    seen, filters = [], Filters()
    while True:
        page = inbox_page(cast.ana, filters)
        seen += names(page.others)
        if page.after is None:
            break
        lead_of(cast.store, "Late", minutes_ago=-600)
        filters = Filters(after=Cursor.parse(str(page.after)))
    assert sorted(seen) == sorted(["Lea Ortiz", *(f"L{number}" for number in range(10))])


def test_the_urgent_stand_on_the_first_page_only(cast, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 1)
    make_conversation(lead_of(cast.store, "Waits"), ("customer", "Hi"), waiting_since=NOW)
    lead_of(cast.store, "Second")
    first = inbox_page(cast.ana, Filters())
    second = inbox_page(cast.ana, Filters(after=first.after))
    assert names(first.urgent) == ["Waits"]
    assert second.urgent == []
    assert "Waits" not in names(second.others)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("maria", True),
        ("ALVAREZ maria", True),
        ("civic", True),
        ("(954) 555-7788", True),
        ("954-555-7788", True),
        ("4711", True),
        ("maria bmw", False),
        ("%", False),
        ("_", False),
        ("'; drop table leads; --", False),
    ],
)
def test_search(cast, search, found):
    lead = lead_of(
        cast.store, "Maria", customer={"phone": "+19545557788", "email": "m@example.com"}, order_number="4711"
    )
    lead.customer.last_name, lead.vehicle.make, lead.vehicle.model = "Alvarez", "Honda", "Civic"
    db.session.flush()
    assert ("Maria Alvarez" in names(inbox_page(cast.ana, Filters.parse({"search": search})).others)) is found


def test_stage_and_store_narrow_the_list(cast):
    frances = make_staff(cast.store, "franchise_admin")
    lead_of(cast.other_store, "Won", stage="won")
    assert names(inbox_page(frances, Filters(stage="won")).others) == ["Won"]
    assert set(names(inbox_page(frances, Filters(store=cast.other_store.id)).others)) == {"Won", "Dan Boulder"}
    assert set(names(inbox_page(frances, Filters()).others)) == {"Won", "Dan Boulder", "Lea Ortiz"}


@pytest.mark.parametrize("query", ["stage=nonsense", "store=x", f"store={LONG}", "after=1-x", f"after={LONG}-1"])
def test_odd_filters_narrow_nothing(desk, cast, query):
    response = desk.get(f"/staff/?{query}")
    assert response.status_code == 200
    assert "Lea Ortiz" in response.text


def test_the_number_of_queries_does_not_grow_with_the_leads(desk, cast):
    def queries():
        counted = []

        def count(*args):
            counted.append(args[2])

        event.listen(db.engine, "before_cursor_execute", count)
        try:
            assert desk.get("/staff/").status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", count)
        return [statement for statement in counted if statement.startswith(("SELECT", "UPDATE", "INSERT"))]

    make_conversation(cast.lead, ("customer", "Hi"))
    few = queries()
    for number in range(20):
        make_conversation(lead_of(cast.store, f"L{number}"), ("customer", "Hi"), ("assistant", "Hello"))
        make_conversation(lead_of(cast.store, f"W{number}"), ("customer", "Hi"), waiting_since=NOW)
    db.session.commit()
    db.session.expire_all()
    many = queries()
    assert len(many) == len(few) <= 6


def test_a_hostile_name_stays_text(desk, cast):
    evil = "<script>alert(1)</script>"
    lead = lead_of(cast.store, evil, minutes_ago=-5, order_name=evil)
    lead.vehicle.model = '"><img src=x onerror=alert(2)>'
    make_conversation(lead, ("customer", "<b>bold</b>" + evil), waiting_since=NOW, waiting_reason=evil)
    db.session.commit()
    for path in ("/staff/", f"/staff/leads/{lead.public_id}", f"/staff/leads/{lead.public_id}/panel"):
        page = desk.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>bold" not in page
        assert "&lt;script&gt;alert" in page


def test_a_page_that_shows_the_list_is_told_only_of_changes(desk, cast):
    page = desk.get("/staff/", headers={"HX-Request": "true"}).text
    shown = page.split('"shown": "')[1].split('"')[0]
    again = desk.get(f"/staff/?shown={shown}", headers={"HX-Request": "true"})
    assert (again.status_code, again.text) == (204, "")
    lead_of(cast.store, "Fresh", minutes_ago=-600)
    db.session.commit()
    changed = desk.get(f"/staff/?shown={shown}", headers={"HX-Request": "true"})
    assert changed.status_code == 200
    assert "Fresh" in changed.text
    assert "<html" not in changed.text


def test_the_store_is_named_where_several_are_seen(client, cast):
    sign_in(client, make_staff(cast.store, "franchise_admin"))
    assert "Tint World Boulder" in client.get("/staff/").text
