"""The machines' front door: verify, store each delivery once, claim it, hand it to its room."""

from app.webhooks.forgetting import forget_old
from app.webhooks.jobs import Handler, Handlers, MessageHandlers, process_events, retry_store, retry_unknown
from app.webhooks.secrets import init_webhooks, senders

__all__ = [
    "Handler",
    "Handlers",
    "MessageHandlers",
    "forget_old",
    "init_webhooks",
    "process_events",
    "retry_store",
    "retry_unknown",
    "senders",
]
