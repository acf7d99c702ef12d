"""The live feed as staff get it, over real commits."""

from collections.abc import Iterator

import pytest

from app import chat
from app.db import db
from app.lib import clock
from app.live import hub
from tests.factories.accounts import make_staff, sign_in
from tests.factories.chat import make_conversation
from tests.factories.leads import make_lead
from tests.factories.locations import make_location


def events(response) -> Iterator[str]:
    """Each event or comment of the stream, as text."""
    text = ""
    for chunk in response.response:
        text += chunk.decode()
        while "\n\n" in text:
            event, _, text = text.partition("\n\n")
            yield event


def next_with(stream: Iterator[str], words: str) -> str:
    for event in stream:
        if words in event:
            return event
    raise AssertionError(f"the stream ended without {words!r}")


@pytest.fixture
def desk(live_app):
    lead = make_lead(make_location())
    ana = make_staff(lead.location)
    conversation = make_conversation(lead, ("customer", "First words"), held_by=ana)
    ids = conversation.id, lead.id, lead.public_id
    client = sign_in(live_app.test_client(), ana)
    yield client, *ids
    hub().close()


def test_staff_hear_what_they_missed_and_then_what_is_said(desk):
    client, conversation_id, lead_id, public_id = desk
    response = client.get(f"/staff/leads/{public_id}/stream?after=0", buffered=False)
    assert response.mimetype == "text/event-stream"
    stream = events(response)
    assert 'class="message message--customer"' in next_with(stream, "First words")
    chat.post_customer_message(conversation_id, lead_id, "Second <b>words</b>", "c2", "web", clock.now())
    db.session.remove()
    assert "Second &lt;b&gt;words&lt;/b&gt;" in next_with(stream, "Second")
    response.close()


def test_a_stream_goes_on_after_the_last_event_the_browser_has(desk):
    client, conversation_id, lead_id, public_id = desk
    chat.post_customer_message(conversation_id, lead_id, "Second words", "c2", "web", clock.now())
    db.session.remove()
    response = client.get(f"/staff/leads/{public_id}/stream?after=0", headers={"Last-Event-ID": "1.0"}, buffered=False)
    first = next(event for event in events(response) if event.startswith("id:"))
    assert "Second words" in first
    response.close()
