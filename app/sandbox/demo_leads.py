"""The demo's leads: taken in as every order is, then brought as far as their follow-up has come."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from app.catalog.models import Service
from app.catalog.pricing import vehicle_class
from app.chat import open_conversation
from app.chat.models import Message
from app.db import db
from app.leads.models import Lead
from app.leads.moves import move
from app.locations.models import Company
from app.messaging.models import Delivery
from app.sandbox import tables
from app.sandbox.shopmonkey import objects, orders, shapes
from app.shopmonkey import CustomerPayload, Order, OrderService, VehiclePayload
from app.sync.keeping import keep_order
from app.sync.reading import Reading
from app.touchpoints.content import first_touch
from app.touchpoints.planning import FIRST_STEP, plan

WHY = {
    "contacted": "first message sent",
    "engaged": "wrote in the chat",
    "won": "invoice paid",
    "lost": "chose another shop",
}


def load_lead(company: Company, data: dict[str, Any], at: datetime) -> Lead:
    """Place the order in the stand-in and take it in; a lead past `new` has had its first message. Does not commit."""
    order = orders.place(orders.Quote.from_data(data), at)
    kept = keep_order(company.id, _reading(order), True, at)
    assert kept is not None, "a demo order must be a lead"
    lead = kept.lead
    lead.created_at = at
    if data["stage"] == "new":
        # Followed up as any other: its first message goes out when the worker starts.
        return lead
    _send_first_touch(lead, at + timedelta(seconds=20))
    move(lead, "contacted", WHY["contacted"], at + timedelta(seconds=20))
    if "messages" in data:
        _talk(lead, data["messages"], at + timedelta(minutes=6))
    move(lead, data["stage"], WHY[data["stage"]], at + timedelta(minutes=12))
    return lead


def _reading(order: dict[str, Any]) -> Reading:
    """What the client would have read of that order over HTTP."""
    with tables.session() as opened:
        customer = objects.get(opened, "customer", order["customerId"])
        vehicle = objects.get(opened, "vehicle", order["vehicleId"])
        lines = objects.children(opened, "order_service", order["id"])
    return Reading(
        order=Order.from_json(order),
        customer=CustomerPayload.from_json(customer or {}),
        vehicle=VehiclePayload.from_json(vehicle or {}),
        services=[OrderService.from_json(line) for line in lines],
    )


def _send_first_touch(lead: Lead, at: datetime) -> None:
    customer = lead.customer
    assert customer is not None, "a demo lead has a customer"
    sms = bool(customer.phone and customer.sms_opt_in)
    channel = "sms" if sms else "email"
    content = first_touch(lead, channel)
    kept = {
        "public_id": shapes.new_id(),
        "channel": channel,
        "sender": lead.location.phone if sms else lead.location.email,
        "recipient": customer.phone if sms else customer.email,
        "subject": content.subject,
        "text": content.text,
        "html": content.html,
    }
    whose = {"company_id": lead.company_id, "location_id": lead.location_id, "lead_id": lead.id}
    delivery = Delivery(**whose, **kept, dedupe_key=f"demo:{lead.id}", purpose="first_touch", status="sent")
    delivery.created_at = delivery.sending_at = delivery.sent_at = delivery.finished_at = at
    delivery.provider, delivery.attempt = f"sandbox-{channel}", 1
    db.session.add(delivery)
    db.session.flush()
    touch_point = plan(lead, FIRST_STEP, "any", at)
    touch_point.status, touch_point.delivery_id = "done", delivery.id
    lead.link_sent_at = at
    with tables.session() as opened:
        opened.execute(insert(tables.outbox).values(**kept, headers={}, sent_at=at))
        opened.commit()


def _talk(lead: Lead, messages: list[list[str]], at: datetime) -> None:
    whose = {"company_id": lead.company_id, "location_id": lead.location_id}
    conversation = open_conversation(lead)
    conversation.last_seq, conversation.last_message_at = len(messages), at
    told = _told(lead)
    for number, (author, text) in enumerate(messages, start=1):
        message = Message(**whose, conversation_id=conversation.id, seq=number, changed_seq=number, author=author)
        message.text = text.format(**told) if author == "assistant" else text
        message.created_at = at + timedelta(seconds=3 * number)
        db.session.add(message)
    lead.opened_at = lead.first_engaged_at = at
    lead.last_ai_at = at + timedelta(seconds=6)


def _told(lead: Lead) -> dict[str, str]:
    """What the assistant's answer names: true of this store's catalogue and this vehicle."""
    asked = Service.location_id == lead.location_id, Service.shopmonkey_id == lead.services[0].canned_service_id
    service = db.session.scalars(select(Service).where(*asked)).one()
    price = service.price_for(vehicle_class(lead.vehicle.type if lead.vehicle else None))
    hours = f"{(service.duration_minutes or 0) / 60:g}"
    car = lead.vehicle.name if lead.vehicle else "vehicle"
    return {"vehicle": car, "service": service.name, "price": price.wording, "hours": hours}
