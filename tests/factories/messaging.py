"""Deliveries, and transports that remember."""

from collections.abc import Callable
from itertools import count

from flask import Flask

from app import messaging
from app.leads.models import Lead
from app.messaging.fake import FakeTransport
from app.messaging.models import Delivery
from app.messaging.quiet_hours import Limits
from app.messaging.transports import Transports, unlimited
from tests.factories.leads import make_lead

_numbers = count(1)


class Post(Transports):
    """The transports of a test: `sms` and `email` are fakes that count as reaching people."""

    sms: FakeTransport
    email: FakeTransport


def use_fakes(
    app: Flask, *, live: bool = True, limits_of: Callable[[int], Limits] = unlimited, **given: object
) -> Post:
    """Let `app` send through fakes; every store is live unless told otherwise."""
    post = Post(FakeTransport("twilio", **given), FakeTransport("smtp"), lambda location_id: live, limits_of)
    app.extensions["messaging"] = post
    return post


def make_delivery(lead: Lead | None = None, **given: object) -> Delivery:
    """A queued answer by SMS to the lead's customer, unless told otherwise."""
    lead = lead or make_lead()
    channel = given.get("channel", "sms")
    return messaging.queue(
        **{
            "company_id": lead.company_id,
            "location_id": lead.location_id,
            "lead_id": lead.id,
            "channel": channel,
            "purpose": "answer",
            "recipient": lead.customer.phone if channel == "sms" else lead.customer.email,
            "text": "We open at nine.",
            "dedupe_key": f"delivery-{next(_numbers)}",
            **given,
        }
    )
