"""One person's whole record: complete, told to nobody else, and written down that it was read."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app import messaging
from app.accounts.models import AuditEntry
from app.booking import book
from app.chat.models import Message
from app.db import db
from app.leads.timeline import note
from app.touchpoints.planning import plan
from tests.factories.accounts import make_staff, sign_in
from tests.factories.booking import NOW, make_bay, make_wish
from tests.factories.chat import make_conversation
from tests.factories.leads import make_lead
from tests.factories.messaging import make_delivery

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)


@pytest.fixture
def sam(app, cast):
    return sign_in(app.test_client(), make_staff(cast.store, "store_manager"))


@pytest.fixture
def written(cast):
    """A lead to whom everything has happened."""
    lead = cast.lead
    messaging.record_consent(
        company_id=lead.company_id, location_id=lead.location_id, channel="sms", address=lead.customer.phone,
        kind="opt_out", source="SMS", wording="please stop <b>texting</b>", at=NOON,
    )  # fmt: skip
    delivery = make_delivery(lead, purpose="touch_point", text="See http://localhost/session?token=secret-token.x")
    delivery.status, delivery.reason = "not_sent", "Opted out of texts"
    plan(lead, 0, "any", NOON).skip("Opted out of texts")
    conversation = make_conversation(lead)
    conversation.last_seq = 1
    db.session.add(
        Message(
            company_id=lead.company_id, location_id=lead.location_id, conversation_id=conversation.id, seq=1,
            changed_seq=1, author="customer", text="Do you tint vans?",
        )
    )  # fmt: skip
    note(lead.id, "opt_out", "Said STOP", "customer", NOON)
    db.session.commit()
    return lead


def test_the_file_holds_everything_and_no_link_that_opens_the_chat(sam, written):
    answer = sam.get(f"/staff/leads/{written.public_id}/record.json")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="record-{written.public_id}.json"'
    record = json.loads(answer.data)
    assert record["person"]["phones"] == [written.customer.phone]
    opt_out = record["consents"][-1]
    assert (opt_out["kind"], opt_out["source"], opt_out["wording"]) == ("opt_out", "SMS", "please stop <b>texting</b>")
    assert record["consents"][0]["source"] == "ShopMonkey opt-in"
    [delivery] = record["deliveries"]
    assert (delivery["status"], delivery["reason"]) == ("not_sent", "Opted out of texts")
    assert [one["text"] for one in record["messages"]] == ["Do you tint vans?"]
    assert [one["reason"] for one in record["touch_points"]] == ["Opted out of texts"]
    assert record["timeline"][-1]["text"] == "Said STOP"
    assert b"secret-token" not in answer.data


def test_it_can_be_read_and_nothing_in_it_is_markup(sam, written):
    page = sam.get(f"/staff/leads/{written.public_id}/record").text
    for words in ("said no to texts", "Do you tint vans?", "not sent, Opted out of texts", "never answered"):
        assert words in page
    assert "<b>texting</b>" not in page


def test_who_read_it_is_kept(sam, written):
    sam.get(f"/staff/leads/{written.public_id}/record")
    sam.get(f"/staff/leads/{written.public_id}/record.json")
    kept = db.session.execute(select(AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id)).all()[-2:]
    subject = f"lead:{written.public_id}"
    assert kept == [("read the record of", subject), ("exported the record of", subject)]


def test_an_advisor_and_another_stores_manager_do_not_get_it(app, desk, cast, written):
    boulder = sign_in(app.test_client(), make_staff(cast.other_store, "store_manager"))
    for path in ("record", "record.json"):
        assert desk.get(f"/staff/leads/{written.public_id}/{path}").status_code == 403
        assert boulder.get(f"/staff/leads/{written.public_id}/{path}").status_code == 404


def test_a_manager_reads_of_their_own_stores_and_the_franchise_of_all(app, sam, cast, written):
    elsewhere = make_lead(cast.other_store, customer=written.customer, order_number="B-77")
    messaging.record_consent(
        company_id=written.company_id, location_id=cast.other_store.id, channel="sms",
        address=written.customer.phone, kind="opt_in", source="Boulder's form", at=NOON,
    )  # fmt: skip
    make_delivery(elsewhere, purpose="touch_point", text="From Boulder")
    db.session.commit()
    path = f"/staff/leads/{written.public_id}/record.json"
    own = sam.get(path)
    assert b"From Boulder" not in own.data
    assert b"B-77" not in own.data
    assert json.loads(own.data)["consents"][-1]["location_id"] == "another store"
    everything = sign_in(app.test_client(), make_staff(cast.store, "franchise_admin")).get(path)
    assert b"From Boulder" in everything.data
    assert json.loads(everything.data)["consents"][-1]["location_id"] == cast.other_store.id


def test_the_command_prints_it_as_text_and_as_json(app, written):
    run = app.test_cli_runner().invoke
    told = run(args=["records", "export", written.public_id])
    assert "said no to texts" in told.output
    assert json.loads(run(args=["records", "export", written.public_id, "--json"]).output)["leads"]
    missing = run(args=["records", "export", "nobody"])
    assert missing.exit_code == 1
    assert "there is no lead nobody" in missing.output


def test_what_became_of_messages_and_visits_belongs_to_it_on_the_stores_clock(app, sam, written):
    delivery = make_delivery(written, channel="email", purpose="touch_point")
    delivery.status, delivery.provider_id = "sent", "<mail@tint.example.com>"
    messaging.take_status(delivery.public_id, "<mail@tint.example.com>", "undelivered", "5.1.1", NOON)
    messaging.mark_bad(written.company_id, written.customer.email, "5.1.1", NOON)
    make_bay(written.location)
    book(make_wish(written), NOW)
    db.session.commit()
    record = json.loads(sam.get(f"/staff/leads/{written.public_id}/record.json").data)
    assert [(one["status"], one["error_code"]) for one in record["delivery_reports"]] == [("undelivered", "5.1.1")]
    assert [one["address"] for one in record["mailboxes_that_take_no_mail"]] == [written.customer.email]
    assert [one["change"] for one in record["visit_changes"]] == ["booked"]
    page = sam.get(f"/staff/leads/{written.public_id}/record").text
    for words in ("2026-11-24 12:00 EST: undelivered, error 5.1.1", "2026-12-01 10:00 EST: booked"):
        assert words in page
    assert " UTC" not in page
