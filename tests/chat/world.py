"""Maria, who texts and writes; her store's number; and fakes that carry what is answered."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from app import chat
from app.chat.models import Message
from app.db import db
from app.leads.models import Lead
from app.locations.models import LocationSettings
from app.messaging.models import Delivery
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_company, make_location

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
NUMBER = "+19545550100"


@dataclass
class World:
    """Ids of what stands in the database, committed."""

    app: Flask
    lead_id: int
    phone: str
    email: str
    conversation_id: int
    company_id: int

    def messages(self) -> list[Message]:
        db.session.rollback()
        said = select(Message).where(Message.conversation_id == self.conversation_id)
        return list(db.session.scalars(said.order_by(Message.seq).execution_options(populate_existing=True)))

    def deliveries(self) -> list[Delivery]:
        db.session.rollback()
        return list(
            db.session.scalars(select(Delivery).order_by(Delivery.id).execution_options(populate_existing=True))
        )

    def lead(self) -> Lead:
        db.session.rollback()
        return db.session.get_one(Lead, self.lead_id, populate_existing=True)


def make_world(app: Flask, **given: object) -> World:
    company = make_company(mail_inbound_secret="mail-secret")
    location = make_location(company, settings=LocationSettings(sms_number=NUMBER, mail_from="hello@tint.example.com"))
    customer = make_customer(company, phone="+19545550101", email="maria@example.com", **given)
    lead = make_lead(location, customer=customer)
    conversation = chat.open_conversation(lead)
    db.session.commit()
    return World(app, lead.id, customer.phone, customer.email, conversation.id, company.id)
