"""The one way out for SMS and email: queue a delivery, pass the fence, keep the outcome and the consent."""

from app.messaging.bad_numbers import bad_number, forget_bad, mark_bad
from app.messaging.consents import may_send, record_consent
from app.messaging.events import (
    ConsentChanged,
    DeliveryFailed,
    DeliveryNotSent,
    DeliveryPostponed,
    DeliverySent,
    DeliveryUnknown,
)
from app.messaging.fence import deliver
from app.messaging.jobs import reconcile
from app.messaging.ledger import queue, texted
from app.messaging.places import Place
from app.messaging.port import EmailTransport, Outgoing, Sent, SmsTransport, TransportError
from app.messaging.reaching import may_reach
from app.messaging.statuses import take_status
from app.messaging.transports import Transports, transports

__all__ = [
    "ConsentChanged",
    "DeliveryFailed",
    "DeliveryNotSent",
    "DeliveryPostponed",
    "DeliverySent",
    "DeliveryUnknown",
    "EmailTransport",
    "Outgoing",
    "Place",
    "Sent",
    "SmsTransport",
    "TransportError",
    "Transports",
    "bad_number",
    "deliver",
    "forget_bad",
    "mark_bad",
    "may_reach",
    "may_send",
    "queue",
    "reconcile",
    "record_consent",
    "take_status",
    "texted",
    "transports",
]
