"""The assistant's tools about times: finished wording, the same rules as for everybody, and no claim but of what is."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from app import booking
from app.assistant.brief import forget_stores, lead_brief, store_brief
from app.assistant.facts import Learned
from app.assistant.toolbox import Toolbox
from app.assistant.tooling import Desk, Outcome
from app.assistant.visits import as_it_stands, visit_brief
from app.booking.models import Appointment, Bay
from app.db import db
from app.leads.models import Lead
from tests.factories.booking import NOW, TEN, make_bay, make_rules, make_wish
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

TUESDAY = datetime(2026, 12, 1, 10)  # noqa: DTZ001 - a time on the store's wall


class Counter:
    """The toolbox of Maria's conversation, and her rows."""

    def __init__(self) -> None:
        forget_stores()
        location = make_location()
        make_bay(location, "tint")
        make_rules(location, change_minutes=60)
        self.tint = make_service(location, name="Ceramic Tint, Full Car", duration_minutes=120).id
        self.secret = make_service(make_location(), name="Secret Tint").id
        lead = make_lead(location)
        db.session.commit()
        self.lead_id, self.location_id = lead.id, location.id
        self.now = NOW

    def call(self, tool: str, **arguments: object) -> Outcome:
        desk = Desk(store_brief(self.location_id), lead_brief(self.lead_id), self.now, lambda reason: True)
        return Toolbox(desk).call(tool, arguments)

    def book(self, starts_at: str = "2026-12-01T10:00") -> Outcome:
        return self.call("book_time", service_ids=[self.tint], starts_at=starts_at)

    def visits(self) -> list[tuple[str, datetime]]:
        query = select(Appointment.status, Appointment.starts_at).order_by(Appointment.id)
        return [tuple(row) for row in db.session.execute(query)]


@pytest.fixture
def counter(app: Flask) -> Counter:
    return Counter()


def test_a_day_is_told_whole_and_some_of_it_as_buttons(counter: Counter) -> None:
    found = counter.call("free_times", service_ids=[counter.tint], day="2026-12-01", part="morning")
    assert "- [2026-12-01T10:00] Tuesday, December 1 at 10:00 AM" in found.content
    assert found.content.count("\n- [2026-12-01") == 6
    assert TUESDAY in found.learned.moments
    assert found.card is not None
    assert (found.card["services"], len(found.card["times"])) == ([counter.tint], 4)


def test_without_a_day_the_times_lie_on_several(counter: Counter) -> None:
    found = counter.call("free_times", service_ids=[counter.tint], day="", part="any")
    assert len({moment.date() for moment in found.learned.moments}) == 4


def test_a_day_without_times_names_the_nearest(counter: Counter) -> None:
    found = counter.call("free_times", service_ids=[counter.tint], day="2026-12-06", part="any")
    assert "Nothing is open on Sunday, December 6." in found.content
    assert {moment.day for moment in found.learned.moments} <= {4, 5, 7, 8}


def test_holding_books_nothing(counter: Counter) -> None:
    held = counter.call("hold_time", service_ids=[counter.tint], starts_at="2026-12-01T10:00")
    assert held.content.startswith("Held until 8:05 AM, not booked: Tuesday, December 1 at 10:00 AM.")
    assert held.learned.claims == ("held",)
    assert counter.visits() == [("held", TEN)]
    assert counter.book().learned.claims == ("booked",)
    assert counter.visits() == [("booked", TEN)]


def test_asked_twice_it_is_booked_once(counter: Counter) -> None:
    first, again = counter.book(), counter.book()
    assert first.content.startswith(
        "Booked: Tuesday, December 1 at 10:00 AM, Ceramic Tint, Full Car. Ready about 12:00 PM"
    )
    assert again == first
    assert first.learned.appointments == (TUESDAY,)
    assert counter.visits() == [("booked", TEN)]


def test_moving_and_cancelling_are_proven_when_they_are_done(counter: Counter) -> None:
    assert counter.call("move_visit", starts_at="2026-12-02T09:00").content == "No visit is booked."
    counter.book()
    moved = counter.call("move_visit", starts_at="2026-12-02T09:00")
    assert moved.content.startswith("Moved to: Wednesday, December 2 at 9:00 AM")
    assert set(moved.learned.claims) == {"booked", "moved"}
    cancelled = counter.call("cancel_visit")
    assert cancelled.content == "Cancelled: the visit of Wednesday, December 2 at 9:00 AM."
    assert cancelled.learned.claims == ("cancelled",)
    assert [status for status, _ in counter.visits()] == ["cancelled"]


def test_a_taken_time_is_said_with_others_and_claims_nothing(counter: Counter) -> None:
    booking.book(make_wish(make_lead(db.session.get_one(Lead, counter.lead_id).location)), NOW)
    db.session.commit()
    refused = counter.book()
    assert refused.content.startswith("Not done. Somebody else has just taken that time.")
    assert "December 1 at 12:30 PM" in refused.content
    assert refused.learned.claims == ()
    assert TUESDAY not in refused.learned.moments


def test_after_the_cut_off_the_assistant_is_bound_like_the_customer(counter: Counter) -> None:
    counter.book()
    counter.now = TEN - timedelta(minutes=30)
    refused = counter.call("cancel_visit")
    assert "too late to change" in refused.content
    assert counter.visits() == [("booked", TEN)]


def test_neither_store_nor_lead_nor_price_come_from_the_model(counter: Counter) -> None:
    odd = {"lead_id": 1, "location_id": 1, "price": 1}
    assert "Ask what is to be done" in counter.call("free_times", service_ids=[counter.secret], day="", part="").content
    refused = counter.call("book_time", service_ids=[counter.secret], starts_at="2026-12-01T10:00", **odd)
    assert refused.content.startswith("Not done. The store does not offer")
    assert counter.visits() == []


@pytest.mark.parametrize("odd", ["", "tomorrow at ten", None, 5, ["2026-12-01T10:00"]])
def test_an_odd_time_gets_words(counter: Counter, odd: object) -> None:
    assert counter.call("book_time", service_ids=[counter.tint], starts_at=odd).content.startswith("That is no time.")
    assert counter.visits() == []


def test_without_bays_the_team_sets_the_time(counter: Counter) -> None:
    db.session.execute(delete(Bay))
    db.session.commit()
    assert "Call hand_over" in counter.call("free_times", service_ids=[counter.tint], day="", part="any").content
    assert db.session.scalar(select(func.count()).select_from(Appointment)) == 0


def test_what_may_be_said_of_the_visit_follows_the_rows(counter: Counter) -> None:
    said = counter.book().learned
    zone = "America/New_York"
    now = visit_brief(counter.lead_id, zone, NOW)
    assert now.wording == "Booked for them: Tuesday, December 1 at 10:00 AM, Ceramic Tint, Full Car."
    assert Learned.joined(as_it_stands([said], now)).claims == ("booked",)
    visit = booking.visit_ahead(counter.lead_id, NOW)
    assert visit is not None
    booking.cancel(visit.id, booking.CUSTOMER, NOW)
    db.session.commit()
    later = Learned.joined(as_it_stands([said], visit_brief(counter.lead_id, zone, NOW)))
    assert later.claims == ("cancelled",), "the customer cancelled by a tap: the assistant may no longer say booked"
    assert later.appointments == ()
