"""What a customer gets around a visit: told at once, reminded by the row as it is, and nothing of what is no more."""

from datetime import timedelta
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app import messaging
from app.booking import (
    ASSISTANT,
    CUSTOMER,
    Contact,
    book,
    cancel,
    done,
    message_jobs,
    move,
    no_show,
    send_messages,
    staff,
)
from app.booking import message_sending as sending
from app.booking.message_models import VisitMessage
from app.db import db
from app.leads.links import LinkRefused, chat_token, lead_for_link
from app.leads.models import LeadEvent
from app.lib import clock
from app.messaging import TransportError, record_consent
from app.messaging.models import Delivery
from app.messaging.segments import folded, segments
from app.messaging.smtp_email import compose
from tests.factories.booking import NOW, TEN, make_bay, make_wish, tint
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_location
from tests.factories.messaging import use_fakes

ANNA = staff("Anna")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Friday at ten, far enough ahead for every reminder.
FRIDAY = TEN + 3 * DAY


@pytest.fixture
def shop(app, monkeypatch):
    """A store in Florida with one bay, Maria who agreed to texts, and a post office that remembers."""
    # Threads would each need a connection of their own.
    monkeypatch.setattr(message_jobs, "LANES", 1)
    post = use_fakes(app)
    store = make_location(name="Tint World Coral Springs")
    make_bay(store)
    maria = make_customer(store.company, first_name="Maria", phone="+19545550123", email="maria@example.com")
    lead = make_lead(store, customer=maria)
    consent(lead)
    return SimpleNamespace(post=post, store=store, lead=lead, maria=maria)


def consent(lead, kind="opt_in"):
    for channel, address in (("sms", lead.customer.phone), ("email", lead.customer.email)):
        record_consent(
            company_id=lead.company_id, channel=channel, address=address, kind=kind, source="form", at=NOW - DAY
        )


def at(moment):
    """Let the worker run at that moment; how many messages it took up."""
    clock.use(lambda: moment)
    return send_messages(moment)


def booked(shop, start=FRIDAY, now=NOW, **given):
    clock.use(lambda: now)
    visit = book(make_wish(shop.lead, start, **given), now)
    db.session.commit()
    return visit


def texts(shop):
    return [one.text for one in shop.post.sms.sent]


def mails(shop):
    return [one.subject for one in shop.post.email.sent]


def reasons(visit):
    found = select(VisitMessage).where(VisitMessage.appointment_id == visit.id, VisitMessage.status == "skipped")
    return {(one.kind, one.channel): one.reason for one in db.session.scalars(found)}


def test_a_booking_is_confirmed_at_once_by_both_ways_and_reminded_of_twice(shop):
    booked(shop)
    assert at(NOW) == 2
    [text] = texts(shop)
    assert text.startswith(
        "Tint World Coral Springs: you are booked for Friday, December 4 at 10:00 AM (Ceramic Tint). "
        "Details and changes: http://localhost/session?token="
    )
    assert text.endswith("Reply STOP to opt out.")
    assert segments(text) <= 3
    assert mails(shop) == ["You are booked: Friday, December 4 at 10:00 AM"]
    assert at(FRIDAY - DAY - timedelta(seconds=1)) == 0
    at(FRIDAY - DAY)
    at(FRIDAY - 2 * HOUR)
    # Eight in the morning is too early for a text in Florida: by nine it is still of use.
    assert len(texts(shop)) == 2
    at(FRIDAY - HOUR)
    assert [one.split(": ", 1)[1].split(" http")[0] for one in texts(shop)[1:]] == [
        "see you on Friday, December 4 at 10:00 AM (Ceramic Tint). Reply C to confirm. Changes:",
        "see you today at 10:00 AM (Ceramic Tint). Reply C to confirm. Details:",
    ]
    assert len(mails(shop)) == 1


def test_the_email_shows_what_is_booked_and_carries_an_invitation(shop):
    visit = booked(shop, services=[tint(), tint(60, 9900)])
    at(NOW)
    [mail] = shop.post.email.sent
    for said in ("Ceramic Tint", "$299", "$99", "$398", "100 Atlantic Blvd", "/session?token="):
        assert said in mail.text
        assert said in mail.html
    assert "calendar.google.com" in mail.html
    wire = message_from_bytes(compose(mail, "store@example.com", NOW).as_bytes(), policy=policy.default)
    [invited] = [part for part in wire.walk() if part.get_content_type() == "text/calendar"]
    assert invited.get_param("method") == "REQUEST"
    [event] = Calendar.from_ical(invited.get_content()).walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"]) == (f"{visit.public_id}@localhost", 0)
    assert event.decoded("DTSTART") == FRIDAY
    [attached] = [part for part in wire.walk() if part.get_filename()]
    assert attached.get_filename() == "visit.ics"


def test_a_moved_visit_is_told_and_only_the_new_time_is_reminded_of(shop):
    visit = booked(shop)
    at(NOW)
    move(visit.id, FRIDAY + DAY, CUSTOMER, NOW)
    db.session.commit()
    at(NOW)
    assert "your visit is now on Saturday, December 5 at 10:00 AM" in texts(shop)[-1]
    [first, second] = [Calendar.from_ical(mail.calendar).walk("VEVENT")[0] for mail in shop.post.email.sent]
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)
    shop.post.sms.sent.clear()
    for hours in range(1, 24 * 7):
        at(NOW + hours * HOUR)
    assert [one.split(": ", 1)[1][:25] for one in texts(shop)] == [
        "see you on Saturday, Dece", "see you today at 10:00 AM", "thank you for your visit.",
    ]  # fmt: skip


def test_a_cancelled_visit_is_told_and_never_reminded_of(shop):
    visit = booked(shop)
    at(NOW)
    cancel(visit.id, CUSTOMER, NOW)
    db.session.commit()
    at(NOW)
    assert "your visit on Friday, December 4 at 10:00 AM is cancelled" in texts(shop)[-1]
    assert "METHOD:CANCEL" in shop.post.email.sent[-1].calendar
    shop.post.sms.sent.clear()
    for hours in range(1, 24 * 9):
        at(NOW + hours * HOUR)
    assert texts(shop) == []
    assert reasons(visit)["day_before", "sms"] == "The visit was cancelled"


@pytest.mark.parametrize("change", ["cancel", "move"])
def test_a_change_between_claim_and_fence_stops_the_reminder(shop, monkeypatch, change):
    visit = booked(shop)
    at(NOW)
    shop.post.sms.sent.clear()
    deliver = sending.messaging.deliver

    def meanwhile(*given):
        monkeypatch.undo()
        if change == "cancel":
            cancel(visit.id, ANNA, FRIDAY - DAY)
        else:
            move(visit.id, FRIDAY + DAY, ANNA, FRIDAY - DAY)
        db.session.commit()
        return deliver(*given)

    monkeypatch.setattr(sending.messaging, "deliver", meanwhile)
    at(FRIDAY - DAY)
    assert not [one for one in texts(shop) if "see you" in one]


def test_a_text_that_may_not_go_in_time_goes_as_an_email(shop):
    """Eight in the morning: two hours before is six, and no text goes before nine."""
    early = FRIDAY - 2 * HOUR
    for day in shop.store.hours:
        day.opens = day.opens.replace(hour=8)
    visit = booked(shop, early)
    at(NOW)
    at(early - 2 * HOUR)
    at(early - 2 * HOUR)
    assert mails(shop)[-1] == "See you on Friday, December 4 at 8:00 AM"
    assert reasons(visit)["two_hours", "sms"].startswith("Quiet hours until 9:00 AM")


def test_somebody_without_consent_to_texts_is_reminded_by_email(shop):
    record_consent(
        company_id=shop.lead.company_id, channel="sms", address=shop.maria.phone, kind="opt_out", source="STOP", at=NOW
    )
    booked(shop)
    at(NOW)
    at(FRIDAY - DAY)
    at(FRIDAY - DAY)
    assert texts(shop) == []
    when = "Friday, December 4 at 10:00 AM"
    assert mails(shop) == [f"You are booked: {when}", f"See you on {when}"]


def test_a_number_that_refuses_the_reminder_gets_it_by_email(shop):
    booked(shop)
    at(NOW)

    def refuse(outgoing):
        raise TransportError("not a mobile number", permanent=True, code="21614")

    shop.post.sms.answer = refuse
    at(FRIDAY - DAY)
    at(FRIDAY - DAY)
    assert mails(shop)[-1] == "See you on Friday, December 4 at 10:00 AM"


def test_who_books_at_night_is_told_at_night_and_who_is_moved_by_staff_in_the_morning(shop):
    late = NOW + 14 * HOUR
    visit = booked(shop, now=late)
    at(late)
    assert len(texts(shop)) == 1
    later = late + HOUR
    clock.use(lambda: later)
    move(visit.id, FRIDAY + DAY, ANNA, later, "The bay is broken")
    db.session.commit()
    at(later)
    assert (len(texts(shop)), len(mails(shop))) == (1, 2)
    at(NOW + 25 * HOUR)
    assert "your visit is now on Saturday" in texts(shop)[-1]


def test_a_visit_that_is_soon_is_not_reminded_of_what_was_just_said(shop):
    visit = booked(shop, TEN, now=TEN - 3 * HOUR, actor=ASSISTANT)
    kinds = set(db.session.scalars(select(VisitMessage.kind).where(VisitMessage.appointment_id == visit.id)))
    assert kinds == {"confirmation", "after_visit"}


def test_another_bay_is_no_news_and_keeps_the_reminders(shop):
    other = make_bay(shop.store)
    visit = booked(shop)
    at(NOW)
    move(visit.id, FRIDAY, ANNA, NOW, bay_id=other.id)
    db.session.commit()
    assert at(NOW) == 0
    at(FRIDAY - DAY)
    assert "see you on Friday" in texts(shop)[-1]


def test_after_the_visit_we_ask_how_it_went_unless_nobody_came(shop):
    kept, missed = booked(shop), booked(shop, FRIDAY + 3 * HOUR, actor=ANNA)
    done(kept.id, ANNA, FRIDAY + 2 * HOUR)
    no_show(missed.id, ANNA, FRIDAY + 4 * HOUR)
    db.session.commit()
    shop.post.sms.sent.clear()
    at(FRIDAY + DAY + HOUR)
    assert [one.split(" http")[0] for one in texts(shop)] == [
        "Tint World Coral Springs: thank you for your visit. How did it go? Tell us here:"
    ]
    assert reasons(missed)["after_visit", "sms"] == "Nobody came to the visit"


def test_staff_read_on_the_timeline_what_went_out(shop):
    booked(shop)
    at(NOW)
    said = list(db.session.scalars(select(LeadEvent.text).where(LeadEvent.kind == "visit").order_by(LeadEvent.id)))
    assert said == ["The confirmation by text was sent", "The confirmation by email was sent"]


def test_a_caller_without_a_lead_is_told_to_call(shop):
    clock.use(lambda: NOW)
    rosa = Contact("Rosa", "+19545550177", "rosa@example.com")
    wish = make_wish(shop.lead, FRIDAY, lead_id=None, contact=rosa, actor=ANNA)
    book(wish, NOW)
    db.session.commit()
    at(NOW)
    [text] = shop.post.sms.sent
    assert text.recipient == "+19545550177"
    assert "To change it, call" in text.text
    assert "session" not in text.text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "su visita queda reservada para el viernes 4 de diciembre a las 10:00 a. m."),
        ("fr", "votre visite est réservée le vendredi 4 décembre à 10 h 00"),
    ],
)
def test_it_speaks_the_customers_language(shop, language, said):
    shop.maria.language = language
    booked(shop)
    at(NOW)
    [text] = texts(shop)
    assert said in text or folded(said) in text
    assert segments(text) <= 3


def test_the_link_opens_until_two_weeks_after_the_visit(shop):
    shop.lead.link_sent_at = NOW
    far = FRIDAY + 49 * DAY
    visit = booked(shop, far)
    token = chat_token(shop.lead)
    assert lead_for_link(token, visit.ends_at + 14 * DAY)[0] is shop.lead
    with pytest.raises(LinkRefused):
        lead_for_link(token, visit.ends_at + 15 * DAY)
    cancel(visit.id, ANNA, NOW)
    with pytest.raises(LinkRefused):
        lead_for_link(token, NOW + 46 * DAY)


def reported(shop, status, code=None):
    """Twilio tells what became of the last text, as it does: after it took it."""
    delivery = db.session.scalar(select(Delivery).where(Delivery.channel == "sms").order_by(Delivery.id.desc()))
    messaging.take_status(delivery.public_id, delivery.provider_id, status, code, clock.now())
    db.session.commit()


def test_a_reminder_whose_text_did_not_arrive_goes_as_an_email(shop):
    booked(shop)
    at(NOW)
    at(FRIDAY - DAY)
    before = len(shop.post.email.sent)
    reported(shop, "undelivered", "30006")
    at(FRIDAY - DAY)
    assert [mail.subject for mail in shop.post.email.sent[before:]] == ["See you on Friday, December 4 at 10:00 AM"]


def test_a_reminder_to_a_phone_that_was_out_of_reach_is_tried_once_more(shop):
    booked(shop)
    at(NOW)
    at(FRIDAY - DAY)
    before = len(shop.post.sms.sent)
    reported(shop, "undelivered", "30003")
    at(FRIDAY - DAY + 5 * HOUR)
    assert len(shop.post.sms.sent) == before + 1


def test_of_a_visit_that_was_cancelled_meanwhile_nothing_is_tried_again(shop):
    visit = booked(shop)
    at(NOW)
    at(FRIDAY - DAY)
    reported(shop, "undelivered", "30003")
    cancel(visit.id, ANNA, clock.now())
    db.session.commit()
    at(FRIDAY - DAY + 5 * HOUR)
    assert "see you" not in shop.post.sms.sent[-1].text
