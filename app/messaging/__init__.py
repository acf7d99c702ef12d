"""The one way out for SMS and email: queue a delivery, pass the fence, keep the outcome and the consent.

To read first, in the order of a message's life: `ledger.queue`, `fence.deliver`, `record.write_outcome`;
`jobs.reconcile` where nobody saw the end, `statuses.take_status` for what the provider tells later. The fence asks
`reaching` (bad numbers and the consent ledger), `gate` (who may be reached at all), `quiet_hours` over the table in
`law`, and `waiting` (the most in 24 hours). `opt_out_words.read` says what a person's own words wish,
`mail_reading.read_mail` what an email is.
"""

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
