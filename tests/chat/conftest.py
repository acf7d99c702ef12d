"""A store with a lead and a conversation, committed, and a provider that the test scripts."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from app import chat
from app.ai.failover import breaker_of
from app.ai.port import Provider
from app.assistant.brief import forget_stores
from app.chat.models import Conversation
from app.db import db
from app.leads.models import Lead
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location


@dataclass
class Scene:
    """Ids of what stands in the database."""

    app: Flask
    lead_id: int
    public_id: str
    conversation_id: int
    location_id: int
    service_id: int
    answer_by: Callable[..., None]


@pytest.fixture
def scene(live_app: Flask) -> Scene:
    forget_stores()
    location = make_location()
    service = make_service(
        location, name="Ceramic Tint, Full Car", by_class={"sedan": 39900, "suv": 49900}, kind="from"
    )
    lead: Lead = make_lead(location)
    conversation: Conversation = chat.open_conversation(lead)
    db.session.commit()

    def answer_by(*providers: Provider) -> None:
        live_app.extensions["providers_for"] = lambda store: providers

    for name in ("scripted", "first", "second"):
        breaker_of(name).succeeded()
    return Scene(live_app, lead.id, lead.public_id, conversation.id, location.id, service.id, answer_by)
