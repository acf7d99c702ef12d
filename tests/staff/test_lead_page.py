from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.ai.models import ProviderCall
from app.chat.models import Conversation, Message, Reply
from app.db import db
from app.leads.models import LeadEvent, RequestedService
from app.leads.timeline import note
from app.messaging import queue
from tests.factories.accounts import make_staff, sign_in
from tests.factories.catalog import make_service
from tests.factories.chat import make_conversation

MESSAGE_ID = "0f" * 16

HTMX = {"HX-Request": "true"}


@pytest.fixture
def base(cast):
    return f"/staff/leads/{cast.lead.public_id}"


def conversation_of(lead):
    db.session.expire_all()
    return db.session.scalars(select(Conversation).where(Conversation.lead_id == lead.id)).one()


def said(lead):
    rows = select(Message.author, Message.author_name, Message.text).where(
        Message.conversation_id == conversation_of(lead).id
    )
    return [tuple(row) for row in db.session.execute(rows.order_by(Message.seq))]


def deeds():
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_the_page_shows_the_conversation_and_listens_from_where_it_ends(desk, cast, base):
    make_conversation(cast.lead, ("customer", "How much for a Camry?"), ("assistant", "**From $399**"))
    page = desk.get(base).text
    assert "How much for a Camry?" in page
    assert "<strong>From $399</strong>" in page
    assert f"{base}/stream?after=2" in page
    assert "Lea Ortiz" in page


def test_the_panel_tells_what_was_asked_sent_and_spent(desk, cast, base):
    make_service(cast.store, shopmonkey_id="canned-1", kind="from", low_cents=19900, name="Windshield")
    cast.lead.services = [
        RequestedService(shopmonkey_id="line-1", name="Full car", price_cents=39900),
        RequestedService(shopmonkey_id="line-2", name="Windshield", canned_service_id="canned-1", position=1),
    ]
    note(cast.lead.id, "created", "Order 1001 came in", "system", datetime.now(UTC))
    of_lead = {"company_id": cast.lead.company_id, "location_id": cast.lead.location_id}
    delivery = queue(
        **of_lead, lead_id=cast.lead.id, channel="sms", purpose="touch_point", recipient="+19545550111",
        text="Hi", dedupe_key="touch-1",
    )  # fmt: skip
    delivery.status, delivery.reason = "not_sent", "The store is not live yet"
    conversation = make_conversation(cast.lead, ("customer", "Hi"))
    reply = Reply(**of_lead, conversation_id=conversation.id, to_seq=1, status="done")
    db.session.add(reply)
    db.session.flush()
    call = {
        **of_lead,
        "reply_id": reply.id,
        "provider": "anthropic",
        "model": "claude",
        "outcome": "ok",
        "total_ms": 900,
    }
    db.session.add(ProviderCall(**call, model_served="claude-served", cost=Decimal("0.0123"), first_token_ms=412))
    db.session.add(ProviderCall(**{**call, "outcome": "error"}))
    db.session.commit()
    panel = desk.get(f"{base}/panel").text
    for words in ("$399", "from $199", "Order 1001 came in", "The store is not live yet", "Not sent"):
        assert words in panel
    for words in ("claude-served", "first word 412 ms", "$0.0123", "cost unknown", "2 calls", "cost unknown for 1"):
        assert words in panel


def test_a_lead_nobody_has_talked_with_has_a_page_and_makes_no_conversation(desk, cast, base):
    response = desk.get(base)
    assert response.status_code == 200
    assert "No messages yet" in response.text
    assert db.session.scalar(select(Conversation.id)) is None
    assert desk.get(f"{base}/stream").status_code == 204
    assert "hx-post" not in response.text.split('id="controls"')[1].split("</form>")[0]


def test_taking_over_answering_and_handing_back(desk, cast, base):
    make_conversation(cast.lead, ("customer", "Is anybody there?"), waiting_since=datetime.now(UTC))
    assert "composer" not in desk.get(base).text.split('id="controls"')[1].split("<template")[0]

    taken = desk.post(f"{base}/takeover", headers=HTMX)
    assert taken.status_code == 200
    assert "composer-text" in taken.text
    held = conversation_of(cast.lead)
    assert (held.holder, held.held_by, held.waiting_since) == ("staff", cast.ana.id, None)

    answer = desk.post(f"{base}/messages", data={"message": "I am!", "client_message_id": MESSAGE_ID}, headers=HTMX)
    assert answer.status_code == 200
    assert f'id="message-{MESSAGE_ID}"' in answer.text
    assert ("staff", "Ana", "I am!") in said(cast.lead)

    back = desk.post(f"{base}/handback", headers=HTMX)
    assert "Take over" in back.text
    assert conversation_of(cast.lead).holder == "assistant"
    assert deeds() == ["signed in", "took over", "answered", "handed back"]
    told = list(db.session.scalars(select(LeadEvent.text).order_by(LeadEvent.id)))
    assert told == ["Ana took the conversation over", "Ana handed the conversation back to the assistant"]


def test_the_same_works_as_plain_forms(desk, cast, base):
    assert desk.post(f"{base}/takeover").location == base
    assert desk.post(f"{base}/messages", data={"message": "Hello Lea"}).location == base
    assert ("staff", "Ana", "Hello Lea") in said(cast.lead)
    assert "Hello Lea" in desk.get(base).text
    assert desk.post(f"{base}/handback").location == base


def test_answering_while_the_assistant_holds_is_refused_in_words(desk, cast, base):
    make_conversation(cast.lead, ("customer", "Hi"))
    for headers in ({}, HTMX):
        response = desk.post(f"{base}/messages", data={"message": "Wait, I know better"}, headers=headers)
        assert response.status_code == 409
        assert "Take it over to answer" in response.text
    assert [author for author, _, _ in said(cast.lead)] == ["customer"]
    assert "answered" not in deeds()


def test_an_empty_answer_is_refused_in_words(desk, cast, base):
    desk.post(f"{base}/takeover")
    response = desk.post(f"{base}/messages", data={"message": "  "}, headers=HTMX)
    assert response.status_code == 422
    assert "Write a message first" in response.text


def test_a_refused_long_answer_is_still_in_the_form(desk, cast, base):
    desk.post(f"{base}/takeover")
    response = desk.post(f"{base}/messages", data={"message": "tint " * 900})
    assert response.status_code == 422
    assert "tint tint" in response.text.split("<textarea")[1]


def test_sending_the_same_answer_twice_makes_one_message_and_one_audit_row(desk, cast, base):
    desk.post(f"{base}/takeover")
    for _ in range(2):
        response = desk.post(
            f"{base}/messages", data={"message": "Once", "client_message_id": MESSAGE_ID}, headers=HTMX
        )
        assert response.status_code == 200
    assert [text for _, _, text in said(cast.lead)].count("Once") == 1
    assert deeds().count("answered") == 1


def test_taking_over_twice_is_one_takeover(desk, cast, base):
    for _ in range(2):
        assert desk.post(f"{base}/takeover", headers=HTMX).status_code == 200
    assert deeds().count("took over") == 1


def test_a_colleague_sees_who_answers_and_can_take_over_from_them(desk, app, cast, base):
    desk.post(f"{base}/takeover")
    sam = sign_in(app.test_client(), make_staff(cast.store, "store_manager"))
    assert "Take over from Ana" in sam.get(base).text
    sam.post(f"{base}/takeover")
    assert conversation_of(cast.lead).holder_name == "Sam"
    assert "Sam answers" in desk.get(f"{base}/controls").text


def test_the_controls_are_left_alone_while_somebody_writes(desk, cast, base):
    controls = desk.post(f"{base}/takeover", headers=HTMX).text
    shown = controls.split('"shown": "')[1].split('"')[0]
    assert desk.get(f"{base}/controls?shown={shown}", headers=HTMX).status_code == 204
    desk.post(f"{base}/handback")
    assert desk.get(f"{base}/controls?shown={shown}", headers=HTMX).status_code == 200


def test_earlier_messages_come_by_pages(desk, cast, base):
    make_conversation(cast.lead, *(("customer", f"Message number {n}") for n in range(1, 61)))
    page = desk.get(base).text
    assert "Message number 10<" not in page.replace("\n", "")
    assert f"{base}/messages?before=11" in page
    older = desk.get(f"{base}/messages?before=11", headers=HTMX).text
    assert "Message number 10" in older
    assert "Earlier messages" not in older


def test_the_dashboard_is_of_one_language_whatever_the_browser_prefers(desk, base):
    page = desk.get(base, headers={"Accept-Language": "es"}).text
    assert '<html lang="en">' in page
